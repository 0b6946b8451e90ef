"""Say what a deal is about: its lines, whose sum is its amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from salesmode.catalog.models import Product
from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealAmended
from salesmode.selling.models import Deal, DealLine
from salesmode.selling.models.deal import DealAlreadyDecided
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.worth import value


@dataclass(frozen=True)
class LineDraft:
    """One line as it is to be: a product, how many, at which price (the list price if none), with which discount."""

    product: Product
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    discount: Decimal = Decimal(0)


@transaction.atomic
def set_deal_lines(
    deal: Deal, *, lines: Sequence[LineDraft], by: Person, at: datetime, version: int | None = None
) -> Deal:
    """Replace the lines of an open deal; its amount is their sum from now on.

    Raises DealAlreadyDecided, NotAllowed, Stale, Invalid for a line that cannot be.
    """
    lock(deal, version=version)
    require(policies.may_set_deal_lines(by, deal))
    if not deal.is_open:
        raise DealAlreadyDecided(deal)
    former: dict[str, Any] = {"former_amount": deal.amount, "former_company_amount": deal.company_amount}
    first = deal.lines.order_by("position", "id").values_list("product_id", flat=True).first()
    counted = {**(standing(deal) or {}), "product_id": first}
    rows = work_out_lines(deal, lines, at=at)
    save(deal, at=at)
    deal.lines.all().delete()
    DealLine.objects.bulk_create(rows)
    names = ["lines", *(["amount"] if deal.amount != former["former_amount"] else [])]
    record(DealAmended(**deal_facts(deal, counted), **former, changed=names, push_count=deal.push_count), by=by, at=at)
    return deal


def work_out_lines(deal: Deal, lines: Sequence[LineDraft], *, at: datetime) -> list[DealLine]:
    """Return the lines as rows, not saved yet, and make their sum the deal's amount."""
    rows = []
    for position, draft in enumerate(lines, start=1):
        row = DealLine(deal=deal, position=position, product=draft.product, quantity=draft.quantity)
        row.price = (draft.product.price or Decimal(0)) if draft.price is None else draft.price
        row.discount = draft.discount
        row.work_out()
        fit(row)
        rows.append(row)
    deal.amount = sum((row.amount for row in rows), Decimal(0))
    value(deal, at=at)
    fit(deal)
    return rows
