"""Say what happens every day or week, and take it back."""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.reviews import policies
from salesmode.reviews.events import RhythmEnded, RhythmSet
from salesmode.reviews.models import Rhythm
from salesmode.reviews.models.rhythm import USUAL_TIME, RhythmChangedMeanwhile


@transaction.atomic
def set_rhythm(
    kind: str,
    *,
    team: Team | None = None,
    starts_on: date,
    weekday: int | None = None,
    due_time: time = USUAL_TIME,
    is_required: bool = True,
    by: Person,
    at: datetime,
) -> Rhythm:
    """Let a habit hold for a team, or everywhere, from a day on; what held before ends there.

    `is_required=False` frees a team from what the company asks. Raises NotAllowed, Invalid, RhythmChangedMeanwhile.
    """
    # What the company asks for, only those who may ask it of everybody can free a team from.
    require(policies.may_set_rhythm(by, team if is_required else None))
    standing = Rhythm.objects.select_for_update().filter(type=kind, team=team, ends_on=None).first()
    if standing is not None and standing.starts_on < starts_on:
        standing.ends_on = starts_on
        save(standing, at=at)
        standing = None
    rhythm = standing or Rhythm(type=kind, team=team)
    rhythm.starts_on, rhythm.weekday, rhythm.due_time, rhythm.is_required = starts_on, weekday, due_time, is_required
    rhythm.ensure_valid()
    fit(rhythm)
    try:
        with transaction.atomic():
            save(rhythm, at=at)
    except IntegrityError:
        raise RhythmChangedMeanwhile from None
    record(RhythmSet(**_facts(rhythm)), by=by, at=at)
    return rhythm


@transaction.atomic
def end_rhythm(rhythm: Rhythm, *, ends_on: date, by: Person, at: datetime) -> Rhythm:
    """Take a habit back from a day on; what the team above or the company asks holds again.

    Raises NotAllowed, Invalid when it has ended already.
    """
    lock(rhythm)
    require(policies.may_set_rhythm(by, rhythm.team))
    if rhythm.ends_on is not None:
        raise Invalid({"ends_on": [_("This has ended already.")]})
    rhythm.ends_on = max(ends_on, rhythm.starts_on)
    save(rhythm, at=at)
    record(RhythmEnded(**_facts(rhythm)), by=by, at=at)
    return rhythm


def _facts(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "rhythm_id": rhythm.pk,
        "kind": rhythm.type,
        "team_id": rhythm.team_id,
        "weekday": rhythm.weekday,
        "due_time": f"{rhythm.due_time:%H:%M}",
        "is_required": rhythm.is_required,
        "starts_on": rhythm.starts_on,
        "ends_on": rhythm.ends_on,
    }
