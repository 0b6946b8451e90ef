"""A target month by month and quarter by quarter: what is to be reached, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesmode.analytics.links import records_url
from salesmode.kernel.periods import Period
from salesmode.targets.models import Target
from salesmode.targets.models.pace import Pace
from salesmode.targets.models.target import MONTHS
from salesmode.targets.queries.actuals import actuals_by, months_of_year, months_with_those_below, where_of

IN_A_QUARTER = 3


@dataclass(frozen=True)
class Step:
    """A month or a quarter of a target; what is yet to come has reached nothing that is known."""

    label: str
    goal: Decimal | None
    stretch: Decimal | None
    challenge: Decimal | None
    reached: Decimal | None
    attainment: Decimal | None
    url: str = ""
    is_quarter: bool = False


def steps_of(target: Target, year: Period, *, today: date) -> list[Step]:
    """Return the months of a target, after every third the quarter that they add up to.

    Rates have no quarters, and neither has a year that begins inside one. One measurement of a number that adds up,
    else one for each month that has begun.
    """
    months = list(year.steps("month"))
    reached = _reached(target, year, months, today)
    steps: list[Step] = []
    for number, month in enumerate(months):
        steps.append(_step(target, month, number, number + 1, reached))
        quarter = Period.containing(month.first, "quarter")
        if target.adds_up and quarter.until == month.until and quarter.first >= year.first:
            steps.append(_step(target, quarter, number + 1 - IN_A_QUARTER, number + 1, reached))
    return steps


def _reached(target: Target, year: Period, months: Sequence[Period], today: date) -> list[Decimal | None]:
    begun = sum(1 for month in months if month.first <= today)
    if not begun:
        return [None] * MONTHS
    if target.adds_up:
        whole = months_of_year(target.metric, target.unit, target.starts_on, year)
        return [*months_with_those_below(target.whose, whole)[:begun], *[None] * (MONTHS - begun)]
    name, found = (target.metric, target.key), []
    for month in months[:begun]:
        found.append(actuals_by([target.metric], target.unit, month, keys=[target.key]).get(name))
    return [*found, *[None] * (MONTHS - begun)]


def _step(
    target: Target,
    period: Period,
    first: int,
    until: int,
    reached: Sequence[Decimal | None],
) -> Step:
    goal, stretch, challenge = (
        sum(several, Decimal()) if (several := target.months_of(level)[first:until]) else None
        for level in ("base", "stretch", "challenge")
    )
    known = [value for value in reached[first:until] if value is not None]
    actual = sum(known, Decimal()) if known else None
    pace = Pace(goal, actual, 1, 1, target.adds_up, target.asked.direction == "lower")
    url = records_url(target.asked, period, where_of(target.unit, target.key)) if actual is not None else ""
    return Step(period.label, goal, stretch, challenge, actual, pace.attainment, url, until - first > 1)
