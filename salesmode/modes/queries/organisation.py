"""The tree of teams, and who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from salesmode.kernel.here import remember
from salesmode.people.models import Person, Team


@dataclass(frozen=True)
class Tree:
    """Every team, by its key, with those inside it."""

    teams: dict[int, Team]
    children: dict[int | None, list[int]] = field(default_factory=dict)

    def below(self, team_id: int | None) -> list[int]:
        """Return a team and those inside it; the company is all teams."""
        if team_id is None:
            return list(self.teams)
        return [team_id, *(each for child in self.children.get(team_id, []) for each in self.below(child))]

    def above(self, team_id: int | None) -> list[int | None]:
        """Return a team, those around it, and the company (None) last: where a setting may come from, nearest first."""
        chain: list[int | None] = []
        while team_id is not None and team_id in self.teams and team_id not in chain:
            chain.append(team_id)
            team_id = self.teams[team_id].parent_id
        return [*chain, None]


def tree() -> Tree:
    """Return the tree of teams, read once for each request. One query."""
    return remember("modes.tree", _read)


def _read() -> Tree:
    teams = {team.pk: team for team in Team.objects.select_related("lead").order_by("name", "pk")}
    children: dict[int | None, list[int]] = {}
    for team in teams.values():
        children.setdefault(team.parent_id, []).append(team.pk)
    return Tree(teams, children)


def selling_teams() -> list[Team]:
    """Return the teams in which somebody sells, by name."""
    sellers = Person.objects.active().filter(role=Person.Role.SELLER).exclude(team=None)
    peopled = set(sellers.values_list("team", flat=True))
    return [team for team in tree().teams.values() if team.pk in peopled]


def people_of(team_ids: Sequence[int], who: str, *, first: date) -> list[Person]:
    """Return whose doing it is in some teams: sellers, leads, or both; who left before a day is left out. One query."""
    leads = [team.lead for team in tree().teams.values() if team.pk in set(team_ids) and team.lead is not None]
    if who == "leads":
        return sorted({lead.pk: lead for lead in leads}.values(), key=lambda each: (each.name, each.pk))
    sellers = Person.objects.people().filter(team__in=list(team_ids), role=Person.Role.SELLER).order_by("name", "pk")
    there = [each for each in sellers if each.deactivated_at is None or each.deactivated_at.date() > first]
    if who == "members":
        known = {each.pk for each in there}
        there += [lead for lead in leads if lead.pk not in known]
    return there
