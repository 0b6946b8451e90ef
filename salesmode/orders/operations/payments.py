"""Receive payments and take them back; an order is never paid twice."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.money import in_company_currency, payable
from salesmode.kernel.numbers import next_number
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.orders import policies
from salesmode.orders.events import PaymentReceived, PaymentReversed
from salesmode.orders.models import Order, Payment
from salesmode.orders.models.order import MoreThanIsOwed, OrderNotInForce
from salesmode.people.models import Person


class PaymentAlreadyReversed(Refusal):
    """Money goes back once."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(_("Payment %(number)s was already reversed.") % {"number": payment.number})


@transaction.atomic
def receive_payment(
    order: Order,
    *,
    amount: Decimal,
    received_on: date,
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
    notes: str = "",
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Payment:
    """Record money that a customer sent; the balance guards itself, however many clerks book at once.

    Raises MoreThanIsOwed, OrderNotInForce, NotAllowed, Invalid for an amount that is not positive, and Stale when a
    clerk names the version of the order that they saw and somebody else booked since.
    """
    if version is not None:
        lock(order, version=version)
    require(policies.may_receive_payment(by, order))
    if amount <= 0:
        raise Invalid({"amount": [_("Enter an amount above zero.")]})
    amount = payable(amount, order.currency)
    _book(order, amount)
    payment = Payment(order=order, owner=order.owner, account_owner=order.account_owner, amount=amount)
    payment.currency, payment.company_amount = in_company_currency(amount, order.currency, on=received_on)
    payment.received_on, payment.method, payment.reference, payment.notes = received_on, method, reference, notes
    payment.number = next_number("payment", on=at, prefix="HK")
    fit(payment)
    save(payment, at=at)
    record(PaymentReceived(**_facts(payment)), by=by, at=at)
    return payment


@transaction.atomic
def reverse_payment(
    payment: Payment, *, reason: str, received_on: date, by: Person, at: datetime, order_version: int | None = None
) -> Payment:
    """Take a payment back: a second entry with the opposite amount; the first one stays as it was.

    Raises PaymentAlreadyReversed, NotAllowed, Stale, Invalid for a reversal of a reversal.
    """
    if order_version is not None:
        lock(payment.order, version=order_version)
    lock(payment)
    require(policies.may_reverse_payment(by, payment))
    if payment.reverses_id:
        raise Invalid({"payment": [_("A reversal cannot be reversed; book the payment again.")]})
    if Payment.objects.filter(reverses=payment).exists():
        raise PaymentAlreadyReversed(payment)
    _book(payment.order, -payment.amount)
    back = Payment(order=payment.order, owner=payment.owner, account_owner=payment.account_owner, reverses=payment)
    back.amount, back.currency, back.company_amount = -payment.amount, payment.currency, -payment.company_amount
    back.received_on, back.method, back.notes = received_on, payment.method, reason
    back.number = next_number("payment", on=at, prefix="HK")
    save(back, at=at)
    record(PaymentReversed(**_facts(back), reverses_id=payment.pk, reason=reason), by=by, at=at)
    return back


def _book(order: Order, amount: Decimal) -> None:
    """Change what an order has received by one conditional update, which also refuses what does not fit."""
    fitting = Order.objects.filter(pk=order.pk, status__in=(Order.Status.SIGNED, Order.Status.FULFILLED))
    booked = fitting.filter(received__lte=F("amount") - amount).update(
        received=F("received") + amount, version=F("version") + 1
    )
    order.refresh_from_db()
    if not booked:
        raise MoreThanIsOwed(order) if order.is_in_force else OrderNotInForce(order)


def _facts(payment: Payment) -> dict[str, Any]:
    return {
        "payment_id": payment.pk,
        "order_id": payment.order_id,
        "customer_id": payment.order.customer_id,
        "deal_id": payment.order.deal_id,
        "owner_id": payment.owner_id,
        "account_owner_id": payment.account_owner_id,
        "team_id": payment.owner.team_id,
        "amount": payment.amount,
        "currency": payment.currency,
        "company_amount": payment.company_amount,
        "received_on": payment.received_on,
        "method": payment.method,
    }
