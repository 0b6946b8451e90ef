"""People, teams and the audit log for programs."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Name,
    Paging,
    PlainPaging,
    RecordOut,
    answer,
    caller,
    expected_version,
    listed,
    load,
    paged,
    record_fields,
    responses,
    visible,
    written_once,
)
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotFound
from salesmode.people import operations
from salesmode.people.models import Person, Team

people = Router(tags=["people"])
teams = Router(tags=["teams"])
audit = Router(tags=["audit"])
ROUTERS = {"people": people, "teams": teams, "audit": audit}


class PersonIn(In):
    """Somebody who is to work here; they set their password themselves."""

    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    name: Annotated[Name, Field(max_length=120)]
    role: Person.Role = Person.Role.SELLER
    team_id: Id | None = None
    title: Annotated[Line, Field(max_length=120)] = ""
    phone: Annotated[Line, Field(max_length=40)] = ""
    started_on: date | None = None


class PersonChange(In):
    """What can change about somebody who works here."""

    name: Annotated[Name, Field(max_length=120)] | None = None
    role: Person.Role | None = None
    team_id: Id | None = None
    title: Annotated[Line, Field(max_length=120)] | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None


class LeavingIn(In):
    """Who takes over what somebody leaves behind; nobody, unless told."""

    hand_over_to: Id | None = None


class TeamIn(In):
    """A team to be founded."""

    name: Annotated[Name, Field(max_length=120)]
    parent_id: Id | None = None
    lead_id: Id | None = None


class TeamChange(In):
    """What can change about a team."""

    name: Annotated[Name, Field(max_length=120)] | None = None
    parent_id: Id | None = None
    lead_id: Id | None = None


class PersonOut(RecordOut):
    """Somebody who works here."""

    email: str
    name: str
    role: str
    team_id: int | None
    title: str
    phone: str
    is_active: bool
    custom: dict[str, Any]


class TeamOut(RecordOut):
    """A team."""

    name: str
    parent_id: int | None
    lead_id: int | None
    custom: dict[str, Any]


class EventOut(RecordOut):
    """Something that happened; it never changes."""

    name: str
    subject_kind: str
    subject_id: int
    actor_id: int
    happened_at: datetime
    facts: dict[str, Any]


class PersonList(Schema):
    """One page of people."""

    items: list[PersonOut]
    next: str | None


class TeamList(Schema):
    """One page of teams."""

    items: list[TeamOut]
    next: str | None


class EventList(Schema):
    """One page of what happened, the latest first."""

    items: list[EventOut]
    next: str | None


class AuditQuery(PlainPaging):
    """Which events are asked for."""

    name: Annotated[str, Field(max_length=80)] = ""
    actor: Id | None = None


def _person(person: Person) -> dict[str, Any]:
    return record_fields(person) | {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "team_id": person.team_id,
        "title": person.title,
        "phone": person.phone,
        "is_active": person.is_active,
    }


def _team(team: Team) -> dict[str, Any]:
    return record_fields(team) | {"name": team.name, "parent_id": team.parent_id, "lead_id": team.lead_id}


def _known_team(key: int | None, field: str) -> Team | None:
    if key is None:
        return None
    team = Team.objects.filter(pk=key).first()
    if team is None:
        raise Invalid({field: [_("There is no such team.")]})
    return team


@people.get("", response=responses(PersonList), operation_id="list_people")
def list_people(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List who works here."""
    return listed(request, "person", _person)


@people.post("", response=responses(PersonOut, status=201), operation_id="create_person")
def create_person(request: HttpRequest, payload: PersonIn) -> HttpResponse:
    """Let somebody in; they set their password themselves."""
    given = payload.model_dump(exclude={"team_id"})
    team = _known_team(payload.team_id, "team_id")
    return answer(_person(operations.create_person(**given, team=team, by=caller(request), at=now())), status=201)


@people.get("/{int:person_id}", response=responses(PersonOut), operation_id="get_person")
def get_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Read about one person."""
    return answer(_person(load(Person.objects.all(), person_id, caller(request))))


@people.patch("/{int:person_id}", response=responses(PersonOut), operation_id="amend_person")
def amend_person(request: HttpRequest, person_id: int, payload: PersonChange) -> HttpResponse:
    """Change somebody's role, team or details."""
    by = caller(request)
    person = load(Person.objects.all(), person_id, by)
    changes = {name: value for name, value in payload.model_dump(exclude_unset=True).items() if value is not None}
    if "team_id" in payload.model_fields_set:
        changes.pop("team_id", None)
        changes["team"] = _known_team(payload.team_id, "team_id")
    version = expected_version(request)
    return answer(_person(operations.amend_person(person, version=version, by=by, at=now(), **changes)))


@people.post("/{int:person_id}/deactivate", response=responses(PersonOut), operation_id="deactivate_person")
def deactivate_person(request: HttpRequest, person_id: int, payload: LeavingIn) -> HttpResponse:
    """Close the door to somebody at once, and hand over what they owned."""
    by = caller(request)
    person = load(Person.objects.all(), person_id, by)
    heir = visible(Person.objects.active(), payload.hand_over_to, "hand_over_to", by)
    operations.deactivate_person(person, by=by, at=now())
    if heir is not None:
        operations.hand_over_everything(person, to=heir, by=by, at=now())
    person.refresh_from_db()
    return answer(_person(person))


@teams.get("", response=responses(TeamList), operation_id="list_teams")
def list_teams(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List the teams."""
    return paged(request, Team.objects.all(), _team)


@teams.post("", response=responses(TeamOut, status=201), operation_id="create_team")
def create_team(request: HttpRequest, payload: TeamIn) -> HttpResponse:
    """Found a team."""
    by = caller(request)
    parent = _known_team(payload.parent_id, "parent_id")
    lead = visible(Person.objects.active(), payload.lead_id, "lead_id", by)
    return answer(
        _team(operations.create_team(name=payload.name, parent=parent, lead=lead, by=by, at=now())), status=201
    )


@teams.get("/{int:team_id}", response=responses(TeamOut), operation_id="get_team")
def get_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Read one team."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return answer(_team(team))


@teams.patch("/{int:team_id}", response=responses(TeamOut), operation_id="amend_team")
def amend_team(request: HttpRequest, team_id: int, payload: TeamChange) -> HttpResponse:
    """Rename or move a team, or give it another lead."""
    by = caller(request)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise NotFound
    changes: dict[str, Any] = {} if payload.name is None else {"name": payload.name}
    if "parent_id" in payload.model_fields_set:
        changes["parent"] = _known_team(payload.parent_id, "parent_id")
    if "lead_id" in payload.model_fields_set:
        changes["lead"] = visible(Person.objects.active(), payload.lead_id, "lead_id", by)
    return answer(_team(operations.amend_team(team, version=expected_version(request), by=by, at=now(), **changes)))


@audit.get("", response=responses(EventList), operation_id="list_audit")
def list_audit(request: HttpRequest, asked: Query[AuditQuery]) -> HttpResponse:
    """List what happened, the latest first."""
    rows = EventRecord.objects.all()
    if asked.name:
        rows = rows.filter(name=asked.name)
    if asked.actor is not None:
        rows = rows.filter(actor_id=asked.actor)
    return paged(request, rows, _event, newest_first=True)


@audit.get("/{int:event_id}", response=responses(EventOut), operation_id="get_audit")
def get_audit(request: HttpRequest, event_id: int) -> HttpResponse:
    """Read one thing that happened."""
    row = EventRecord.objects.filter(pk=event_id).first()
    if row is None:
        raise NotFound
    return answer(_event(row))


def _event(row: EventRecord) -> dict[str, Any]:
    return written_once(row, row.recorded_at) | {
        "name": row.name,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "actor_id": row.actor_id,
        "happened_at": row.happened_at,
        "facts": row.facts,
    }
