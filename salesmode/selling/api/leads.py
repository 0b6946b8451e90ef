"""Leads for programs."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.customers.models import Customer
from salesmode.kernel.api import (
    Id,
    In,
    Line,
    MoneyIn,
    Name,
    Paging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.people.models import Person
from salesmode.selling import operations
from salesmode.selling.api.deals import DealHandOverIn, Short
from salesmode.selling.models import Lead, Process

leads = Router(tags=["leads"])

Place = Annotated[str, Field(max_length=40), *Text.__metadata__]
Phone = Annotated[str, Field(max_length=60), *Text.__metadata__]
Email = Annotated[str, Field(max_length=254), *Text.__metadata__]


class LeadIn(In):
    """Somebody who might become a customer; without an owner they wait to be claimed."""

    name: Name
    company_name: Line = ""
    title: Annotated[str, Field(max_length=120), *Text.__metadata__] = ""
    phone: Phone = ""
    email: Email = ""
    source: Short = ""
    industry: Short = ""
    province: Place = ""
    city: Place = ""
    notes: Text = ""
    external_key: Short = ""
    owner_id: Id | None = None
    custom: dict[str, Any] = {}


class LeadChange(In):
    """What can change while a lead is open."""

    name: Name | None = None
    company_name: Line | None = None
    title: Annotated[str, Field(max_length=120), *Text.__metadata__] | None = None
    phone: Phone | None = None
    email: Email | None = None
    source: Short | None = None
    industry: Short | None = None
    province: Place | None = None
    city: Place | None = None
    notes: Text | None = None
    external_key: Short | None = None
    custom: dict[str, Any] | None = None


class LeadDealIn(In):
    """The deal that a lead is to become."""

    title: Name
    amount: MoneyIn | None = None
    closes_on: date | None = None
    process_id: Id | None = None


class ConvertIn(In):
    """A customer that we have, or the name of a new one; and perhaps a deal."""

    customer_id: Id | None = None
    customer_name: Line = ""
    deal: LeadDealIn | None = None


class RejectIn(In):
    """Why a lead is given up."""

    reason: Annotated[str, Field(min_length=1, max_length=200), *Text.__metadata__]


class LeadOut(RecordOut):
    """A lead."""

    name: str
    company_name: str
    title: str
    phone: str
    email: str
    source: str
    industry: str
    province: str
    city: str
    status: str
    owner_id: int | None
    claimed_at: datetime | None
    first_response_at: datetime | None
    closed_at: datetime | None
    rejected_reason: str
    customer_id: int | None
    contact_id: int | None
    deal_id: int | None
    external_key: str
    custom: dict[str, Any]


class LeadList(Schema):
    """One page of leads."""

    items: list[LeadOut]
    next: str | None


SHOWN = (
    "name", "company_name", "title", "phone", "email", "source", "industry", "province", "city", "status", "owner_id",
    "claimed_at", "first_response_at", "closed_at", "rejected_reason", "customer_id", "contact_id", "deal_id",
    "external_key",
)  # fmt: skip


def _lead(lead: Lead) -> dict[str, Any]:
    return record_fields(lead) | {name: getattr(lead, name) for name in SHOWN}


def _loaded(request: HttpRequest, lead_id: int) -> Lead:
    return load(Lead.objects.all(), lead_id, caller(request))


@leads.get("", response=responses(LeadList), operation_id="list_leads")
def list_leads(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the leads that you may see."""
    return listed(request, "lead", _lead)


@leads.post("", response=responses(LeadOut, status=201), operation_id="create_lead")
def create_lead(request: HttpRequest, payload: LeadIn) -> HttpResponse:
    """Bring a lead in."""
    person = caller(request)
    owner = visible(Person.objects.all(), payload.owner_id, "owner_id", person)
    given = payload.model_dump(exclude={"owner_id"})
    return answer(_lead(operations.create_lead(**given, owner=owner, by=person, at=now())), status=201)


@leads.get("/{int:lead_id}", response=responses(LeadOut), operation_id="get_lead")
def get_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Read one lead."""
    return answer(_lead(_loaded(request, lead_id)))


@leads.patch("/{int:lead_id}", response=responses(LeadOut), operation_id="amend_lead")
def amend_lead(request: HttpRequest, lead_id: int, payload: LeadChange) -> HttpResponse:
    """Change what we know of a lead."""
    person = caller(request)
    lead, version = _loaded(request, lead_id), expected_version(request)
    given = payload.model_dump(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None}
    return answer(_lead(operations.amend_lead(lead, **changes, version=version, by=person, at=now())))


@leads.post("/{int:lead_id}/claim", response=responses(LeadOut), operation_id="claim_lead")
def claim_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a lead that waits for somebody; one of many who try gets it."""
    person = caller(request)
    return answer(_lead(operations.claim_lead(_loaded(request, lead_id), by=person, at=now())))


@leads.post("/{int:lead_id}/release", response=responses(LeadOut), operation_id="release_lead")
def release_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Let a lead wait for somebody else."""
    person = caller(request)
    return answer(_lead(operations.release_lead(_loaded(request, lead_id), by=person, at=now())))


@leads.post("/{int:lead_id}/respond", response=responses(LeadOut), operation_id="respond_to_lead")
def respond_to_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Note that somebody spoke to a lead; only the first time counts."""
    person = caller(request)
    return answer(_lead(operations.respond_to_lead(_loaded(request, lead_id), by=person, at=now())))


@leads.post("/{int:lead_id}/convert", response=responses(LeadOut), operation_id="convert_lead")
def convert_lead(request: HttpRequest, lead_id: int, payload: ConvertIn | None = None) -> HttpResponse:
    """Make a customer of a lead, and perhaps a deal."""
    person = caller(request)
    lead, given = _loaded(request, lead_id), payload or ConvertIn()
    customer = visible(Customer.objects.all(), given.customer_id, "customer_id", person)
    draft = None
    if given.deal is not None:
        process = visible(Process.objects.all(), given.deal.process_id, "deal.process_id", person)
        worth = given.deal.amount.model_dump() if given.deal.amount else {}
        draft = operations.DealDraft(given.deal.title, closes_on=given.deal.closes_on, process=process, **worth)
    named = {"customer": customer, "customer_name": given.customer_name, "deal": draft}
    return answer(_lead(operations.convert_lead(lead, **named, by=person, at=now())))


@leads.post("/{int:lead_id}/reject", response=responses(LeadOut), operation_id="reject_lead")
def reject_lead(request: HttpRequest, lead_id: int, payload: RejectIn) -> HttpResponse:
    """Give a lead up, and say why."""
    person = caller(request)
    return answer(_lead(operations.reject_lead(_loaded(request, lead_id), reason=payload.reason, by=person, at=now())))


@leads.post("/{int:lead_id}/hand-over", response=responses(LeadOut), operation_id="hand_over_lead")
def hand_over_lead(request: HttpRequest, lead_id: int, payload: DealHandOverIn) -> HttpResponse:
    """Give a lead to somebody else."""
    person = caller(request)
    lead = _loaded(request, lead_id)
    to = visible(Person.objects.all(), payload.owner_id, "owner_id", person)
    return answer(_lead(operations.hand_over_lead(lead, to=to, by=person, at=now())))
