"""What somebody is reminded of: the own forecast that is due today or late, or whose is missing in the own teams."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from salesmode.forecasts.models import ForecastSubmission, SubmissionCycle
from salesmode.forecasts.queries.grid import WEEK, missing_since
from salesmode.forecasts.queries.holding import Holding, cycles_on
from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids


@dataclass(frozen=True)
class Waiting:
    """One forecast that is asked for: whose, for what, since or until when."""

    person: Person
    period: Period
    due_at: datetime
    is_late: bool
    latest: ForecastSubmission | None


def forecasts_awaited(viewer: Person, *, at: datetime) -> Sequence[Waiting]:
    """Return which forecasts are due today or late: a seller's own, or those of everybody somebody looks after.

    Some five queries, however many people.
    """
    holding = cycles_on(timezone.localdate(at))
    people = Person.objects.active().filter(role=Person.Role.SELLER).order_by("name", "pk").defer("password")
    if viewer.role == Person.Role.SELLER:
        people = people.filter(pk=viewer.pk)
    elif (seen := seen_owner_ids(viewer)) is not None:
        people = people.filter(pk__in=seen)
    asked = [(person, cycle) for person in people if (cycle := holding.of(person.team_id)) is not None]
    if not asked:
        return ()
    periods = {cycle.grain: Period.containing(timezone.localdate(at), cycle.grain) for _person, cycle in asked}
    latest = _latest([person.pk for person, _cycle in asked], periods.values())
    found = []
    for person, cycle in asked:
        period = periods[cycle.grain]
        waits = _waits(person, cycle, period, latest.get((person.pk, period.first, period.until)), holding, at=at)
        if waits is not None:
            found.append(waits)
    return sorted(found, key=lambda one: (not one.is_late, one.due_at))


def _latest(people: Sequence[int], periods: Iterable[Period]) -> dict[tuple[Any, ...], ForecastSubmission]:
    begun = {period.first for period in periods}
    rows = ForecastSubmission.objects.filter(person__in=people, is_own=True, first_on__in=begun)
    return {(row.person_id, row.first_on, row.until_on): row for row in rows.order_by("number")}


def _waits(
    person: Person,
    cycle: SubmissionCycle,
    period: Period,
    latest: ForecastSubmission | None,
    holding: Holding,
    *,
    at: datetime,
) -> Waiting | None:
    """Say whether a forecast is due later today, or was due in this period and is not there."""
    moment = timezone.localtime(at)
    last = cycle.last_due(moment)
    following = last + WEEK
    if following.date() == moment.date() and following.date() >= cycle.since:
        is_there = latest is not None and latest.created_at > last
        return None if is_there else Waiting(person, period, following, False, latest)
    since = missing_since(person, latest, period, holding, at=at)
    return None if since is None else Waiting(person, period, since, True, latest)
