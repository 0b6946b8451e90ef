"""Leave for programs: who is away when."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema

from salesmode.kernel.api import (
    Id,
    In,
    Paging,
    RecordOut,
    answer,
    caller,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.people.models import Person
from salesmode.targets import operations
from salesmode.targets.models import Absence

absences = Router(tags=["absences"])


class AbsenceIn(In):
    """Who is away (without a person, the caller), from a day to a day, both included."""

    person_id: Id | None = None
    first_on: date
    last_on: date
    kind: Absence.Kind = Absence.Kind.LEAVE


class AbsenceOut(RecordOut):
    """Some days on which somebody is away."""

    owner_id: int
    first_on: date
    last_on: date
    kind: str


class AbsenceList(Schema):
    """One page of absences."""

    items: list[AbsenceOut]
    next: str | None


def _absence(row: Absence) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("owner_id", "first_on", "last_on")}
    return record_fields(row) | shown | {"kind": row.kind_of}


@absences.get("", response=responses(AbsenceList), operation_id="list_absences")
def list_absences(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List absences."""
    return listed(request, "absence", _absence)


@absences.post("", response=responses(AbsenceOut, status=201), operation_id="note_absence")
def note_absence(request: HttpRequest, payload: AbsenceIn) -> HttpResponse:
    """Write down that somebody is away."""
    by = caller(request)
    someone = visible(Person.objects.people(), payload.person_id, "person_id", by) or by
    row = operations.note_absence(
        person=someone,
        first_on=payload.first_on,
        last_on=payload.last_on,
        kind_of=payload.kind.value,
        by=by,
        at=now(),
    )
    return answer(_absence(row), status=201)


@absences.get("/{int:absence_id}", response=responses(AbsenceOut), operation_id="get_absence")
def get_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Read one absence."""
    return answer(_absence(load(Absence.objects.all(), absence_id, caller(request))))


@absences.post("/{int:absence_id}/withdraw", response=responses(AbsenceOut), operation_id="withdraw_absence")
def withdraw_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take back that somebody is away; the answer is what it was."""
    row = load(Absence.objects.all(), absence_id, caller(request))
    operations.withdraw_absence(row, by=caller(request), at=now())
    return answer(_absence(row))
