"""How well people's forecasts came true: accuracy and bias over periods that are closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from salesmode.forecasts.models import ForecastSubmission
from salesmode.kernel.periods import Period, add_months
from salesmode.people.models import Person
from salesmode.selling.models import Deal

MONTHS = {"month": 1, "quarter": 3}
PERIODS = {"month": 6, "quarter": 4}


@dataclass(frozen=True)
class Call:
    """What somebody submitted for a closed period, and what was won in it."""

    period: Period
    submitted: Decimal | None
    actual: Decimal

    @property
    def accuracy(self) -> float | None:
        """Return 1 − |submitted − actual| ÷ actual, at least 0; unknown where nothing was submitted or won."""
        if self.submitted is None or not self.actual:
            return None
        return max(0.0, float(1 - abs(self.submitted - self.actual) / self.actual))


@dataclass(frozen=True)
class Record:
    """Somebody's calls over some closed periods."""

    person: Person
    calls: Sequence[Call]

    def _called(self) -> list[Call]:
        return [call for call in self.calls if call.submitted is not None]

    @property
    def actual(self) -> Decimal:
        """What was won in the periods for which something was submitted."""
        return sum((call.actual for call in self._called()), Decimal(0))

    @property
    def submitted(self) -> Decimal:
        """What was submitted for them."""
        return sum((call.submitted or Decimal(0) for call in self._called()), Decimal(0))

    @property
    def accuracy(self) -> float | None:
        """Return 1 − Σ|submitted − actual| ÷ Σ actual, at least 0."""
        missed = sum((abs((call.submitted or 0) - call.actual) for call in self._called()), Decimal(0))
        return max(0.0, float(1 - missed / self.actual)) if self.actual else None

    @property
    def bias(self) -> float | None:
        """Return Σ(submitted − actual) ÷ Σ actual: below zero somebody sandbags, above zero hopes too much."""
        return float((self.submitted - self.actual) / self.actual) if self.actual else None


def closed_periods(grain: str, at: datetime) -> list[Period]:
    """Return the last periods that are over, the oldest first."""
    current = Period.containing(at.astimezone(Period.parse("today").zone).date(), grain)
    firsts = [add_months(current.first, -MONTHS[grain] * number) for number in range(PERIODS[grain], 0, -1)]
    return [Period.containing(first, grain) for first in firsts]


def track_records(people: Iterable[Person], grain: str, *, at: datetime) -> list[Record]:
    """Return how each person's calls on the last closed periods came true. Two queries, however many people.

    What counts is the call that stood in the middle of the period, or the first one after it.
    """
    people, periods = list(people), closed_periods(grain, at)
    submitted = _standing(people, periods)
    won = _won(people, periods)
    return [
        Record(
            person,
            [
                Call(period, submitted.get((person.pk, period.first)), won.get((person.pk, period.first), Decimal(0)))
                for period in periods
            ],
        )
        for person in people
    ]


def _standing(people: Sequence[Person], periods: Sequence[Period]) -> dict[tuple[int, object], Decimal]:
    known = {(period.first, period.until): period for period in periods}
    rows = ForecastSubmission.objects.filter(
        person__in=[person.pk for person in people], is_own=True, first_on__in=[period.first for period in periods]
    ).order_by("number")
    found: dict[tuple[int, object], Decimal] = {}
    for row in rows:
        period = known.get((row.first_on, row.until_on))
        if period is None or row.person_id is None:
            continue
        key = (row.person_id, period.first)
        middle = period.starts_at + (period.ends_at - period.starts_at) / 2
        if row.created_at <= middle or key not in found:
            found[key] = row.amount
    return found


def _won(people: Sequence[Person], periods: Sequence[Period]) -> dict[tuple[int, object], Decimal]:
    first, last = periods[0], periods[-1]
    deals = Deal.objects.won().filter(
        owner__in=[person.pk for person in people], decided_at__gte=first.starts_at, decided_at__lt=last.ends_at
    )
    by_month = (
        deals.annotate(month=TruncMonth("decided_at", tzinfo=first.zone))
        .order_by()
        .values_list("owner", "month")
        .annotate(total=Sum("company_amount"))
    )
    found: dict[tuple[int, object], Decimal] = {}
    for owner, month, total in by_month:
        period = next(each for each in periods if each.contains(month))
        key = (owner, period.first)
        found[key] = found.get(key, Decimal(0)) + total
    return found
