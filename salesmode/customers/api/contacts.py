"""Contacts for programs."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from salesmode.customers import operations, queries
from salesmode.customers.api.bodies import changes_of
from salesmode.customers.models import Contact
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
    load,
    record_fields,
    responses,
)

contacts = Router(tags=["contacts"])


class ContactFields(In):
    """What can be said of a contact."""

    title: Line = ""
    department: Line = ""
    phone: Line = ""
    mobile: Line = ""
    email: Line = ""
    wechat: Line = ""
    is_decision_maker: bool = False
    birthday: date | None = None
    notes: Text = ""
    external_key: Line = ""
    customer_id: Id | None = None
    custom: dict[str, Any] = {}


class ContactIn(ContactFields):
    """A contact to be."""

    name: Name


class ContactChange(ContactFields):
    """What is to be different; what is not named stays."""

    name: Name | None = None


class ContactOut(RecordOut):
    """A contact."""

    name: str
    customer_id: int | None
    owner_id: int | None
    title: str
    department: str
    phone: str
    mobile: str
    email: str
    wechat: str
    is_decision_maker: bool
    birthday: date | None
    notes: str
    left_at: AwareDatetime | None
    erased_at: AwareDatetime | None
    external_key: str
    custom: dict[str, Any]


class ErasureIn(In):
    """Why a contact's personal data is erased."""

    reason: Literal["asked", "not_needed", "by_mistake"]


class HeldOut(Schema):
    """Everything that is held about a contact."""

    contact: dict[str, Any]
    interactions: list[dict[str, Any]]
    files: list[dict[str, Any]]
    history: list[dict[str, Any]]
    leads: list[dict[str, Any]]
    deals: list[dict[str, Any]]


class ContactList(Schema):
    """One page of contacts."""

    items: list[ContactOut]
    next: str | None


def _contact(row: Contact) -> dict[str, Any]:
    names = (
        "name", "customer_id", "owner_id", "title", "department", "phone", "mobile", "email", "wechat",
        "is_decision_maker", "birthday", "notes", "left_at", "erased_at", "external_key",
    )  # fmt: skip
    return record_fields(row) | {name: getattr(row, name) for name in names}


@contacts.get("", response=responses(ContactList), operation_id="list_contacts")
def list_contacts(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the contacts that you may see."""
    return listed(request, "contact", _contact)


@contacts.post("", response=responses(ContactOut, status=201), operation_id="create_contact")
def create_contact(request: HttpRequest, payload: ContactIn) -> HttpResponse:
    """Add somebody at a customer."""
    person = caller(request)
    details = changes_of(payload, person)
    return answer(_contact(operations.create_contact(by=person, at=now(), **details)), status=201)


@contacts.get("/{int:contact_id}", response=responses(ContactOut), operation_id="get_contact")
def get_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Read one contact."""
    return answer(_contact(load(Contact.objects.all(), contact_id, caller(request))))


@contacts.patch("/{int:contact_id}", response=responses(ContactOut), operation_id="amend_contact")
def amend_contact(request: HttpRequest, contact_id: int, payload: ContactChange) -> HttpResponse:
    """Change what we know of a contact."""
    person = caller(request)
    contact = load(Contact.objects.all(), contact_id, person)
    version = expected_version(request)
    changes = changes_of(payload, person)
    return answer(_contact(operations.amend_contact(contact, version=version, by=person, at=now(), **changes)))


@contacts.post("/{int:contact_id}/left", response=responses(ContactOut), operation_id="mark_contact_left")
def mark_contact_left(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note that somebody is no longer with the customer."""
    person = caller(request)
    contact = load(Contact.objects.all(), contact_id, person)
    return answer(_contact(operations.mark_contact_left(contact, by=person, at=now())))


@contacts.post("/{int:contact_id}/erase", response=responses(ContactOut), operation_id="erase_contact")
def erase_contact(request: HttpRequest, contact_id: int, payload: ErasureIn) -> HttpResponse:
    """Erase what is personal about a contact for good; figures and history stay, without the name."""
    person = caller(request)
    contact = load(Contact.objects.all(), contact_id, person)
    return answer(_contact(operations.erase_contact(contact, reason=payload.reason, by=person, at=now())))


@contacts.post("/{int:contact_id}/hand-out", response=responses(HeldOut), operation_id="hand_out_contact")
def hand_out_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take out everything that is held about a contact; that it was taken out is written down."""
    person = caller(request)
    contact = load(Contact.objects.all(), contact_id, person)
    return answer(queries.held_about(operations.hand_out_contact(contact, by=person, at=now())))
