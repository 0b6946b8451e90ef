"""Deals for programs."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.catalog.models import Product
from salesmode.customers.models import Contact, Customer
from salesmode.kernel.api import (
    Id,
    In,
    MoneyIn,
    MoneyOut,
    Name,
    Paging,
    RecordOut,
    Text,
    UnitPrice,
    answer,
    caller,
    expected_version,
    found,
    listed,
    load,
    money,
    record_fields,
    responses,
    visible,
)
from salesmode.people.models import Person
from salesmode.selling import operations
from salesmode.selling.models import Deal, DealLine, LossReason, Process, Stage

deals = Router(tags=["deals"])

Short = Annotated[str, Field(max_length=80), *Text.__metadata__]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, allow_inf_nan=False)]


class DealLineIn(In):
    """One line of a deal; without a price, the list price."""

    product_id: Id
    quantity: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=3, allow_inf_nan=False)] = Decimal(1)
    price: UnitPrice | None = None
    discount: Percent = Decimal(0)


class DealIn(In):
    """A deal to be; without process and stage, the first stage of the default process; with lines, their sum."""

    title: Name
    customer_id: Id | None = None
    contact_id: Id | None = None
    owner_id: Id | None = None
    process_id: Id | None = None
    stage_id: Id | None = None
    amount: MoneyIn | None = None
    closes_on: date | None = None
    source: Short = ""
    type: Annotated[str, Field(max_length=40), *Text.__metadata__] = ""
    next_step: Annotated[str, Field(max_length=300), *Text.__metadata__] = ""
    notes: Text = ""
    external_key: Short = ""
    lines: Annotated[list[DealLineIn], Field(max_length=200)] = []
    custom: dict[str, Any] = {}


class DealChange(In):
    """What can change; amount, customer, close date and category only while the deal is open."""

    title: Name | None = None
    customer_id: Id | None = None
    contact_id: Id | None = None
    amount: MoneyIn | None = None
    closes_on: date | None = None
    category: Stage.Category | None = None
    probability: Percent | None = None
    source: Short | None = None
    type: Annotated[str, Field(max_length=40), *Text.__metadata__] | None = None
    next_step: Annotated[str, Field(max_length=300), *Text.__metadata__] | None = None
    notes: Text | None = None
    external_key: Short | None = None
    lines: Annotated[list[DealLineIn], Field(max_length=200)] | None = None
    custom: dict[str, Any] | None = None


class MoveIn(In):
    """Which stage to enter."""

    stage_id: Id


class WinIn(In):
    """Whose deal it is, when nobody has said so yet."""

    customer_id: Id | None = None


class LoseIn(In):
    """Why a deal was lost, and to whom."""

    loss_reason_id: Id | None = None
    competitor: Annotated[str, Field(max_length=120), *Text.__metadata__] = ""


class DealHandOverIn(In):
    """Whose a record is to be."""

    owner_id: Id


class DealLineOut(Schema):
    """One line of a deal."""

    product_id: int
    quantity: str
    price: MoneyOut
    discount: str
    amount: MoneyOut


class DealOut(RecordOut):
    """A deal."""

    title: str
    customer_id: int | None
    contact_id: int | None
    owner_id: int
    process_id: int
    stage_id: int
    stage_entered_at: datetime
    probability: str
    category: str
    own_category: str
    amount: MoneyOut
    closes_on: date | None
    push_count: int
    source: str
    type: str
    next_step: str
    outcome: str
    opened_at: datetime
    decided_at: datetime | None
    loss_reason_id: int | None
    competitor: str
    external_key: str
    custom: dict[str, Any]


class WholeDealOut(DealOut):
    """A deal with its notes and lines."""

    notes: str
    lines: list[DealLineOut]


class DealList(Schema):
    """One page of deals."""

    items: list[DealOut]
    next: str | None


def _deal(deal: Deal) -> dict[str, Any]:
    return record_fields(deal) | {
        "title": deal.title,
        "customer_id": deal.customer_id,
        "contact_id": deal.contact_id,
        "owner_id": deal.owner_id,
        "process_id": deal.process_id,
        "stage_id": deal.stage_id,
        "stage_entered_at": deal.stage_entered_at,
        "probability": f"{deal.probability:.2f}",
        "category": deal.category,
        "own_category": deal.own_category,
        "amount": money(deal.amount, deal.currency),
        "closes_on": deal.closes_on,
        "push_count": deal.push_count,
        "source": deal.source,
        "type": deal.type,
        "next_step": deal.next_step,
        "outcome": deal.outcome,
        "opened_at": deal.opened_at,
        "decided_at": deal.decided_at,
        "loss_reason_id": deal.loss_reason_id,
        "competitor": deal.competitor,
        "external_key": deal.external_key,
    }


def _whole(deal: Deal) -> dict[str, Any]:
    return _with_lines(deal, deal.lines.order_by("position", "id"))


def _with_lines(deal: Deal, lines: Iterable[DealLine]) -> dict[str, Any]:
    return _deal(deal) | {"notes": deal.notes, "lines": [_line(line, deal.currency) for line in lines]}


def _line(line: DealLine, currency: str) -> dict[str, Any]:
    return {
        "product_id": line.product_id,
        "quantity": line.quantity,
        "price": money(line.price, currency),
        "discount": line.discount,
        "amount": money(line.amount, currency),
    }


def _drafts(given: list[DealLineIn], person: Person) -> list[operations.LineDraft]:
    return [
        operations.LineDraft(
            visible(Product.objects, line.product_id, f"lines.{place}.product_id", person),
            line.quantity,
            line.price,
            line.discount,
        )
        for place, line in enumerate(given)
    ]


def _stage(key: int, person: Person) -> Stage:
    return found(Stage.objects.one_to_enter(person, key), "stage_id")


def _loaded(request: HttpRequest, deal_id: int) -> Deal:
    return load(Deal.objects, deal_id, caller(request))


@deals.get("", response=responses(DealList), operation_id="list_deals")
def list_deals(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the deals that you may see."""
    return listed(request, "deal", _deal)


@deals.post("", response=responses(WholeDealOut, status=201), operation_id="open_deal")
def open_deal(request: HttpRequest, payload: DealIn) -> HttpResponse:
    """Open a deal."""
    person = caller(request)
    given = payload.model_dump(
        include={"title", "closes_on", "source", "type", "next_step", "notes", "external_key", "custom"}
    )
    if payload.amount is not None:
        given |= payload.amount.model_dump()
    deal = operations.open_deal(
        **given,
        customer=visible(Customer.objects, payload.customer_id, "customer_id", person),
        contact=visible(Contact.objects, payload.contact_id, "contact_id", person),
        owner=visible(Person.objects, payload.owner_id, "owner_id", person),
        process=visible(Process.objects, payload.process_id, "process_id", person),
        stage=_stage(payload.stage_id, person) if payload.stage_id else None,
        lines=_drafts(payload.lines, person),
        by=person,
        at=now(),
    )
    return answer(_whole(deal) if payload.lines else _with_lines(deal, ()), status=201)


@deals.get("/{int:deal_id}", response=responses(WholeDealOut), operation_id="get_deal")
def get_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Read one deal with its lines."""
    return answer(_whole(_loaded(request, deal_id)))


@deals.patch("/{int:deal_id}", response=responses(WholeDealOut), operation_id="amend_deal")
def amend_deal(request: HttpRequest, deal_id: int, payload: DealChange) -> HttpResponse:
    """Change a deal's details, or its lines."""
    person = caller(request)
    deal, version = _loaded(request, deal_id), expected_version(request)
    given = payload.model_dump(exclude_unset=True, exclude={"customer_id", "contact_id", "amount", "lines"})
    changes = {name: value for name, value in given.items() if value is not None or name == "closes_on"}
    if "category" in given:
        changes["category"] = given["category"] or ""
    for name, rows in (("customer", Customer.objects.all()), ("contact", Contact.objects.all())):
        if f"{name}_id" in payload.model_fields_set:
            changes[name] = visible(rows, getattr(payload, f"{name}_id"), f"{name}_id", person)
    if payload.amount is not None:
        changes |= {"amount": payload.amount.amount, "currency": payload.amount.currency or deal.currency}
    lines = _drafts(payload.lines, person) if payload.lines is not None else None
    deal = operations.amend_deal(deal, lines=lines, **changes, version=version, by=person, at=now())
    return answer(_whole(deal))


@deals.post("/{int:deal_id}/move", response=responses(DealOut), operation_id="move_deal")
def move_deal(request: HttpRequest, deal_id: int, payload: MoveIn) -> HttpResponse:
    """Move a deal to another stage of its process."""
    person = caller(request)
    deal = _loaded(request, deal_id)
    stage = _stage(payload.stage_id, person)
    return answer(_deal(operations.move_deal(deal, stage=stage, by=person, at=now())))


@deals.post("/{int:deal_id}/win", response=responses(DealOut), operation_id="win_deal")
def win_deal(request: HttpRequest, deal_id: int, payload: WinIn | None = None) -> HttpResponse:
    """Close a deal as won; one without a customer needs one now."""
    person = caller(request)
    deal, named = _loaded(request, deal_id), payload.customer_id if payload else None
    customer = visible(Customer.objects, named, "customer_id", person)
    return answer(_deal(operations.win_deal(deal, customer=customer, by=person, at=now())))


@deals.post("/{int:deal_id}/lose", response=responses(DealOut), operation_id="lose_deal")
def lose_deal(request: HttpRequest, deal_id: int, payload: LoseIn | None = None) -> HttpResponse:
    """Close a deal as lost, and say why and to whom."""
    person = caller(request)
    deal, given = _loaded(request, deal_id), payload or LoseIn()
    reason = visible(LossReason.objects, given.loss_reason_id, "loss_reason_id", person)
    return answer(_deal(operations.lose_deal(deal, reason=reason, competitor=given.competitor, by=person, at=now())))


@deals.post("/{int:deal_id}/reopen", response=responses(DealOut), operation_id="reopen_deal")
def reopen_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take a decision back."""
    person = caller(request)
    return answer(_deal(operations.reopen_deal(_loaded(request, deal_id), by=person, at=now())))


@deals.post("/{int:deal_id}/hand-over", response=responses(DealOut), operation_id="hand_over_deal")
def hand_over_deal(request: HttpRequest, deal_id: int, payload: DealHandOverIn) -> HttpResponse:
    """Give a deal to somebody else."""
    person = caller(request)
    deal = _loaded(request, deal_id)
    to = visible(Person.objects, payload.owner_id, "owner_id", person)
    return answer(_deal(operations.hand_over_deal(deal, to=to, by=person, at=now())))
