"""What was reached, in the units that targets are set for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.analytics.measure import Request, measure, measure_many
from salesmode.kernel.periods import Period, add_months
from salesmode.people.models import Team
from salesmode.targets.models.target import MONTHS, adds_up, metric
from salesmode.targets.models.whose import Whose, tree_below


def as_decimal(value: Any) -> Decimal | None:
    """Return a measured number exactly as it is written; unknown stays None."""
    return None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))


def where_of(unit: str, key: str) -> dict[str, tuple[Any, ...]]:
    """Return the condition under which a metric counts only what belongs to a unit."""
    if unit == "company":
        return {}
    if unit == "team":
        return {"team": tuple(tree_below(int(key)))}
    return {unit: (int(key) if unit in ("person", "product") else key,)}


def actual_of(code: str, unit: str, key: str, period: Period) -> Decimal | None:
    """Return what one unit has reached in a period."""
    return as_decimal(measure(code, period, where=where_of(unit, key), series=False).value)


def actuals_by(
    codes: Iterable[str], unit: str, period: Period, *, keys: Iterable[str] = ()
) -> dict[tuple[str, str], Decimal]:
    """Return what every unit of a kind has reached: (metric, key) → number, all metrics in one measurement.

    A team takes all teams below it; numbers that do not add up are measured team by team, for the `keys` given.
    """
    asked = list(dict.fromkeys(codes))
    if unit == "company":
        readings = measure_many([Request(code) for code in asked], period)
        whole = {code: as_decimal(one.value) for code, one in zip(asked, readings, strict=True)}
        return {(code, ""): value for code, value in whole.items() if value is not None}
    found: dict[tuple[str, str], Decimal] = {}
    readings = measure_many([Request(code, by=unit) for code in asked], period)
    for code, one in zip(asked, readings, strict=True):
        for part in one.breakdown:
            value = as_decimal(part.value)
            if value is not None and part.key is not None:
                found[code, str(part.key)] = value
        if one.value is not None and one.metric.nothing_is_zero:
            for key in keys:
                found.setdefault((code, key), Decimal(0))
    return found if unit != "team" else _with_teams_below(found, asked, period, list(keys))


def _with_teams_below(
    found: dict[tuple[str, str], Decimal], asked: Sequence[str], period: Period, keys: Sequence[str]
) -> dict[tuple[str, str], Decimal]:
    parents = {pk: parent for pk, parent in Team.objects.values_list("pk", "parent_id") if parent}
    if not parents:
        return found
    below: dict[str, list[str]] = {key: [str(pk) for pk in tree_below(int(key))] for key in keys}
    whole = {}
    for code in asked:
        for key, teams in below.items():
            if adds_up(metric(code)):
                parts = [found[code, team] for team in teams if (code, team) in found]
                value = sum(parts, Decimal()) if parts else None
            else:
                value = found.get((code, key)) if len(teams) == 1 else actual_of(code, "team", key, period)
            if value is not None:
                whole[code, key] = value
    return whole


def months_of_year(code: str, unit: str, starts_on: date, period: Period) -> dict[str, list[Decimal]]:
    """Return what every unit of a kind reached in each month of a fiscal year: key → twelve numbers.

    `period` lends its zone. A rate is measured month by month, where it adds up in one look.
    """
    year = Period(starts_on, add_months(starts_on, MONTHS), "fiscal_year", "", period.zone, period.fiscal_start)
    names = [f"{add_months(starts_on, number):%Y-%m}" for number in range(MONTHS)]
    found: dict[str, list[Decimal]] = {}
    if adds_up(metric(code)) and "month" in metric(code).dimensions:
        by = "month" if unit == "company" else f"{unit},month"
        for part in measure(code, year, by=by, series=False).breakdown:
            key, month = ("", part.key) if unit == "company" else (str(part.key[0]), part.key[1])
            if month in names and part.value is not None and key != "None":
                found.setdefault(key, [Decimal(0)] * MONTHS)[names.index(month)] = as_decimal(part.value) or Decimal(0)
        return found
    for number, month in enumerate(year.steps("month")):
        for (_code, key), value in actuals_by([code], unit, month).items():
            found.setdefault(key, [Decimal(0)] * MONTHS)[number] = value
    return found


def months_with_those_below(whose: Whose, reached: Mapping[str, list[Decimal]]) -> list[Decimal]:
    """Return the months of a unit as `months_of_year` read them, those of a team with all teams below it."""
    keys = [str(pk) for pk in tree_below(whose.team.pk)] if whose.team else [whose.key]
    rows = [reached[key] for key in keys if key in reached]
    return [sum(each, Decimal()) for each in zip(*rows, strict=True)] if rows else [Decimal(0)] * MONTHS


def months_of_year_before(code: str, whose: Whose, starts_on: date) -> list[Decimal]:
    """Return what a unit reached in each month of the fiscal year before one."""
    before = Period.containing(starts_on, "fiscal_year").before()
    return months_with_those_below(whose, months_of_year(code, whose.unit, before.first, before))
