"""Whose pipeline is looked at: everybody's whom the viewer sees, a team's with the teams inside it, or one person's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids


@dataclass(frozen=True)
class Scope:
    """A choice of whose deals count: a code for the address, a label, and the owners (none for everybody)."""

    code: str
    label: str
    owners: frozenset[int] | None
    team_id: int | None = None
    person_id: int | None = None


@dataclass
class Tree:
    """The company as a viewer sees it: teams in their order, people by team. Three queries."""

    viewer: Person
    teams: dict[int, Team] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    seen: frozenset[int] | None = None

    @classmethod
    def of(cls, viewer: Person) -> "Tree":
        """Read the teams, and the people whose records the viewer sees."""
        ids = seen_owner_ids(viewer)
        people = Person.objects.people().order_by("name", "pk").defer("password")
        if ids is not None:
            people = people.filter(pk__in=ids)
        teams = {team.pk: team for team in Team.objects.order_by("name", "pk")}
        found = {person.pk: person for person in people}
        return cls(viewer, teams, found, None if ids is None else frozenset(ids))

    @cached_property
    def children(self) -> dict[int | None, list[int]]:
        """Return the teams directly inside each team; None for those at the top."""
        inside: dict[int | None, list[int]] = {}
        for team in self.teams.values():
            inside.setdefault(team.parent_id, []).append(team.pk)
        return inside

    def below(self, team_id: int) -> list[int]:
        """Return a team and all teams inside it, depth first."""
        return [team_id, *(each for child in self.children.get(team_id, ()) for each in self.below(child))]

    def chain(self, team_id: int | None) -> list[int]:
        """Return a team and those it is part of, the nearest first."""
        found: list[int] = []
        while team_id is not None and team_id in self.teams and team_id not in found:
            found.append(team_id)
            team_id = self.teams[team_id].parent_id
        return found

    def members(self, team_id: int) -> list[Person]:
        """Return the people directly in a team, as far as the viewer sees them."""
        return [person for person in self.people.values() if person.team_id == team_id]

    def owners_in(self, team_id: int) -> frozenset[int]:
        """Return everybody in a team and the teams inside it, as far as the viewer sees them."""
        teams = set(self.below(team_id))
        return frozenset(person.pk for person in self.people.values() if person.team_id in teams)

    def shown_teams(self) -> list[tuple[int, int]]:
        """Return the teams that hold anybody whom the viewer sees, in order, each with its depth."""
        found: list[tuple[int, int]] = []

        def walk(parent: int | None, depth: int) -> None:
            for key in self.children.get(parent, ()):
                shown = bool(self.owners_in(key))
                if shown:
                    found.append((key, depth))
                walk(key, depth + shown)

        walk(None, 0)
        return found


def scopes(tree: Tree) -> list[Scope]:
    """Return the choices of whose pipeline to look at, the widest first. No query."""
    viewer = tree.viewer
    own = [_person(person, viewer) for person in tree.people.values()]
    if not viewer.sees_all and viewer.role != Person.Role.MANAGER:
        return [each for each in own if each.person_id == viewer.pk]
    first = Scope("company", _("Company") if viewer.sees_all else _("All I look after"), tree.seen)
    teams = [Scope(f"team:{key}", tree.teams[key].name, tree.owners_in(key), key) for key, _depth in tree.shown_teams()]
    active = {person.pk for person in tree.people.values() if person.is_active and (person.team_id or person == viewer)}
    return [first, *teams, *(each for each in own if each.person_id in active)]


def _person(person: Person, viewer: Person) -> Scope:
    label = _("%(name)s (me)") % {"name": person.name} if person.pk == viewer.pk else person.name
    return Scope(f"person:{person.pk}", label, frozenset({person.pk}), None, person.pk)


def scope_called(code: str, offered: Sequence[Scope]) -> Scope:
    """Return the scope that an address names, or the first; raises Invalid for one the viewer does not have."""
    if not code and offered:
        return offered[0]
    for scope in offered:
        if scope.code == code:
            return scope
    raise Invalid({"scope": [_("There is nobody there whose numbers you may see.")]})
