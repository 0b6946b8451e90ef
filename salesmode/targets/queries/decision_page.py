"""What the page of a decision shows: the number month by month, and the records behind both readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Number, measure
from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.here import company
from salesmode.kernel.periods import Period, add_months
from salesmode.targets.models import Decision
from salesmode.targets.queries.actuals import where_of

MONTHS_AFTER = 6


@dataclass(frozen=True)
class Month:
    """One month of a number: the one in which was decided is marked."""

    label: str
    value: Number | None
    is_marked: bool
    url: str


def course(decision: Decision, *, today: date) -> Sequence[Month]:
    """Return the twelve months up to half a year after a decision, or up to now. One measurement."""
    if decision.metric not in REGISTRY:
        return ()
    last = min(add_months(decision.decided_on.replace(day=1), MONTHS_AFTER), today.replace(day=1))
    period = Period.containing(last, "month")
    where = where_of(decision.unit, decision.whose.key)
    reading = measure(decision.metric, period, where=where)
    marked = decision.decided_on.replace(day=1)
    return [
        Month(point.label, point.value, point.first == marked, records_url(reading.metric, _of(point, period), where))
        for point in reading.series
    ]


def _of(point: Any, period: Period) -> Period:
    return Period(point.first, point.until, "month", point.label, period.zone, period.fiscal_start)


def records_of(decision: Decision) -> tuple[str, str]:
    """Return the addresses of the records behind the readings before and after."""
    if decision.metric not in REGISTRY:
        return "", ""
    asked, where, zone = REGISTRY[decision.metric], where_of(decision.unit, decision.whose.key), company().zone
    return (
        records_url(asked, decision.span_before(zone), where),
        records_url(asked, decision.span_after(zone), where),
    )
