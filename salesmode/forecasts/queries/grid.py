"""The forecast grid: people by category, what they submitted beside it, quota, coverage, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from salesmode.analytics.goals import goal
from salesmode.analytics.measure import measure
from salesmode.forecasts import policies
from salesmode.forecasts.models import ForecastSubmission, SubmissionCycle
from salesmode.forecasts.queries.holding import Holding, cycles_on
from salesmode.forecasts.queries.rollup import Roll, roll_up
from salesmode.forecasts.queries.scopes import Scope, Tree
from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.people.permissions import matrix

MOST_PEOPLE = 60
WEEK = timedelta(days=7)
Unit = tuple[str, int | None]


@dataclass(frozen=True)
class Line:
    """One person, team or company in the grid: the roll-up, and beside it what was submitted."""

    kind: str
    key: int | None
    label: str
    depth: int
    roll: Roll
    person: Person | None = None
    own: ForecastSubmission | None = None
    manager: ForecastSubmission | None = None
    quota: Decimal | None = None
    # Whose part is not in the quota because nobody has set one; the quota of a whole company is its own.
    without_quota: Sequence[str] = ()
    # What narrows a list of deals to those of this line; None where no list shows exactly those.
    narrowing: str | None = None
    missing_since: datetime | None = None
    may_submit: bool = False

    @property
    def gap(self) -> Decimal | None:
        """What is still to be won for the quota; nothing once it is reached, unknown without a quota."""
        return None if self.quota is None else max(Decimal(0), self.quota - self.roll.closed)

    @property
    def coverage(self) -> float | None:
        """How many times the open pipeline covers what is still to be won."""
        return float(self.roll.open_pipeline / self.gap) if self.gap else None

    @property
    def has_moved(self) -> bool:
        """Whether the deals have moved since this was submitted, so that it should be looked at again."""
        return self.own is not None and self.own.rolled_up != self.roll.commit

    @property
    def is_stale(self) -> bool:
        """Whether the last submission is not to be relied on: the deals moved, or a new one is due."""
        return self.own is not None and (self.has_moved or self.missing_since is not None)

    @property
    def unit(self) -> str:
        """Return what this is a forecast of, as addresses name it."""
        return self.kind if self.key is None else f"{self.kind}:{self.key}"

    @property
    def latest_number(self) -> int:
        """Return the number of the latest submission, own or manager's."""
        return max((one.number for one in (self.own, self.manager) if one is not None), default=0)


@dataclass(frozen=True)
class Grid:
    """The forecast of a period for a scope."""

    period: Period
    scope: Scope
    lines: Sequence[Line]
    cycle: SubmissionCycle | None
    due_at: datetime | None
    next_due_at: datetime | None
    required_coverage: float | None
    missing: Sequence[Line] = field(default_factory=tuple)

    @property
    def total(self) -> Line:
        """Return the line of the whole scope."""
        return self.lines[0]


def forecast_grid(period: Period, scope: Scope, tree: Tree, *, at: datetime) -> Grid:
    """Return the grid. Some eight queries and one scan, besides what a quota costs."""
    rolls = roll_up(period, seen_by=tree.viewer)
    latest = _latest(period, tree.viewer)
    holding = cycles_on(timezone.localdate(at))
    lines = [_line(unit, depth, period, rolls, latest, holding, tree, at=at) for unit, depth in _units(scope, tree)]
    if _is_partial(lines[0].kind, tree.viewer):
        lines[0] = _summed_up(lines[0], lines[1:])
    team_id = scope.team_id or (tree.people[scope.person_id].team_id if scope.person_id in tree.people else None)
    cycle = holding.of(team_id)
    due = cycle.last_due(timezone.localtime(at)) if cycle is not None else None
    return Grid(
        period,
        scope,
        lines,
        cycle,
        due,
        due + WEEK if due is not None else None,
        required_coverage(scope, tree),
        tuple(line for line in lines if line.missing_since is not None),
    )


def required_coverage(scope: Scope, tree: Tree) -> float | None:
    """Return how many times the pipeline has to cover what is missing: 1 ÷ the win rate by value of twelve months."""
    year = Period.parse("last-12-months")
    rate = measure("win_rate_value", year, seen_by_owners=scope.owners, series=False).value
    return 1 / float(rate) if rate else None


def _units(scope: Scope, tree: Tree) -> list[tuple[Unit, int]]:
    """Return what the grid shows: the scope, its teams and, unless they are too many, its people."""
    if scope.person_id is not None:
        return [(("person", scope.person_id), 0)]
    sellers = {person.pk for person in tree.people.values() if _submits(person)}
    shown = scope.owners is None or len(scope.owners & sellers) <= MOST_PEOPLE
    with_people = (shown and len(sellers) <= MOST_PEOPLE) or scope.team_id is not None
    found: list[tuple[Unit, int]] = []

    def people_of(team_id: int | None, depth: int) -> list[tuple[Unit, int]]:
        return [
            (("person", one.pk), depth) for one in tree.people.values() if one.team_id == team_id and one.pk in sellers
        ]

    def walk(team_id: int, depth: int) -> None:
        found.append((("team", team_id), depth))
        if with_people:
            found.extend(people_of(team_id, depth + 1))
        for child in tree.children.get(team_id, ()):
            if tree.owners_in(child) & sellers:
                walk(child, depth + 1)

    if scope.team_id is not None:
        walk(scope.team_id, 0)
        return found
    found.append((("company", None), 0))
    shown_teams = {key for key, _depth in tree.shown_teams()}
    tops = [key for key in tree.teams if key in shown_teams and tree.teams[key].parent_id not in shown_teams]
    for key in tops:
        if tree.owners_in(key) & sellers:
            walk(key, 1)
    if with_people:
        found.extend(people_of(None, 1))
    return found


def _submits(person: Person) -> bool:
    return person.is_active and person.role in ("seller", "manager") and person.role in _roles()


def _roles() -> frozenset[str]:
    return frozenset(matrix()["forecasts.submit_forecast"])


def _latest(period: Period, viewer: Person) -> dict[tuple[Unit, bool], ForecastSubmission]:
    rows = ForecastSubmission.objects.visible_to(viewer).of_period(period.first, period.until)
    return {(row.unit, row.is_own): row for row in rows.select_related("by").order_by("number")}


def _line(
    unit: Unit,
    depth: int,
    period: Period,
    rolls: dict[int, Roll],
    latest: dict[tuple[Unit, bool], ForecastSubmission],
    holding: Holding,
    tree: Tree,
    *,
    at: datetime,
) -> Line:
    kind, key = unit
    person = tree.people.get(key) if kind == "person" and key is not None else None
    team = tree.teams.get(key) if kind == "team" and key is not None else None
    owners = {key} if kind == "person" else tree.owners_in(key) if key is not None else set(rolls)
    roll = sum((rolls[owner] for owner in owners if owner in rolls), Roll())
    own = latest.get((unit, True))
    asked = ForecastSubmission(person=person, team=team, owner=person if team is None else team.lead)
    is_partial = _is_partial(kind, tree.viewer)
    label = person.name if person else team.name if team else tree.viewer.name
    return Line(
        kind,
        key,
        label,
        depth,
        roll,
        person,
        own,
        latest.get((unit, False)),
        None if is_partial else goal("won_amount", period, unit=kind, key=key),  # type: ignore[arg-type]
        (),
        _narrowing(unit, tree),
        missing_since(person, own, period, holding, at=at) if person is not None else None,
        not is_partial and at < period.ends_at and policies.may_submit_forecast(tree.viewer, asked),
    )


def _is_partial(kind: str, viewer: Person) -> bool:
    """Say whether a line stands for all that somebody looks after, which is less than the company."""
    return kind == "company" and not viewer.sees_all


def _narrowing(unit: Unit, tree: Tree) -> str | None:
    kind, key = unit
    if kind == "person":
        return f"&owner={key}"
    if kind == "team" and key is not None:
        return "".join(f"&team={each}" for each in tree.below(key))
    return "" if tree.viewer.sees_all else None


def _summed_up(whole: Line, others: Sequence[Line]) -> Line:
    """Return the line of all that somebody looks after with the sum of their quotas, naming those who have none.

    A team's quota counts its people in; a person outside these teams who has none and nothing to win is not missed.
    """
    parts = [line for line in others if line.depth == 1]
    known = [line.quota for line in parts if line.quota is not None]
    missed = [line.label for line in parts if line.quota is None and (line.kind == "team" or line.roll != Roll())]
    return replace(whole, quota=sum(known, Decimal(0)) if known else None, without_quota=tuple(missed))


def missing_since(
    person: Person, own: ForecastSubmission | None, period: Period, holding: Holding, *, at: datetime
) -> datetime | None:
    """Return when a submission was due that is not there; None if nothing is missing."""
    cycle = holding.of(person.team_id)
    if cycle is None or cycle.grain != period.grain or person.role != Person.Role.SELLER:
        return None
    due = cycle.last_due(timezone.localtime(at))
    if not period.contains(due) or not period.contains(at) or _began(cycle.since, due):
        return None
    return due if own is None or own.created_at <= due - WEEK else None


def _began(since: date, due: datetime) -> bool:
    return due.date() < since


def history_of(unit: Unit, period: Period, viewer: Person) -> list[ForecastSubmission]:
    """Return every submission for a unit and period that a person may see, the newest first. One query."""
    kind, key = unit
    rows = ForecastSubmission.objects.visible_to(viewer).of_period(period.first, period.until)
    named: dict[str, Any] = {"person": key if kind == "person" else None, "team": key if kind == "team" else None}
    return list(rows.filter(**named).select_related("by").order_by("-number"))
