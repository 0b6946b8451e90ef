"""Write orders down, and change them until they are signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.catalog.models import Product
from salesmode.customers.models import Customer
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.money import in_company_currency, payable, rounded, unit_price
from salesmode.kernel.numbers import next_number
from salesmode.kernel.refusals import Invalid
from salesmode.orders import policies
from salesmode.orders.events import OrderAmended, OrderDrafted
from salesmode.orders.models import Order, OrderLine
from salesmode.orders.models.order import OrderNotInForce
from salesmode.orders.operations.order_facts import index_order, order_facts
from salesmode.people.models import Person
from salesmode.selling.models import Deal

DETAILS = frozenset({"title", "starts_on", "ends_on", "notes", "custom", "amount", "currency"})


@dataclass(frozen=True)
class LineDraft:
    """One line as it is to be: a product, how many, at which price, with which discount in percent."""

    product: Product
    quantity: Decimal
    price: Decimal
    discount: Decimal = Decimal(0)

    def amount(self, currency: str) -> Decimal:
        """Return what the line is worth, in whole smallest units."""
        return rounded(self.quantity * self.price * (100 - self.discount) / 100, currency)


@transaction.atomic
def draft_order(
    *,
    customer: Customer,
    title: str,
    amount: Decimal | None = None,
    currency: str = "",
    lines: Sequence[LineDraft] = (),
    deal: Deal | None = None,
    owner: Person | None = None,
    by: Person,
    at: datetime,
    **details: Any,
) -> Order:
    """Write an order down; with lines, its amount is their sum.

    Raises NotAllowed, Invalid for an amount or line that does not fit.
    """
    require(policies.may_draft_order(by))
    order = Order(customer=customer, deal=deal, title=title, owner=owner or by, **details)
    order.account_owner_id = customer.owner_id
    order.currency, _unused = in_company_currency(Decimal(0), currency, on=at)
    _value(order, amount, lines, at=at)
    order.number = next_number("order", on=at, prefix="HT")
    fit(order)
    save(order, at=at)
    _write_lines(order, lines)
    index_order(order)
    record(OrderDrafted(**order_facts(order)), by=by, at=at)
    return order


@transaction.atomic
def draft_order_from_deal(deal: Deal, *, by: Person, at: datetime) -> Order:
    """Write the order for a deal, with its customer, lines and amount.

    Raises NotAllowed, Invalid while nobody knows whose deal it is.
    """
    lock(deal)
    if deal.customer is None:
        raise Invalid({"customer": [_("Name the customer of the deal first.")]})
    drafts = [
        LineDraft(line.product, line.quantity, line.price, line.discount)
        for line in deal.lines.select_related("product").order_by("position", "id")
    ]
    return draft_order(
        customer=deal.customer,
        title=deal.title,
        currency=deal.currency,
        deal=deal,
        owner=deal.owner,
        amount=deal.amount,
        lines=drafts,
        by=by,
        at=at,
    )


@transaction.atomic
def amend_order(
    order: Order,
    *,
    lines: Sequence[LineDraft] | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
    **changes: Any,
) -> Order:
    """Change an order that is not signed yet; given lines replace the old ones.

    Raises OrderNotInForce once it is signed, NotAllowed, Stale, Invalid.
    """
    lock(order, version=version)
    require(policies.may_amend_order(by, order))
    if order.status != Order.Status.DRAFT:
        raise OrderNotInForce(order)
    if unknown := set(changes) - DETAILS:
        raise Invalid({name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    if changes.get("amount", 0) is None:
        changes["amount"] = Decimal(0)
    names = changed(order, changes)
    if lines is not None or {"amount", "currency"} & set(names):
        _value(order, changes.get("amount", order.amount), _kept_or(lines, order), at=at)
        names = sorted({*names, "lines"} if lines is not None else names)
    if not names:
        return order
    fit(order)
    save(order, at=at)
    if lines is not None:
        order.lines.all().delete()
        _write_lines(order, lines)
    index_order(order)
    record(OrderAmended(**order_facts(order), changed=names), by=by, at=at)
    return order


def _kept_or(lines: Sequence[LineDraft] | None, order: Order) -> Sequence[LineDraft]:
    if lines is not None:
        return lines
    kept = order.lines.select_related("product").order_by("position", "id")
    return [LineDraft(line.product, line.quantity, line.price, line.discount) for line in kept]


def _value(order: Order, amount: Decimal | None, lines: Sequence[LineDraft], *, at: datetime) -> None:
    for line in lines:
        if line.quantity <= 0 or line.price < 0 or not 0 <= line.discount <= 100:
            raise Invalid({"lines": [_("A line needs a positive quantity, a price, and a discount from 0 to 100 %.")]})
        unit_price(line.price, name="lines")
    total = sum((line.amount(order.currency) for line in lines), Decimal()) if lines else (amount or Decimal(0))
    if total < 0:
        raise Invalid({"amount": [_("An amount cannot be below zero.")]})
    order.amount = payable(total, order.currency)
    order.currency, order.company_amount = in_company_currency(order.amount, order.currency, on=at)


def _write_lines(order: Order, lines: Sequence[LineDraft]) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=line.product,
            quantity=line.quantity,
            price=line.price,
            discount=line.discount,
            amount=line.amount(order.currency),
            position=position,
        )
        for position, line in enumerate(lines, start=1)
    )
