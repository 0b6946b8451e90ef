"""What the people app tells the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class TeamEvent(Event):
    """Something happened to a team."""

    team_id: int
    parent_id: int | None = None
    lead_id: int | None = None


class TeamCreated(TeamEvent):
    """A team was founded."""

    name: ClassVar[str] = "team.created"


class TeamAmended(TeamEvent):
    """A team got another name, lead or place in the tree."""

    name: ClassVar[str] = "team.amended"
    changed: list[str] = []
    former_parent_id: int | None = None
    former_lead_id: int | None = None


class PersonEvent(Event):
    """Something happened to a person who works here."""

    person_id: int
    team_id: int | None = None
    role: str = ""


class PersonJoined(PersonEvent):
    """Somebody can sign in from now on."""

    name: ClassVar[str] = "person.joined"


class PersonAmended(PersonEvent):
    """A person's role, team or details changed."""

    name: ClassVar[str] = "person.amended"
    changed: list[str] = []
    former_role: str = ""
    former_team_id: int | None = None


class PersonDeactivated(PersonEvent):
    """Somebody left: their sessions and tokens ended at once."""

    name: ClassVar[str] = "person.deactivated"
    tokens_revoked: int = 0


class PersonReactivated(PersonEvent):
    """Somebody who had left may sign in again."""

    name: ClassVar[str] = "person.reactivated"


class PersonHandedOver(PersonEvent):
    """Everything that somebody owned went to somebody else."""

    name: ClassVar[str] = "person.handed_over"
    to_id: int
    counts: dict[str, int] = {}


class PersonPasswordChanged(PersonEvent):
    """A person chose another password; all their other sessions ended."""

    name: ClassVar[str] = "person.password_changed"


class PersonPasswordLinkIssued(PersonEvent):
    """An administrator made a link with which somebody chooses a new password."""

    name: ClassVar[str] = "person.password_link_issued"


class PersonSignedIn(PersonEvent):
    """A person signed in to the pages."""

    name: ClassVar[str] = "person.signed_in"


class PersonSessionsEnded(PersonEvent):
    """A person ended sessions of theirs on other devices."""

    name: ClassVar[str] = "person.sessions_ended"
    count: int = 0


class InvitationEvent(Event):
    """Something happened to an offer to join."""

    links: ClassVar[tuple[str, ...]] = ("person",)
    invitation_id: int
    person_id: int | None = None
    team_id: int | None = None
    role: str = ""


class InvitationSent(InvitationEvent):
    """Somebody was asked to join."""

    name: ClassVar[str] = "invitation.sent"


class InvitationAccepted(InvitationEvent):
    """Somebody followed their invitation and joined."""

    name: ClassVar[str] = "invitation.accepted"


class InvitationWithdrawn(InvitationEvent):
    """An offer to join no longer stands."""

    name: ClassVar[str] = "invitation.withdrawn"


class TokenEvent(Event):
    """Something happened to a program's key."""

    links: ClassVar[tuple[str, ...]] = ("person",)
    token_id: int
    person_id: int
    scope: str = ""


class TokenCreated(TokenEvent):
    """A program may act as a person from now on."""

    name: ClassVar[str] = "token.created"


class TokenRevoked(TokenEvent):
    """A program's key no longer opens anything."""

    name: ClassVar[str] = "token.revoked"


class TokenUsed(TokenEvent):
    """A program's key was used for the first time on a day."""

    name: ClassVar[str] = "token.used"
