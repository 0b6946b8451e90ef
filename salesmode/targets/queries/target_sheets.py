"""Whose targets are required and not approved yet, and which teams have still to go over theirs this quarter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.targets.models import Target, TargetSheet, TargetSheetCheck, Whose
from salesmode.targets.models.target import metric
from salesmode.targets.queries.holding import nearest, parents_of_teams


@dataclass(frozen=True)
class SheetDue:
    """What a required sheet still lacks in a team: who has no approved target, whose is drafted, who has checked it."""

    team: Team
    sheet: TargetSheet
    # The quarter that is to be gone over, and the year that the targets are for.
    period: Period
    year: Period
    asked: int
    missing: Sequence[Whose]
    drafted: int
    check: TargetSheetCheck | None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do this quarter."""
        return not self.missing and self.check is not None

    @property
    def metric_label(self) -> str:
        """What is to be reached."""
        return str(metric(self.sheet.metric).label)

    @property
    def year_number(self) -> int:
        """The year, as the sheet's page is asked for it."""
        return self.year.last.year

    @property
    def names(self) -> list[str]:
        """Return who has no approved target."""
        return [str(whose.person or whose.team) for whose in self.missing]


def sheets_required(day: date) -> dict[int | None, TargetSheet]:
    """Return which sheet is required of each team by its own, the company's under None, on a day. One query."""
    rows = TargetSheet.objects.filter(starts_on__lte=day).exclude(ends_on__lte=day).order_by("starts_on")
    return {row.team_id: row for row in rows}


def target_sheet_for(team_id: int | None, day: date) -> TargetSheet | None:
    """Return which sheet is required of a team on a day: by its own, else by the team around it, else the company's."""
    return nearest(team_id, sheets_required(day), parents_of_teams())


def sheet_due(team: Team, day: date) -> SheetDue | None:
    """Return what the sheet required of a team lacks on a day; None where none is required. Five queries."""
    return next(iter(_due([team], day)), None)


def sheets_due(person: Person, day: date) -> list[SheetDue]:
    """Return what is left to do with the sheets of teams: to who leads them all of it, to a head of sales the gaps.

    Six queries, however many teams.
    """
    sellers = Person.objects.active().filter(role=Person.Role.SELLER).exclude(team=None)
    teams = Team.objects.filter(pk__in=sellers.values("team")).select_related("lead").order_by("name", "pk")
    if not person.sees_all:
        teams = teams.filter(lead=person)
    found = [each for each in _due(teams, day) if not each.is_done]
    return [each for each in found if each.missing or each.team.lead_id == person.pk]


def _due(teams: Iterable[Team], day: date) -> list[SheetDue]:
    required, rows = sheets_required(day), list(teams)
    if not required or not rows:
        return []
    parents = parents_of_teams()
    quarter, year = Period.containing(day, "quarter"), Period.containing(day, "fiscal_year")
    people: dict[int | None, list[Person]] = defaultdict(list)
    sellers = Person.objects.active().filter(role=Person.Role.SELLER, team__in=rows).order_by("name", "pk")
    for seller in sellers.defer("password"):
        people[seller.team_id].append(seller)
    codes = {sheet.metric for sheet in required.values()}
    known = Target.objects.filter(metric__in=codes, starts_on=year.first, unit__in=("team", "person"))
    held: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for code, unit, key, status in known.values_list("metric", "unit", "key", "status"):
        held[code, unit, key].add(status)
    checks = {(row.team_id, row.metric): row for row in TargetSheetCheck.objects.filter(first_on=quarter.first)}
    found = []
    for team in rows:
        sheet = nearest(team.pk, required, parents)
        if sheet is None:
            continue
        asked = [Whose("team", team=team)]
        if sheet.with_people:
            asked += [Whose("person", person=each) for each in people[team.pk]]
        states = {whose: held[sheet.metric, whose.unit, whose.key] for whose in asked}
        missing = [whose for whose in asked if not states[whose] & set(Target.IN_FORCE)]
        drafted = sum(Target.Status.DRAFT in states[whose] for whose in missing)
        check = checks.get((team.pk, sheet.metric))
        found.append(SheetDue(team, sheet, quarter, year, len(asked), missing, drafted, check))
    return found
