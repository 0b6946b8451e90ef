"""Have a team watched for dependence on its best seller."""

from datetime import date, datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.modes import policies
from salesmode.modes.events import WatchEnded, WatchSet
from salesmode.modes.models import NotInForce, Watch
from salesmode.modes.operations.holding import hold_the_modes
from salesmode.people.models import Person, Team


@transaction.atomic
def set_watch(
    *, team: Team | None = None, most_percent: int, months: int = 12, from_day: date, by: Person, at: datetime
) -> Watch:
    """Warn leads, from a day on, when one seller of a team brings in more than a share; ends the watch before it.

    Raises NotAllowed, Invalid.
    """
    require(policies.may_set_watch(by, team))
    hold_the_modes()
    for former in Watch.objects.in_force().filter(team=team):
        _end(former, on=from_day, at=at)
        record(WatchEnded(**_facts(former)), by=by, at=at)
    watch = Watch(team=team, most_percent=most_percent, months=months, from_day=from_day)
    fit(watch)
    save(watch, at=at)
    record(WatchSet(**_facts(watch)), by=by, at=at)
    return watch


@transaction.atomic
def end_watch(watch: Watch, *, on: date, by: Person, at: datetime) -> Watch:
    """Warn nobody any more from a day on. Raises NotAllowed, NotInForce."""
    hold_the_modes()
    lock(watch)
    require(policies.may_end_watch(by, watch))
    if watch.ended_at is not None:
        raise NotInForce
    _end(watch, on=on, at=at)
    record(WatchEnded(**_facts(watch)), by=by, at=at)
    return watch


def _end(watch: Watch, *, on: date, at: datetime) -> None:
    watch.ended_at, watch.ended_on = at, on
    save(watch, at=at)


def _facts(watch: Watch) -> dict:
    return {
        "watch_id": watch.pk, "team_id": watch.team_id, "most_percent": watch.most_percent, "months": watch.months,
        "from_day": watch.from_day,
    }  # fmt: skip
