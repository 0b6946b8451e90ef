"""Whether practices are really done: counted from the event log, by person or team and week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from salesmode.kernel.here import company
from salesmode.kernel.holidays import is_workday
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import add_months, starts_at
from salesmode.modes.queries.excuses import excused_days
from salesmode.modes.queries.organisation import people_of, tree
from salesmode.modes.queries.running import Running
from salesmode.people.models import Person, Team

MONTHS = {"month": 1, "quarter": 3}
# An event, and what it was about.
Counted = tuple[int, Any]
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Stretch:
    """A time in which a practice is to be done so often: a workday, a week, a month; it counts in its last week."""

    first: date
    until: date
    done: int
    expected: int
    events: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One unit's week: how often it was done, of how often it was to be."""

    week: date
    done: int
    expected: int
    excused: int
    is_open: bool
    key: str = ""

    @property
    def share(self) -> float | None:
        """Return the share done; nothing where nothing was to be done."""
        return self.done / self.expected if self.expected else None

    @property
    def tone(self) -> str:
        """Return how the week looks: full, most, some, none, off or open."""
        if not self.expected:
            return "open" if self.is_open else "off"
        share = self.done / self.expected
        return "full" if share >= 1 else "most" if share >= 0.75 else "some" if share > 0 else "none"


@dataclass(frozen=True)
class Row:
    """One person's or team's weeks."""

    label: str
    person: Person | None
    team: Team | None
    cells: list[Cell]

    @property
    def done(self) -> int:
        """Return how often it was done."""
        return sum(cell.done for cell in self.cells)

    @property
    def expected(self) -> int:
        """Return how often it was to be done."""
        return sum(cell.expected for cell in self.cells)

    @property
    def share(self) -> float | None:
        """Return the share done of what was expected."""
        return self.done / self.expected if self.expected else None

    @property
    def streak(self) -> int:
        """Return for how many weeks in a row, up to now, everything was done; weeks off do not break it."""
        count = 0
        for cell in reversed(self.cells):
            if cell.expected and cell.done >= cell.expected:
                count += 1
            elif cell.expected:
                break
        return count

    @property
    def gap(self) -> int:
        """Return the longest run of weeks in which nothing was done though something was to be."""
        longest = run = 0
        for cell in self.cells:
            if cell.expected:
                run = run + 1 if cell.done == 0 else 0
                longest = max(longest, run)
        return longest


@dataclass(frozen=True)
class Sheet:
    """A practice's adoption in one scope: weeks across, people or teams down, and all of them summed."""

    running: Running
    weeks: list[date]
    rows: list[Row]
    total: Row


def weeks_until(day: date, count: int) -> list[date]:
    """Return the Mondays of the last weeks up to the one that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return [monday - n * ONE_WEEK for n in range(count - 1, -1, -1)]


def sheet(running: Running, *, today: date, weeks: int = 12, teams: Sequence[int] | None = None,
          people: Iterable[int] | None = None) -> Sheet:  # fmt: skip
    """Count a practice's adoption over the last weeks; `teams` and `people` narrow down to whom the viewer sees.

    Four queries, however many people.
    """
    mondays = weeks_until(today, weeks)
    inside = tree().below(running.row.team_id)
    if teams is not None:
        inside = [key for key in inside if key in set(teams)]
    units = _units(running, inside, mondays[0])
    if people is not None:
        seen = set(people)
        units = [each for each in units if isinstance(each, Team) or each.pk in seen]
    found = _events(running, units, mondays[0], mondays[-1] + ONE_WEEK)
    free = excused_days([each.pk for each in units if isinstance(each, Person)], mondays[0], mondays[-1] + ONE_WEEK)
    rows = []
    for unit in units:
        off = free.get(unit.pk, frozenset()) if isinstance(unit, Person) else frozenset()
        cells = _cells(running, unit, found.get(unit.pk, {}), off, mondays, today)
        is_person = isinstance(unit, Person)
        rows.append(Row(unit.name, unit if is_person else None, None if is_person else unit, cells))  # type: ignore[arg-type]
    return Sheet(running, mondays, rows, _total(rows, mondays))


def _units(running: Running, team_ids: Sequence[int], first: date) -> list[Any]:
    who = running.practice.adoption.who
    if who == "teams":
        sellers = Person.objects.active().filter(team__in=list(team_ids), role=Person.Role.SELLER)
        peopled = set(sellers.values_list("team", flat=True))
        return [tree().teams[key] for key in team_ids if key in peopled]
    return people_of(team_ids, who, first=first)


def _events(running: Running, units: Sequence[Any], first: date, until: date) -> dict[int, dict[date, list[Counted]]]:
    """Return unit → day → the events that count, each with what it was about where that must differ."""
    measure, zone = running.practice.adoption, company().zone
    # A month or quarter counts in its last week, and may have begun before the first week that is shown.
    since = add_months(first, -MONTHS[measure.each]) if measure.each in MONTHS else first
    rows = EventRecord.objects.filter(
        name__in=measure.events,
        happened_at__gte=starts_at(since, zone),
        happened_at__lt=starts_at(until + ONE_WEEK, zone),
    )
    if running.facts:
        rows = rows.filter(facts__contains=running.facts)
    for fact in measure.has:
        rows = rows.filter(facts__has_key=fact).exclude(facts__contains={fact: None})
    by_team = measure.who == "teams"
    teams_of = dict(Person.objects.values_list("pk", "team_id")) if by_team else {}
    wanted = {unit.pk for unit in units}
    found: dict[int, dict[date, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    for pk, actor, happened_at, facts in rows.order_by("happened_at", "pk").values_list(
        "pk", "actor_id", "happened_at", "facts"
    ):
        person = facts.get(measure.person) if measure.person else actor
        unit = facts.get("team_id") or teams_of.get(person) if by_team else person
        if isinstance(unit, int) and unit in wanted:
            day = date.fromisoformat(facts[measure.day][:10]) if facts.get(measure.day) else _day(happened_at, zone)
            found[unit][day].append((pk, facts.get(measure.apart) if measure.apart else None))
    return found


def _day(moment: datetime, zone: Any) -> date:
    return moment.astimezone(zone).date()


def stretches(running: Running, unit: Any, days: Mapping[date, list[Counted]], off: frozenset[date],
              first: date, until: date) -> list[Stretch]:  # fmt: skip
    """Return the times in which a unit was to do it, without those wholly excused, and what it did in each."""
    each = running.practice.adoption.each
    begins, ends = running.row.from_day, running.row.ended_on or date.max
    if isinstance(unit, Person):
        begins = max(begins, unit.started_on or begins)
        if unit.deactivated_at is not None:
            ends = min(ends, unit.deactivated_at.date())
    found, at = [], _begin(first, each)
    while at < until:
        after = _next(at, each)
        working = [day for day in _days(at, after) if day not in off and is_workday(day, company().country)]
        if at >= begins and after <= ends and working:
            events = _apart(each for day in _days(at, after) for each in days.get(day, ()))
            times = min(running.times, len(working)) if each == "week" else running.times
            found.append(Stretch(at, after, min(len(events), times), times, events))
        at = after
    return found


def _apart(events: Iterable[Counted]) -> tuple[int, ...]:
    """Return the events that count, the first one of those about the same thing."""
    seen, found = set(), []
    for pk, about in events:
        if about is None or about not in seen:
            found.append(pk)
            seen.add(about)
    return tuple(found)


def _begin(day: date, each: str) -> date:
    if each == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return day.replace(day=1) if each == "month" else day


def _next(day: date, each: str) -> date:
    if each in MONTHS:
        return add_months(day, MONTHS[each])
    return day + (ONE_WEEK if each == "week" else ONE_DAY)


def _days(first: date, until: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((until - first).days)]


def _cells(running: Running, unit: Any, days: Mapping[date, list[Counted]], off: frozenset[date],
           mondays: Sequence[date], today: date) -> list[Cell]:  # fmt: skip
    end = mondays[-1] + ONE_WEEK
    by_week: dict[date, list[Stretch]] = defaultdict(list)
    for each in stretches(running, unit, days, off, mondays[0], end):
        last = each.until - ONE_DAY
        by_week[last - timedelta(days=last.weekday())].append(each)
    kind = "person" if isinstance(unit, Person) else "team"
    cells = []
    for monday in mondays:
        parts = by_week.get(monday, [])
        # What is still running counts once it is done, and is not held against anybody before it is over.
        over = [each for each in parts if each.until <= today or each.done >= each.expected]
        excused = sum(day in off and is_workday(day, company().country) for day in _days(monday, monday + ONE_WEEK))
        cells.append(
            Cell(
                monday,
                sum(each.done for each in over),
                sum(each.expected for each in over),
                excused,
                len(over) < len(parts),
                f"{kind}-{unit.pk}",
            )
        )
    return cells


def _total(rows: Sequence[Row], mondays: Sequence[date]) -> Row:
    cells = []
    for place, monday in enumerate(mondays):
        column = [row.cells[place] for row in rows]
        cells.append(
            Cell(
                monday,
                sum(each.done for each in column),
                sum(each.expected for each in column),
                sum(each.excused for each in column),
                any(each.is_open for each in column),
            )
        )
    return Row("", None, None, cells)


def events_of(running: Running, unit: Any, monday: date) -> list[EventRecord]:
    """Return the events behind a cell: what counted for a unit in a week, or in the month that ends in it."""
    found = _events(running, [unit], monday, monday + ONE_WEEK).get(unit.pk, {})
    first = monday
    each = running.practice.adoption.each
    if each in MONTHS:
        last = next((day for day in _days(monday, monday + ONE_WEEK) if (day + ONE_DAY).day == 1), None)
        first = _begin(last, each) if last else monday
    keys = [pk for day, events in found.items() if first <= day < monday + ONE_WEEK for pk, _about in events]
    return list(EventRecord.objects.filter(pk__in=keys).order_by("happened_at", "pk"))


@dataclass(frozen=True)
class Due:
    """What somebody is to do in the time that runs: how often it is done, of how often."""

    running: Running
    done: int
    expected: int
    until: date

    @property
    def left(self) -> int:
        """Return how often it is still to be done."""
        return max(0, self.expected - self.done)


def counts_from(running: Running, today: date) -> date | None:
    """Return when the first whole week (or month, or quarter) begins, where a practice was adopted within this one."""
    each = running.practice.adoption.each
    first = today - timedelta(days=today.weekday()) if each == "week" else _begin(today, each)
    return _next(first, each) if running.row.from_day > first else None


def due_now(running: Running, unit: Any, today: date) -> Due | None:
    """Return what a person or team is to do in the stretch that today lies in; nothing on a day off. Three queries."""
    each = running.practice.adoption.each
    first = today - timedelta(days=today.weekday()) if each == "week" else _begin(today, each)
    days = _events(running, [unit], first, today + ONE_DAY).get(unit.pk, {})
    off = (
        excused_days([unit.pk], first, today + ONE_DAY).get(unit.pk, frozenset())
        if isinstance(unit, Person)
        else frozenset()
    )
    found = stretches(running, unit, days, off, first, today + ONE_DAY)
    if not found:
        return None
    now = found[-1]
    return Due(running, now.done, now.expected, now.until) if now.first <= today < now.until else None
