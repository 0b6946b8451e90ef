"""Take up a mode or single practices: all of it or nothing, and only what was seen before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, require, save
from salesmode.kernel.refusals import Refusal
from salesmode.modes import policies, queries
from salesmode.modes.events import AdoptionMade, PracticeAdopted
from salesmode.modes.models import AdoptedPractice, Adoption, ChangedSetting
from salesmode.modes.operations.facts import adoption_facts, practice_facts
from salesmode.modes.operations.holding import hold_the_modes
from salesmode.people.models import Person, Team


class PreviewStale(Refusal):
    """What was looked at is not what would be changed now."""

    def __init__(self) -> None:
        super().__init__(
            _("Something changed since you looked at the preview. Look at what would change now, and confirm again.")
        )


class AlreadyAdopted(Refusal):
    """There is nothing left to take up."""

    def __init__(self) -> None:
        super().__init__(_("All of this was adopted already."))


@transaction.atomic
def adopt(
    *,
    team: Team | None = None,
    mode: str = "",
    practices: Sequence[str] = (),
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    from_day: date,
    seen: str,
    note: str = "",
    by: Person,
    at: datetime,
) -> Adoption:
    """Take up a mode or practices for a team or the company from a day on; `seen` is the mark of the preview.

    Raises NotAllowed, Invalid, PreviewStale when a setting moved since, AlreadyAdopted; and whatever an app's own
    operation refuses: then nothing at all is changed.
    """
    require(policies.may_adopt_mode(by) if mode else policies.may_adopt_practices(by, team))
    hold_the_modes()
    shown = queries.preview(team=team, mode=mode, practices=practices, parameters=parameters, from_day=from_day)
    if shown.mark != seen:
        raise PreviewStale
    own = Adoption.objects.in_force().filter(team=team, mode=mode) if mode else Adoption.objects.none()
    if not shown.practices and (not mode or own.exists()):
        raise AlreadyAdopted
    adoption = Adoption(team=team, mode=mode, from_day=from_day, note=note, by=by)
    fit(adoption)
    save(adoption, at=at)
    rows = {
        each.code: _take_up(adoption, each.code, shown.parameters[each.code], by=by, at=at) for each in shown.practices
    }
    positions = dict.fromkeys(rows, 0)
    for change in shown.changes:
        code = change.practice.code
        if not change.is_same:
            change.part.apply(team, change.after, from_day, by, at)
        ChangedSetting.objects.create(
            practice=rows[code], position=positions[code], part=change.part.code, slot=change.slot,
            asked=change.after,
            before=change.before, after=change.now(team, from_day),
        )  # fmt: skip
        positions[code] += 1
    facts = adoption_facts(adoption, sorted(rows))
    record(AdoptionMade(**facts, settings_changed=sum(not each.is_same for each in shown.changes)), by=by, at=at)
    for row in rows.values():
        record(PracticeAdopted(**practice_facts(row)), by=by, at=at)
    return adoption


def _take_up(
    adoption: Adoption, code: str, parameters: Mapping[str, Any], *, by: Person, at: datetime
) -> AdoptedPractice:
    row = AdoptedPractice(
        adoption=adoption, team=adoption.team, code=code, mode=adoption.mode, parameters=dict(parameters),
        from_day=adoption.from_day,
    )  # fmt: skip
    try:
        with transaction.atomic():
            save(row, at=at)
    except IntegrityError as error:
        if "practice_is_adopted_once" not in str(error):
            raise
        raise PreviewStale from None
    return row
