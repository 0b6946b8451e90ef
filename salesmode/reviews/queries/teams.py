"""Teams with those inside them, and who answers for somebody."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from salesmode.people.models import Person, Team
from salesmode.reviews.models import ReviewCycle

REVIEWED_ROLES = (Person.Role.SELLER, Person.Role.MANAGER)


def below(team: Team) -> list[int]:
    """Return a team and all those inside it. One query."""
    children: dict[int | None, list[int]] = {}
    for key, parent in Team.objects.values_list("pk", "parent"):
        children.setdefault(parent, []).append(key)
    found, waiting = [], [team.pk]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting += children.get(here, [])
    return found


def reviewed_people(team: Team | None) -> list[Person]:
    """Return who is reviewed in a team and those inside it, or in the company. Two queries."""
    people = Person.objects.active().filter(role__in=REVIEWED_ROLES)
    if team is not None:
        people = people.filter(team__in=below(team))
    return list(people.select_related("team").order_by("name", "pk"))


def leader_of(person: Person, teams: Mapping[int, Team]) -> int | None:
    """Return who answers for somebody: the lead of their team, for a lead the one of the team above."""
    key = person.team_id
    while key is not None:
        team = teams[key]
        if team.lead_id is not None and team.lead_id != person.pk:
            return team.lead_id
        key = team.parent_id
    return None


def cycle_for(team: Team | None, *, on: date) -> ReviewCycle | None:
    """Return how often a team is reviewed on a day: its own cycle, else that of the team above, else the company's."""
    holding = ReviewCycle.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    cycles = {cycle.team_id: cycle for cycle in holding.select_related("template", "team")}
    teams = Team.objects.in_bulk() if team is not None else {}
    key = team.pk if team is not None else None
    while key is not None and key not in cycles:
        key = teams[key].parent_id
    return cycles.get(key)


def people_of_cycle(cycle: ReviewCycle, *, on: date) -> list[Person]:
    """Return whom a cycle is about: those of its team for whom no nearer one holds."""
    return [
        person
        for person in reviewed_people(cycle.team)
        if (found := cycle_for(person.team, on=on)) is not None and found.pk == cycle.pk
    ]
