"""Interactions for programs."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from salesmode.customers import operations
from salesmode.customers.api.bodies import changes_of
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.kernel.api import (
    Id,
    In,
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
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.refusals import Invalid

interactions = Router(tags=["interactions"])


class InteractionFields(In):
    """What can be said of a contact with a customer."""

    channel: Interaction.Channel = Interaction.Channel.CALL
    content: Annotated[Text, Field(max_length=20_000)] = ""
    contact_id: Id | None = None
    is_inbound: bool = False
    happened_at: AwareDatetime | None = None
    next_contact_at: AwareDatetime | None = None
    minutes: Annotated[int, Field(ge=0, le=10_000)] | None = None
    custom: dict[str, Any] = {}


class AboutIn(In):
    """What it was about besides the customer."""

    kind: Literal["deal", "lead", "order"]
    id: Id


class InteractionIn(InteractionFields):
    """A contact with a customer, possibly about a deal or a lead."""

    customer_id: Id | None = None
    about: AboutIn | None = None


class InteractionOut(RecordOut):
    """A contact with a customer."""

    customer_id: int | None
    contact_id: int | None
    about: dict[str, Any] | None
    by_id: int
    channel: str
    content: str
    is_inbound: bool
    happened_at: AwareDatetime
    next_contact_at: AwareDatetime | None
    minutes: int | None
    custom: dict[str, Any]


class InteractionList(Schema):
    """One page of interactions."""

    items: list[InteractionOut]
    next: str | None


def _interaction(row: Interaction) -> dict[str, Any]:
    names = (
        "customer_id", "contact_id", "by_id", "channel", "content", "is_inbound", "happened_at", "next_contact_at",
        "minutes",
    )  # fmt: skip
    about = {"kind": row.subject_kind, "id": row.subject_id} if row.subject_kind else None
    return record_fields(row) | {name: getattr(row, name) for name in names} | {"about": about}


@interactions.get("", response=responses(InteractionList), operation_id="list_interactions")
def list_interactions(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the interactions that you may see."""
    return listed(request, "interaction", _interaction)


@interactions.post("", response=responses(InteractionOut, status=201), operation_id="log_interaction")
def log_interaction(request: HttpRequest, payload: InteractionIn) -> HttpResponse:
    """Write down a contact with a customer, and when to speak next."""
    person = caller(request)
    details = changes_of(payload, person)
    customer, about = details.pop("customer", None), None
    if payload.about is not None:
        rows = LISTINGS[payload.about.kind].base(person) if payload.about.kind in LISTINGS else Customer.objects.none()
        about = rows.filter(pk=payload.about.id).first()
        if about is None:
            raise Invalid({"about": [_("There is no such record, or you may not see it.")]})
    if customer is None and about is None:
        raise Invalid({"customer_id": [_("Say with which customer, or about what.")]})
    details.pop("about", None)
    details["contact"] = visible(Contact.objects.all(), details.pop("contact_id", None), "contact_id", person)
    made = operations.log_interaction(customer, about=about, by=person, at=now(), **details)
    return answer(_interaction(made), status=201)


@interactions.get("/{int:interaction_id}", response=responses(InteractionOut), operation_id="get_interaction")
def get_interaction(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Read one interaction."""
    return answer(_interaction(load(Interaction.objects.all(), interaction_id, caller(request))))


@interactions.patch("/{int:interaction_id}", response=responses(InteractionOut), operation_id="amend_interaction")
def amend_interaction(request: HttpRequest, interaction_id: int, payload: InteractionFields) -> HttpResponse:
    """Correct what was written about a contact with a customer."""
    person = caller(request)
    found = load(Interaction.objects.all(), interaction_id, person)
    version = expected_version(request)
    changes = changes_of(payload, person)
    if "contact_id" in payload.model_fields_set:
        changes.pop("contact_id", None)
        changes["contact"] = visible(Contact.objects.all(), payload.contact_id, "contact_id", person)
    return answer(_interaction(operations.amend_interaction(found, version=version, by=person, at=now(), **changes)))
