"""Answers about orders, shaped for pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from salesmode.orders.models import Order, OrderLine, OrderQuerySet, Payment


@dataclass(frozen=True)
class Due:
    """One instalment with what was paid towards it so far; payments fill the earliest first."""

    position: int
    due_on: date
    amount: Decimal
    paid: Decimal
    is_overdue: bool

    @property
    def is_paid(self) -> bool:
        """Whether nothing is left of it."""
        return self.paid >= self.amount


@dataclass(frozen=True)
class OrderPage:
    """All that an order's page shows."""

    lines: list[OrderLine]
    dues: list[Due]
    payments: list[Payment]

    @property
    def overdue(self) -> Decimal:
        """Return what should have been paid by now and was not."""
        return sum((due.amount - due.paid for due in self.dues if due.is_overdue), Decimal())


def order_page(order: Order, *, on: date) -> OrderPage:
    """Return an order's lines, instalments and payments. Three queries."""
    lines = list(order.lines.select_related("product").order_by("position", "id"))
    payments = list(order.payments.select_related("owner", "reversed_by").order_by("-received_on", "-id"))
    return OrderPage(lines, _dues(order, on=on), payments)


def _dues(order: Order, *, on: date) -> list[Due]:
    left, dues = order.received, []
    for instalment in sorted(order.instalments.all(), key=lambda each: (each.due_on, each.position)):
        paid = min(left, instalment.amount)
        left -= paid
        late = order.is_in_force and instalment.due_on < on and paid < instalment.amount
        dues.append(Due(instalment.position, instalment.due_on, instalment.amount, paid, late))
    return dues


@dataclass(frozen=True)
class Late:
    """An order whose customer should have paid more by now."""

    order: Order
    amount: Decimal
    since: date


def late_orders(orders: OrderQuerySet, *, on: date, most: int = 8) -> list[Late]:
    """Return the orders of which most is overdue, with how much and since when. Two queries."""
    due = orders.owed().filter(instalments__due_on__lt=on).annotate(due=Sum("instalments__amount"))
    in_company_currency = (F("due") - F("received")) * F("company_amount") / F("amount")
    late = due.filter(due__gt=F("received")).order_by(in_company_currency.desc(), "pk")
    found = []
    for order in late.select_related("customer", "owner").prefetch_related("instalments")[:most]:
        overdue = [due for due in _dues(order, on=on) if due.is_overdue]
        found.append(Late(order, sum((due.amount - due.paid for due in overdue), Decimal()), overdue[0].due_on))
    return found


def orders_of(*, seen_by: Any, **condition: Any) -> dict[str, Any]:
    """Return the newest orders of a customer or deal that a person may see, and what they are worth. Two queries."""
    orders = Order.objects.visible_to(seen_by).filter(**condition)
    totals = orders.exclude(status=Order.Status.CANCELLED).aggregate(
        worth=Sum("company_amount"), received=Sum("received")
    )
    return {"orders": list(orders.select_related("owner").order_by("-created_at", "-id")[:50]), "totals": totals}
