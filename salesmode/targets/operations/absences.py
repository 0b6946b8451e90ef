"""Write down when somebody is away."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.people.models import Person
from salesmode.targets import policies
from salesmode.targets.events import AbsenceNoted, AbsenceWithdrawn
from salesmode.targets.models import Absence


@transaction.atomic
def note_absence(
    *, person: Person, first_on: date, last_on: date, kind_of: str = "leave", by: Person, at: datetime
) -> Absence:
    """Write down that somebody is away from a day to a day, both included: these days are not asked of them.

    Raises NotAllowed, Invalid for days in the wrong order.
    """
    require(policies.may_note_absence(by, person))
    absence = Absence(owner=person, first_on=first_on, last_on=last_on, kind_of=kind_of)
    absence.ensure_valid()
    fit(absence)
    save(absence, at=at)
    record(AbsenceNoted(**_facts(absence)), by=by, at=at)
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: Person, at: datetime, version: int | None = None) -> None:
    """Take back that somebody is away.

    Raises NotAllowed, Stale.
    """
    lock(absence, version=version)
    require(policies.may_withdraw_absence(by, absence))
    facts = _facts(absence)
    Absence.objects.filter(pk=absence.pk).delete()
    record(AbsenceWithdrawn(**facts), by=by, at=at)


def _facts(absence: Absence) -> dict[str, Any]:
    return {
        "absence_id": absence.pk,
        "owner_id": absence.owner_id,
        "first_on": absence.first_on,
        "last_on": absence.last_on,
        "kind_of": absence.kind_of,
    }
