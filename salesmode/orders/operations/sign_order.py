"""Carry orders through: agree on instalments, sign, fulfil, cancel."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.money import payable
from salesmode.kernel.refusals import Invalid
from salesmode.orders import policies
from salesmode.orders.events import InstalmentsPlanned, OrderCancelled, OrderFulfilled, OrderSigned
from salesmode.orders.models import Instalment, Order
from salesmode.orders.models.order import OrderNotInForce
from salesmode.orders.operations.order_facts import order_facts
from salesmode.people.models import Person


@transaction.atomic
def plan_instalments(
    order: Order, *, instalments: Sequence[tuple[date, Decimal]], by: Person, at: datetime, version: int | None = None
) -> Order:
    """Agree when an order will be paid, and in which parts; the parts add up to its amount.

    Raises Invalid when they do not, OrderNotInForce, NotAllowed, Stale.
    """
    lock(order, version=version)
    require(policies.may_sign_order(by, order))
    if order.status in (Order.Status.CANCELLED, Order.Status.FULFILLED):
        raise OrderNotInForce(order)
    if any(amount <= 0 for _due, amount in instalments):
        raise Invalid({"instalments": [_("Each instalment needs an amount above zero.")]})
    for _due, amount in instalments:
        payable(amount, order.currency, name="instalments")
    total = sum((amount for _due, amount in instalments), Decimal())
    if instalments and total != order.amount:
        said = {"total": f"{total:,.2f}", "amount": f"{order.amount:,.2f}"}
        raise Invalid(
            {"instalments": [_("The instalments add up to %(total)s, the order is worth %(amount)s.") % said]}
        )
    order.instalments.all().delete()
    Instalment.objects.bulk_create(
        Instalment(order=order, position=position, due_on=due_on, amount=amount)
        for position, (due_on, amount) in enumerate(sorted(instalments), start=1)
    )
    save(order, at=at)
    record(InstalmentsPlanned(**order_facts(order), instalments=_planned(order)), by=by, at=at)
    return order


@transaction.atomic
def sign_order(order: Order, *, on: date, by: Person, at: datetime, version: int | None = None) -> Order:
    """Record that the customer signed; from now on payments can come in.

    Raises OrderNotInForce unless it is a draft, NotAllowed, Stale.
    """
    lock(order, version=version)
    require(policies.may_sign_order(by, order))
    if order.status != Order.Status.DRAFT:
        raise OrderNotInForce(order)
    order.status, order.signed_on = Order.Status.SIGNED, on
    save(order, at=at)
    record(OrderSigned(**order_facts(order), instalments=_planned(order)), by=by, at=at)
    return order


@transaction.atomic
def fulfil_order(order: Order, *, by: Person, at: datetime, version: int | None = None) -> Order:
    """Record that everything ordered was delivered.

    Raises OrderNotInForce unless it is signed, NotAllowed, Stale.
    """
    lock(order, version=version)
    require(policies.may_sign_order(by, order))
    if order.status != Order.Status.SIGNED:
        raise OrderNotInForce(order)
    order.status = Order.Status.FULFILLED
    save(order, at=at)
    record(OrderFulfilled(**order_facts(order)), by=by, at=at)
    return order


@transaction.atomic
def cancel_order(order: Order, *, reason: str = "", by: Person, at: datetime, version: int | None = None) -> Order:
    """Give an order up; money received has to be sent back first.

    Raises OrderNotInForce, Invalid while payments stand, NotAllowed, Stale.
    """
    lock(order, version=version)
    require(policies.may_cancel_order(by, order))
    if order.status == Order.Status.CANCELLED:
        raise OrderNotInForce(order)
    if order.received:
        raise Invalid({"order": [_("Money was received on this order. Reverse its payments first.")]})
    order.status = Order.Status.CANCELLED
    save(order, at=at)
    record(OrderCancelled(**order_facts(order), reason=reason), by=by, at=at)
    return order


def _planned(order: Order) -> list[tuple[date, Decimal]]:
    return list(order.instalments.order_by("position").values_list("due_on", "amount"))
