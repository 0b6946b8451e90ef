"""Orders and payments for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.catalog.models import Product
from salesmode.customers.models import Customer
from salesmode.kernel.api import (
    Amount,
    Id,
    In,
    Line,
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
    listed,
    load,
    money,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.orders import operations
from salesmode.orders.models import Order, Payment
from salesmode.people.models import Person
from salesmode.selling.models import Deal

orders = Router(tags=["orders"])
payments = Router(tags=["payments"])
ROUTERS = {"orders": orders, "payments": payments}


class OrderLineIn(In):
    """One line of an order."""

    product_id: Id
    quantity: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=3, allow_inf_nan=False)] = Decimal(1)
    price: UnitPrice
    discount: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, allow_inf_nan=False)] = Decimal(0)


class OrderIn(In):
    """An order to be; without customer and title, those of the deal it is drafted from."""

    title: Name
    customer_id: Id
    deal_id: Id | None = None
    owner_id: Id | None = None
    amount: MoneyIn | None = None
    lines: Annotated[list[OrderLineIn], Field(max_length=200)] = []
    starts_on: date | None = None
    ends_on: date | None = None
    notes: Text = ""


class OrderChange(In):
    """What can change until an order is signed."""

    title: Name | None = None
    amount: MoneyIn | None = None
    lines: Annotated[list[OrderLineIn], Field(max_length=200)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    notes: Text | None = None


class InstalmentIn(In):
    """One part of the price and the day it is due."""

    due_on: date
    amount: Amount


class InstalmentsIn(In):
    """All parts of the price."""

    instalments: Annotated[list[InstalmentIn], Field(max_length=120)]


class SignIn(In):
    """The day on which the customer signed; today, unless told otherwise."""

    signed_on: date | None = None


class OrderReasonIn(In):
    """Why."""

    reason: Line = ""


class PaymentIn(In):
    """Money that came in on an order."""

    order_id: Id
    amount: MoneyIn
    received_on: date | None = None
    method: Payment.Method = Payment.Method.TRANSFER
    reference: Annotated[str, Field(max_length=120)] = ""
    notes: Text = ""


class OrderOut(RecordOut):
    """An order."""

    number: str
    title: str
    customer_id: int
    deal_id: int | None
    owner_id: int
    status: str
    amount: MoneyOut
    received: MoneyOut
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    notes: str
    custom: dict[str, Any]


class PaymentOut(RecordOut):
    """A payment."""

    number: str
    order_id: int
    owner_id: int
    amount: MoneyOut
    received_on: date
    method: str
    reference: str
    notes: str
    reverses_id: int | None


class OrderList(Schema):
    """One page of orders."""

    items: list[OrderOut]
    next: str | None


class PaymentList(Schema):
    """One page of payments."""

    items: list[PaymentOut]
    next: str | None


def _order(order: Order) -> dict[str, Any]:
    return record_fields(order) | {
        "number": order.number,
        "title": order.title,
        "customer_id": order.customer_id,
        "deal_id": order.deal_id,
        "owner_id": order.owner_id,
        "status": order.status,
        "amount": money(order.amount, order.currency),
        "received": money(order.received, order.currency),
        "signed_on": order.signed_on,
        "starts_on": order.starts_on,
        "ends_on": order.ends_on,
        "notes": order.notes,
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return record_fields(payment) | {
        "number": payment.number,
        "order_id": payment.order_id,
        "owner_id": payment.owner_id,
        "amount": money(payment.amount, payment.currency),
        "received_on": payment.received_on,
        "method": payment.method,
        "reference": payment.reference,
        "notes": payment.notes,
        "reverses_id": payment.reverses_id,
    }


def _in_currency_of(order: Order, given: MoneyIn) -> Decimal:
    if given.currency not in ("", order.currency):
        raise Invalid({"amount.currency": [_("This order is paid in %(code)s.") % {"code": order.currency}]})
    return given.amount


def _lines(given: list[OrderLineIn], person: Person) -> list[operations.LineDraft]:
    return [
        operations.LineDraft(
            visible(Product.objects.all(), line.product_id, f"lines.{place}.product_id", person),
            line.quantity,
            line.price,
            line.discount,
        )
        for place, line in enumerate(given)
    ]


@orders.get("", response=responses(OrderList), operation_id="list_orders")
def list_orders(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the orders that you may see."""
    return listed(request, "order", _order)


@orders.post("", response=responses(OrderOut, status=201), operation_id="draft_order")
def draft_order(request: HttpRequest, payload: OrderIn) -> HttpResponse:
    """Write an order down, to be signed."""
    person = caller(request)
    amount = payload.amount or MoneyIn(amount=Decimal(0))
    order = operations.draft_order(
        customer=visible(Customer.objects.all(), payload.customer_id, "customer_id", person),
        deal=visible(Deal.objects.all(), payload.deal_id, "deal_id", person),
        owner=visible(Person.objects.all(), payload.owner_id, "owner_id", person),
        title=payload.title,
        amount=amount.amount,
        currency=amount.currency,
        lines=_lines(payload.lines, person),
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        notes=payload.notes,
        by=person,
        at=now(),
    )
    return answer(_order(order), status=201)


@orders.get("/{int:order_id}", response=responses(OrderOut), operation_id="get_order")
def get_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Read one order."""
    return answer(_order(load(Order.objects.all(), order_id, caller(request))))


@orders.patch("/{int:order_id}", response=responses(OrderOut), operation_id="amend_order")
def amend_order(request: HttpRequest, order_id: int, payload: OrderChange) -> HttpResponse:
    """Change an order that is not signed yet."""
    person = caller(request)
    order = load(Order.objects.all(), order_id, person)
    given = payload.model_dump(exclude_unset=True, exclude={"amount", "lines"})
    changes: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None or name.endswith("_on")
    }
    if payload.amount is not None:
        changes |= {"amount": payload.amount.amount, "currency": payload.amount.currency or order.currency}
    if payload.lines is not None:
        changes["lines"] = _lines(payload.lines, person)
    order = operations.amend_order(order, version=expected_version(request), by=person, at=now(), **changes)
    return answer(_order(order))


@orders.post("/{int:order_id}/instalments", response=responses(OrderOut), operation_id="plan_instalments")
def plan_instalments(request: HttpRequest, order_id: int, payload: InstalmentsIn) -> HttpResponse:
    """Agree when an order will be paid, and in which parts."""
    person = caller(request)
    order = load(Order.objects.all(), order_id, person)
    parts = [(each.due_on, each.amount) for each in payload.instalments]
    return answer(_order(operations.plan_instalments(order, instalments=parts, by=person, at=now())))


@orders.post("/{int:order_id}/sign", response=responses(OrderOut), operation_id="sign_order")
def sign_order(request: HttpRequest, order_id: int, payload: SignIn) -> HttpResponse:
    """Record that the customer signed."""
    person = caller(request)
    order = load(Order.objects.all(), order_id, person)
    return answer(_order(operations.sign_order(order, on=payload.signed_on or localdate(), by=person, at=now())))


@orders.post("/{int:order_id}/fulfil", response=responses(OrderOut), operation_id="fulfil_order")
def fulfil_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Record that everything ordered was delivered."""
    person = caller(request)
    return answer(_order(operations.fulfil_order(load(Order.objects.all(), order_id, person), by=person, at=now())))


@orders.post("/{int:order_id}/cancel", response=responses(OrderOut), operation_id="cancel_order")
def cancel_order(request: HttpRequest, order_id: int, payload: OrderReasonIn) -> HttpResponse:
    """Give an order up."""
    person = caller(request)
    order = load(Order.objects.all(), order_id, person)
    return answer(_order(operations.cancel_order(order, reason=payload.reason, by=person, at=now())))


@payments.get("", response=responses(PaymentList), operation_id="list_payments")
def list_payments(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the payments that you may see."""
    return listed(request, "payment", _payment)


@payments.post("", response=responses(PaymentOut, status=201), operation_id="receive_payment")
def receive_payment(request: HttpRequest, payload: PaymentIn) -> HttpResponse:
    """Record money that a customer sent."""
    person = caller(request)
    order = visible(Order.objects.all(), payload.order_id, "order_id", person)
    payment = operations.receive_payment(
        order,
        amount=_in_currency_of(order, payload.amount),
        received_on=payload.received_on or localdate(),
        method=payload.method,
        reference=payload.reference,
        notes=payload.notes,
        by=person,
        at=now(),
    )
    return answer(_payment(payment), status=201)


@payments.get("/{int:payment_id}", response=responses(PaymentOut), operation_id="get_payment")
def get_payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Read one payment."""
    return answer(_payment(load(Payment.objects.all(), payment_id, caller(request))))


@payments.post("/{int:payment_id}/reverse", response=responses(PaymentOut, status=201), operation_id="reverse_payment")
def reverse_payment(request: HttpRequest, payment_id: int, payload: OrderReasonIn) -> HttpResponse:
    """Take a payment back, as a second entry with the opposite amount."""
    person = caller(request)
    payment = load(Payment.objects.all(), payment_id, person)
    moment = {"received_on": localdate(), "by": person, "at": now()}
    return answer(_payment(operations.reverse_payment(payment, reason=payload.reason, **moment)), status=201)
