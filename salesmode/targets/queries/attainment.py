"""How far a target has been reached, and whether that is far enough for the day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salesmode.analytics.links import records_url
from salesmode.analytics.metrics import metric
from salesmode.kernel.holidays import workdays
from salesmode.kernel.periods import Period
from salesmode.targets.models import Target
from salesmode.targets.models.pace import Pace
from salesmode.targets.models.target import LEVELS
from salesmode.targets.models.target import adds_up as months_add_up
from salesmode.targets.queries.actuals import actual_of, actuals_by, as_decimal, where_of
from salesmode.targets.queries.goals import answer, goal_of, in_whole


@dataclass(frozen=True)
class Attainment:
    """A target in a period, with what was reached of it and the pace."""

    target: Target
    period: Period
    pace: Pace
    levels: Mapping[str, Decimal]

    @property
    def url(self) -> str:
        """Return where the records behind the number are listed."""
        return records_url(self.target.asked, self.period, where_of(self.target.unit, self.target.key))

    @property
    def reached(self) -> str:
        """Return the highest level that was reached; empty for none."""
        actual = self.pace.actual
        if actual is None:
            return ""
        lower = self.target.asked.direction == "lower"
        done = [name for name, goal in self.levels.items() if (actual <= goal if lower else actual >= goal)]
        return done[-1] if done else ""


def pace_of(
    code: str, goal: Decimal | None, actual: Any, period: Period, *, today: date, since: date | None = None
) -> Pace:
    """Return the pace of a number towards its goal: working days before today against those of the period.

    For somebody who began within the period the days count `since` then.
    """
    first = period.first if since is None else min(max(since, period.first), period.until)
    until = min(max(today, first), period.until)
    asked = metric(code)
    return Pace(
        goal,
        as_decimal(actual),
        workdays(first, until),
        workdays(first, period.until),
        adds_up=months_add_up(asked),
        lower_is_better=asked.direction == "lower",
        has_begun=first <= today,
    )


def how_far(code: str, actual: Any, period: Period, *, unit: Any, key: Any, today: date) -> Pace | None:
    """Return how far a number that a page shows is on its way; None where nobody set a target.

    A period so far is held against the target of the whole month, quarter or year.
    """
    whole = in_whole(period)
    goal = answer(code, whole, unit, key, "base")
    return None if goal is None else pace_of(code, goal, actual, whole, today=today)


def year_of(target: Target) -> Period:
    """Return the fiscal year that a target is for."""
    now = Period.containing(target.starts_on, "month")
    code = f"{target.starts_on}..{target.until - timedelta(days=1)}"
    return Period(target.starts_on, target.until, "fiscal_year", code, now.zone, target.starts_on.month)


def attainment_of(
    target: Target, period: Period, *, today: date, actual: Decimal | None = None, is_measured: bool = False
) -> Attainment:
    """Return how far one version of a target is in a period of its year."""
    if not is_measured:
        actual = actual_of(target.metric, target.unit, target.key, period)
    found = {level: goal_of([target], period, level=level) for level in LEVELS if target.months_of(level)}
    levels = {level: value for level, value in found.items() if value is not None}
    pace = pace_of(target.metric, levels.get("base"), actual, period, today=today, since=target.counts_since)
    return Attainment(target, period, pace, levels)


def attainments(targets: Iterable[Target], period: Period, *, today: date) -> list[Attainment]:
    """Return how far many targets are: one measurement for each kind of unit, however many targets."""
    rows = list(targets)
    actuals: dict[tuple[str, str, str], Decimal] = {}
    for unit in dict.fromkeys(row.unit for row in rows):
        mine = [row for row in rows if row.unit == unit]
        measured = actuals_by((row.metric for row in mine), unit, period, keys=sorted({row.key for row in mine}))
        actuals |= {(unit, code, key): value for (code, key), value in measured.items()}
    return [
        attainment_of(row, period, today=today, actual=actuals.get((row.unit, row.metric, row.key)), is_measured=True)
        for row in rows
    ]


def of_today(person: Any, *, today: date) -> Sequence[Attainment]:
    """Return how far somebody's own targets of this month are; who leads a team sees the team's, a head the company's.

    Two queries and one measurement for each kind of unit.
    """
    period = Period.containing(today, "month")
    visible = Target.objects.visible_to(person).in_force().filter(starts_on__lte=today).order_by("metric", "unit", "pk")
    rows = [row for row in visible.filter(_of_whom(person)).select_related("team", "owner") if today < row.until]
    return attainments(rows, period, today=today)


def _of_whom(person: Any) -> Any:
    from django.db.models import Q

    own = Q(owner=person) | Q(team__lead=person)
    return own | Q(unit="company") if person.sees_all else own
