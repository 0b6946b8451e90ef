"""What hangs on the wall: how far a team is this month, who won what, and who is ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from salesmode.analytics.measure import measure
from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.selling.models import Deal
from salesmode.selling.queries import last_busy_day
from salesmode.targets import queries as targets
from salesmode.workspace.cockpit_queries import Scope, pace_of

CODE = "won_amount"
PLACES = 8
TICKER = 12
TICKER_DAYS = 14


@dataclass(frozen=True)
class Wins:
    """How many deals were won since a moment, and for how much."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Runner:
    """One line of the leaderboard: what somebody won this month, and what share of the target that is."""

    person: Person
    value: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Wall:
    """Everything on the wall."""

    scope: Scope
    period: Period
    value: Any
    pace: Any
    today: Wins
    month: Wins
    runners: Sequence[Runner]
    ticker: Sequence[Deal]
    old_day: date | None = None


def wall(viewer: Person, scope: Scope, *, at: datetime) -> Wall:
    """Return the wall of a scope. Seven queries and two measurements, however many people.

    Where no deal was decided for twelve months, it hangs as it did on the day of the last decision.
    """
    day = last_busy_day(at.date())
    period = Period.containing(day, "month")
    owners = seen_owner_ids(viewer)
    reading = measure(CODE, period, by="person", where=scope.where, seen_by_owners=owners, series=False)
    pace = pace_of(scope, period, reading, today=day)
    won = Deal.objects.won().visible_to(viewer).filter(**_narrowed(scope))
    begins = Period.containing(day, "day").starts_at
    ticker = won.filter(decided_at__gte=begins - timedelta(days=TICKER_DAYS))
    return Wall(
        scope,
        period,
        reading.value,
        pace,
        _wins(won, begins),
        _wins(won, period.starts_at),
        _runners(reading, period),
        list(ticker.select_related("owner", "customer").order_by("-decided_at", "-id")[:TICKER]),
        day if day != at.date() else None,
    )


def _narrowed(scope: Scope) -> dict[str, Any]:
    return {{"team": "owner__team__in", "person": "owner__in"}[name]: keys for name, keys in scope.where.items()}


def _wins(won: Any, since: datetime) -> Wins:
    rows = won.filter(decided_at__gte=since)
    return Wins(rows.count(), rows.aggregate(whole=Sum("company_amount"))["whole"] or Decimal(0))


def _runners(reading: Any, period: Period) -> list[Runner]:
    """Rank by the share of the target; who has none comes after, by the amount."""
    aims = targets.goals([CODE], period, unit="person")
    values = {part.key: Decimal(str(part.value)) for part in reading.breakdown if part.key and part.value}
    people = Person.objects.in_bulk(list(values))
    runners = []
    for key, person in people.items():
        aim = aims.get((CODE, str(key)))
        runners.append(Runner(person, values[key], values[key] / aim if aim else None))
    runners.sort(key=lambda one: (one.share is None, -(one.share or 0), -one.value, one.person.pk))
    return runners[:PLACES]
