"""What the pages about people show."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from salesmode.kernel.refusals import NotFound
from salesmode.people import permissions
from salesmode.people.handover import Belongings, belongings_of
from salesmode.people.models import ApiToken, Invitation, Person, Team
from salesmode.people.models.access import InvitationOver, fingerprint


@dataclass
class Branch:
    """A team in the tree, with its people and the teams inside it."""

    team: Team
    members: int = 0
    depth: int = 0
    below: list["Branch"] = field(default_factory=list)

    @property
    def everyone(self) -> int:
        """How many people work in this team and in those below."""
        return self.members + sum(branch.everyone for branch in self.below)


def team_tree(*, seen_by: Person) -> list[Branch]:
    """Return the company's teams, each followed by the teams inside it. Two queries, however many teams."""
    teams = list(Team.objects.select_related("lead").order_by("name", "id"))
    sizes = Counter(Person.objects.active().exclude(team=None).values_list("team_id", flat=True))
    branches = {team.pk: Branch(team, sizes[team.pk]) for team in teams}
    for team in teams:
        if team.parent_id is not None:
            branches[team.parent_id].below.append(branches[team.pk])
    in_order: list[Branch] = []

    def walk(branch: Branch, depth: int) -> None:
        branch.depth = depth
        in_order.append(branch)
        for child in branch.below:
            walk(child, depth + 1)

    for team in teams:
        if team.parent_id is None:
            walk(branches[team.pk], 0)
    return in_order


def standing_invitations(*, at: datetime) -> list[Invitation]:
    """Return the offers to join that nobody has followed yet. One query."""
    return list(Invitation.objects.standing(at=at).select_related("team").order_by("-created_at", "-id"))


def invitation_behind(secret: str, *, at: datetime) -> Invitation:
    """Return the offer that a link's secret stands for. One query.

    Raises InvitationOver for one that no longer stands, or never did.
    """
    found = Invitation.objects.standing(at=at).filter(token_hash=fingerprint(secret)).first()
    if found is None:
        raise InvitationOver
    return found


def tokens_of(person: Person) -> list[ApiToken]:
    """Return a person's keys, the newest first, revoked ones included. One query."""
    return list(person.tokens.order_by("revoked_at", "-created_at", "-id")[:200])


BROWSERS = {"Edg": "Edge", "MicroMessenger": "WeChat", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SignedIn:
    """One place where a person is signed in."""

    row: UserSession

    @property
    def device(self) -> str:
        """Return the browser and the system, as far as it says."""
        said = self.row.user_agent
        browser = next((name for mark, name in BROWSERS.items() if mark in said), "")
        system = next((name for mark, name in SYSTEMS.items() if mark in said), "")
        return " · ".join(part for part in (browser, system) if part) or _("Unknown device")


def sessions_of(person: Person) -> list[SignedIn]:
    """Return where a person is signed in, the latest first. One query."""
    rows = UserSession.objects.filter(user=person).order_by("-last_seen_at", "-id")[:100]
    return [SignedIn(row) for row in rows]


def session_key_of(person: Person, session_id: str | None) -> str | None:
    """Return the key of one of a person's own sessions; None when none is named. One query.

    Raises NotFound for a session that is not theirs.
    """
    if not session_id:
        return None
    found = UserSession.objects.filter(user=person, pk=session_id).first() if session_id.isdecimal() else None
    if found is None:
        raise NotFound
    return found.session_key


def second_factors_of(person: Person) -> set[str]:
    """Return the kinds of second factors that a person has set up. One query."""
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def what_they_own(person: Person) -> list[tuple[Belongings, int]]:
    """Return what somebody owns, kind by kind, leaving out what they own none of. One query for each kind."""
    return [(each, count) for each, count in belongings_of(person) if count]


@dataclass(frozen=True)
class Rule:
    """One line of permissions.toml: an operation, and for each role the records it may be done to."""

    operation: str
    cells: list[frozenset[str]]

    @property
    def verb(self) -> str:
        """Return what the operation is called."""
        return permissions.word_for(self.operation)


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one app."""

    app: str
    rules: list[Rule]

    @property
    def title(self) -> str:
        """Return what the app is called."""
        return permissions.word_for(self.app)


def permission_rules(*, role: str = "", app: str = "") -> tuple[list[str], list[RuleGroup]]:
    """Return the roles and, app by app, what each may do: permissions.toml as it stands. No queries."""
    roles = [role] if role in permissions.ROLES else list(permissions.ROLES)
    groups: dict[str, list[Rule]] = {}
    for operation, cells in permissions.matrix().items():
        name = operation.partition(".")[0]
        if app and name != app:
            continue
        rule = Rule(operation, [cells.get(each, frozenset()) for each in roles])
        if len(roles) > 1 or rule.cells[0]:
            groups.setdefault(name, []).append(rule)
    return roles, [RuleGroup(name, rules) for name, rules in groups.items()]


def permission_apps() -> list[tuple[str, str]]:
    """Return the apps that permissions.toml speaks about, each with what it is called. No queries."""
    names = dict.fromkeys(operation.partition(".")[0] for operation in permissions.matrix())
    return [(name, permissions.word_for(name)) for name in names]


def class_labels() -> dict[str, str | Promise]:
    """Return what each class of records is called. No queries."""
    return {
        "new": _("New records"),
        "own": _("Own"),
        "subordinate": _("Of people below"),
        "team_mate": _("Of team-mates"),
        "shared": _("Shared"),
        "pool": _("Of nobody"),
        "other_team": _("Of other teams"),
        "company": _("The company's"),
    }
