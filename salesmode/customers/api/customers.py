"""Customers for programs."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from salesmode.customers import operations
from salesmode.customers.api.bodies import changes_of
from salesmode.customers.models import Customer
from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Name,
    Paging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    listed,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person

customers = Router(tags=["customers"])


Figure = Annotated[Decimal, Field(max_digits=18, decimal_places=3, allow_inf_nan=False)]
Tags = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=30)]
FIELDS = (
    "name", "type", "grade", "industry", "source", "country", "province", "city", "district", "address", "phone",
    "email", "website", "tax_number", "founded_in", "employees", "notes", "tags", "external_key", "owned_since",
    "last_interaction_at", "next_contact_at", "owner_id", "parent_id", "latitude", "longitude",
)  # fmt: skip


class CustomerFields(In):
    """What can be said of a customer."""

    type: Customer.Kind = Customer.Kind.COMPANY
    grade: Literal["", "A", "B", "C", "D"] = ""
    industry: Line = ""
    source: Line = ""
    country: Line = ""
    province: Line = ""
    city: Line = ""
    district: Line = ""
    address: Annotated[str, Field(max_length=300)] = ""
    phone: Line = ""
    email: Line = ""
    website: Line = ""
    tax_number: Line = ""
    founded_in: Annotated[int, Field(ge=1000, le=2200)] | None = None
    annual_revenue: Figure | None = None
    employees: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    parent_id: Id | None = None
    tags: Tags = []
    notes: Text = ""
    external_key: Line = ""
    custom: dict[str, Any] = {}


class CustomerIn(CustomerFields):
    """A customer to be. Without an owner it is yours; `to_pool` leaves it to whoever claims it."""

    name: Name
    owner_id: Id | None = None
    to_pool: bool = False


class CustomerChange(CustomerFields):
    """What is to be different; what is not named stays."""

    name: Name | None = None


class CustomerOut(RecordOut):
    """A customer."""

    name: str
    type: str
    grade: str
    industry: str
    source: str
    country: str
    province: str
    city: str
    district: str
    address: str
    phone: str
    email: str
    website: str
    tax_number: str
    founded_in: int | None
    annual_revenue: str | None
    employees: int | None
    latitude: float | None
    longitude: float | None
    notes: str
    tags: list[str]
    external_key: str
    owner_id: int | None
    parent_id: int | None
    owned_since: AwareDatetime | None
    last_interaction_at: AwareDatetime | None
    next_contact_at: AwareDatetime | None
    custom: dict[str, Any]


class CustomerList(Schema):
    """One page of customers."""

    items: list[CustomerOut]
    next: str | None


class CustomerHandOverIn(In):
    """Who is to look after it."""

    owner_id: Id


class ReleaseIn(In):
    """Why it goes back to the pool."""

    reason: Line = ""


class MergeIn(In):
    """The customers that are the same as this one."""

    customer_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]


class FollowUpIn(In):
    """When to speak next; null calls it off."""

    next_contact_at: AwareDatetime | None


def _customer(row: Customer) -> dict[str, Any]:
    revenue = None if row.annual_revenue is None else f"{row.annual_revenue:f}"
    return record_fields(row) | {name: getattr(row, name) for name in FIELDS} | {"annual_revenue": revenue}


def _reach(request: HttpRequest, customer_id: int) -> Customer:
    person = caller(request)
    return get_object_or_404(Customer.objects.reachable_by(person).select_related("owner"), pk=customer_id)


@customers.get("", response=responses(CustomerList), operation_id="list_customers")
def list_customers(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the customers that you may see."""
    return listed(request, "customer", _customer)


@customers.get("/pool", response=responses(CustomerList), operation_id="list_pool")
def list_pool(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the customers that nobody owns."""
    return listed(request, "pool", _customer)


@customers.post("", response=responses(CustomerOut, status=201), operation_id="create_customer")
def create_customer(request: HttpRequest, payload: CustomerIn) -> HttpResponse:
    """Add a customer."""
    person = caller(request)
    details = changes_of(payload, person)
    to_pool, owner_id = details.pop("to_pool", False), details.pop("owner_id", None)
    owner = visible(Person.objects.people(), owner_id, "owner_id", person) if owner_id else None
    if to_pool and owner is not None:
        raise Invalid({"to_pool": [_("Name an owner or put it into the pool, not both.")]})
    customer = operations.create_customer(owner=None if to_pool else owner or person, by=person, at=now(), **details)
    return answer(_customer(customer), status=201)


@customers.get("/{int:customer_id}", response=responses(CustomerOut), operation_id="get_customer")
def get_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Read one customer."""
    return answer(_customer(_reach(request, customer_id)))


@customers.patch("/{int:customer_id}", response=responses(CustomerOut), operation_id="amend_customer")
def amend_customer(request: HttpRequest, customer_id: int, payload: CustomerChange) -> HttpResponse:
    """Change what we know of a customer."""
    person = caller(request)
    customer = _reach(request, customer_id)
    version = expected_version(request)
    changes = changes_of(payload, person)
    return answer(_customer(operations.amend_customer(customer, version=version, by=person, at=now(), **changes)))


@customers.post("/{int:customer_id}/claim", response=responses(CustomerOut), operation_id="claim_customer")
def claim_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Take a customer out of the pool."""
    person = caller(request)
    return answer(_customer(operations.claim_customer(_reach(request, customer_id), by=person, at=now())))


@customers.post("/{int:customer_id}/release", response=responses(CustomerOut), operation_id="release_customer")
def release_customer(request: HttpRequest, customer_id: int, payload: ReleaseIn) -> HttpResponse:
    """Put a customer back into the pool."""
    person = caller(request)
    customer = _reach(request, customer_id)
    return answer(_customer(operations.release_customer(customer, reason=payload.reason, by=person, at=now())))


@customers.post("/{int:customer_id}/hand-over", response=responses(CustomerOut), operation_id="hand_over_customer")
def hand_over_customer(request: HttpRequest, customer_id: int, payload: CustomerHandOverIn) -> HttpResponse:
    """Give a customer to somebody else."""
    person = caller(request)
    customer = _reach(request, customer_id)
    to = visible(Person.objects.people(), payload.owner_id, "owner_id", person)
    return answer(_customer(operations.hand_over_customer(customer, to=to, by=person, at=now())))


@customers.post("/{int:customer_id}/merge", response=responses(CustomerOut), operation_id="merge_customers")
def merge_customers(request: HttpRequest, customer_id: int, payload: MergeIn) -> HttpResponse:
    """Merge other records of the same customer into this one."""
    person = caller(request)
    kept = _reach(request, customer_id)
    gone = [visible(Customer.objects.all(), key, "customer_ids", person) for key in payload.customer_ids]
    return answer(_customer(operations.merge_customers(kept, gone, by=person, at=now())))


@customers.post("/{int:customer_id}/follow-up", response=responses(CustomerOut), operation_id="schedule_follow_up")
def schedule_follow_up(request: HttpRequest, customer_id: int, payload: FollowUpIn) -> HttpResponse:
    """Plan when to speak with a customer next."""
    person = caller(request)
    customer = _reach(request, customer_id)
    planned = operations.schedule_follow_up(customer, next_contact_at=payload.next_contact_at, by=person, at=now())
    return answer(_customer(planned))
