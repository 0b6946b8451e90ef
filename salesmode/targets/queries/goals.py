"""What is to be reached in a period: months that lie in it add up, months cut short count by their working days."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.analytics.goals import Level, Unit, answer_goals
from salesmode.kernel.here import remember
from salesmode.kernel.holidays import workdays
from salesmode.kernel.periods import Period, add_months
from salesmode.targets.models import Target
from salesmode.targets.models.pace import FINE
from salesmode.targets.models.target import MONTHS

WHOLE = {"mtd": "month", "qtd": "quarter", "ytd": "year", "fytd": "fiscal_year"}


def in_whole(period: Period) -> Period:
    """Return the month, quarter or year that a period so far belongs to: a target is for all of it."""
    grain = WHOLE.get(period.code) if period.grain == "to_date" else None
    return Period.containing(period.first, grain) if grain else period


def goal_of(rows: Iterable[Target], period: Period, *, level: str = "base") -> Decimal | None:
    """Return what the versions in force of one target come to in a period; None if a month of it has none."""
    months: dict[date, Decimal] = {}
    adds_up = True
    for target in rows:
        adds_up = target.adds_up
        months |= dict(zip(target.month_firsts(), target.months_of(level), strict=False))
    found: list[Decimal] = []
    first = period.first.replace(day=1)
    while first < period.until:
        until = add_months(first, 1)
        if first not in months:
            return None
        value = months[first]
        inside = max(first, period.first), min(until, period.until)
        if adds_up and inside != (first, until):
            days = workdays(first, until)
            value = (value * workdays(*inside) / days).quantize(FINE) if days else Decimal(0)
        found.append(value)
        first = until
    if not found:
        return None
    return sum(found, Decimal()) if adds_up else (sum(found, Decimal()) / len(found)).quantize(FINE)


def goals(
    codes: Iterable[str] | None, period: Period, *, unit: Unit = "company", level: Level = "base"
) -> dict[tuple[str, str], Decimal]:
    """Return what is to be reached in a period for every unit of a kind: (metric, key) → number. One query."""
    rows = _in_force(unit, period)
    if codes is not None:
        rows = rows.filter(metric__in=list(codes))
    together: dict[tuple[str, str], list[Target]] = {}
    for target in rows:
        together.setdefault((target.metric, target.key), []).append(target)
    found = {name: goal_of(targets, period, level=level) for name, targets in together.items()}
    return {name: value for name, value in found.items() if value is not None}


def _in_force(unit: str, period: Period) -> Any:
    since = add_months(period.first.replace(day=1), 1 - MONTHS)
    return Target.objects.in_force().filter(unit=unit, starts_on__gte=since, starts_on__lt=period.until)


@answer_goals
def answer(code: str, period: Period, unit: Unit, key: int | str | None, level: Level) -> Decimal | None:
    """Answer whoever shows a number: one query for a unit and period, however many numbers a page shows."""
    name = "" if key is None else str(key)

    def read() -> dict[str, list[Target]]:
        together: dict[str, list[Target]] = {}
        for target in _in_force(unit, period).filter(key=name):
            together.setdefault(target.metric, []).append(target)
        return together

    known = remember(("goals", unit, name, period.first, period.until), read)
    return goal_of(known.get(code, ()), period, level=level)
