"""What was measured of people, and where it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from salesmode.analytics import manifest
from salesmode.analytics.goals import goal
from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Request, measure_many
from salesmode.analytics.metrics import REGISTRY, Text, metric
from salesmode.kernel.periods import Period
from salesmode.reviews.models import Review, ReviewLine, ReviewScore, ReviewSide
from salesmode.reviews.models.outcomes import exact
from salesmode.reviews.models.scoring import Result, attainment, combined, points_of_level

Values = Mapping[tuple[str, int], Decimal | None]


def read_people(codes: Iterable[str], people: Iterable[int], period: Period) -> dict[tuple[str, int], Decimal | None]:
    """Measure numbers for each of some people in a period; the numbers over the same facts share a scan.

    Where nothing happened a sum is 0; where nothing of the kind was ever recorded it is unknown.
    """
    asked, persons = sorted({code for code in codes if code in REGISTRY}), sorted(set(people))
    if not asked or not persons:
        return {}
    found: dict[tuple[str, int], Decimal | None] = {}
    requests = [Request(code, by="person") for code in asked]
    for reading in measure_many(requests, period, where={"person": persons}):
        parts = {part.key: part.value for part in reading.breakdown}
        none = 0 if reading.metric.nothing_is_zero and reading.value is not None else None
        found |= {(reading.metric.code, person): exact(parts.get(person, none)) for person in persons}
    return found


def period_with_days_before(period: Period) -> Period:
    """Return as many days before a period as it has itself."""
    first = period.first - timedelta(days=period.days)
    return Period(first, period.first, "days", "", period.zone, period.fiscal_start)


def source_of(code: str, person_id: int, period: Period) -> dict[str, Any]:
    """Say where a reading comes from: its records, how it is computed, and up to when changes were counted."""
    return {
        "url": records_url(metric(code), period, {"person": (person_id,)}),
        "computed": metric(code).computed,
        "loaded_at": manifest.current().loaded_at,
        "first": f"{period.first}",
        "last": f"{period.last}",
    }


@dataclass(frozen=True)
class Measured:
    """One line that is a number: what was read, what it was to be, and the points for it."""

    line: ReviewLine
    reading: Decimal | None
    target: Decimal | None
    points: Decimal | None
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counted_to(self) -> datetime | None:
        """Up to when changes were counted."""
        kept = self.source.get("loaded_at")
        return datetime.fromisoformat(kept) if kept else None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that the reading is about."""
        first, last = self.source.get("first"), self.source.get("last")
        return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None

    @property
    def question(self) -> Text:
        """Return what the number answers, in the reader's language; nothing for a metric that is gone."""
        known = REGISTRY.get(self.line.metric)
        return known.question if known is not None else ""


def measured_lines(review: Review, lines: Sequence[ReviewLine]) -> list[Measured]:
    """Return the numbers of a review: as they were frozen, else as they are now."""
    numbers = [line for line in lines if line.is_metric]
    if all(line.read_at for line in numbers):
        return [Measured(line, line.reading, line.target, line.points, line.source) for line in numbers]
    period = review.period
    values = read_people([line.metric for line in numbers], [review.owner_id], period)
    return [_measured(line, values.get((line.metric, review.owner_id)), review, period) for line in numbers]


def _measured(line: ReviewLine, reading: Decimal | None, review: Review, period: Period) -> Measured:
    known = REGISTRY.get(line.metric)
    if known is None:
        return Measured(line, None, line.target, None)
    target = line.target
    if target is None:
        target = exact(goal(line.metric, period, unit="person", key=review.owner_id))
    points = attainment(reading, target, less_is_better=known.direction == "lower", cap=line.cap)
    return Measured(line, reading, target, points, source_of(line.metric, review.owner_id, period))


def result_of(lines: Sequence[ReviewLine], measured: Sequence[Measured], levels: Mapping[int, int | None]) -> Result:
    """Work a side's result out: the numbers, and the levels that it gave."""
    points = {one.line.pk: one.points for one in measured}
    return combined(
        (line.weight, points.get(line.pk) if line.is_metric else points_of_level(levels.get(line.pk))) for line in lines
    )


def levels_of(side: ReviewSide | None) -> dict[int, int | None]:
    """Return the levels that a side gave, by line."""
    if side is None or side.pk is None:
        return {}
    return dict(ReviewScore.objects.filter(side=side).values_list("line", "level"))
