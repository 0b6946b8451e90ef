"""Decide when forecasts are submitted."""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.forecasts import policies
from salesmode.forecasts.events import CycleSet, CycleWithdrawn
from salesmode.forecasts.models import SubmissionCycle
from salesmode.kernel.events import record
from salesmode.kernel.locking import require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team


@transaction.atomic
def set_submission_cycle(
    team: Team | None = None,
    *,
    weekday: int,
    clock: time,
    grain: str = "quarter",
    since: date,
    by: Person,
    at: datetime,
) -> SubmissionCycle:
    """Have a team (or the company) submit its forecast every week at a time, from a day on.

    Raises NotAllowed, Invalid for a weekday or period that is none.
    """
    require(policies.may_set_submission_cycle(by))
    if not 0 <= weekday <= 6:
        raise Invalid({"weekday": [_("A weekday is between 0, Monday, and 6, Sunday.")]})
    if grain not in dict(SubmissionCycle.GRAINS):
        raise Invalid({"grain": [_("A forecast is submitted for the month or the quarter.")]})
    row = _row(team, since)
    row.weekday, row.clock, row.grain = weekday, clock.replace(second=0, microsecond=0), grain
    _keep(row, at=at)
    said: dict[str, Any] = {"cycle_id": row.pk, "team_id": row.team_id, "since": since}
    record(CycleSet(**said, weekday=weekday, clock=f"{clock:%H:%M}", grain=grain), by=by, at=at)
    return row


@transaction.atomic
def withdraw_submission_cycle(team: Team | None = None, *, since: date, by: Person, at: datetime) -> SubmissionCycle:
    """Take a team's (or the company's) own submission time back from a day on; what holds above holds again.

    Raises NotAllowed.
    """
    require(policies.may_set_submission_cycle(by))
    row = _row(team, since)
    row.weekday, row.clock = None, None
    _keep(row, at=at)
    record(CycleWithdrawn(cycle_id=row.pk, team_id=row.team_id, since=since), by=by, at=at)
    return row


def _row(team: Team | None, since: date) -> SubmissionCycle:
    there = SubmissionCycle.objects.select_for_update().filter(team=team, since=since).first()
    return there or SubmissionCycle(team=team, since=since)


def _keep(row: SubmissionCycle, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            save(row, at=at)
    except IntegrityError:
        raise Invalid({"since": [_("Somebody has just decided this for the same day. Look at it again.")]}) from None
