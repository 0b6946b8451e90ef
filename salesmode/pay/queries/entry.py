"""One amount of the ledger, down to what it came from: deal, order, payment, rule and formula."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from salesmode.kernel.wording import full_money
from salesmode.orders.models import Order, Payment
from salesmode.pay.models import LedgerEntry, PlanVersion
from salesmode.pay.queries.explaining import explanation
from salesmode.pay.queries.sentences import sentences
from salesmode.pay.queries.statements import Row
from salesmode.selling.models import Deal

# What is advanced in one month and paid back in others belongs together, as what one sale brings does.
DRAWS = ("draw", "recovery")


@dataclass(frozen=True)
class Origin:
    """Something that an amount came from; without a way there for whoever may not see it."""

    title: str
    url: str


@dataclass(frozen=True)
class EntryPage:
    """An amount, why it is what it is, and everything else that the same sale brought the same person."""

    entry: LedgerEntry
    why: str
    deal: Origin | None
    order: Origin | None
    payment: Origin | None
    # What had come in by then, where that decides: an amount released or taken back.
    money_that_came: list[Origin]
    version: PlanVersion | None
    rules: list[str]
    # Takes back, was taken back by, stands for what a closed month said: each the other entry.
    takes_back: LedgerEntry | None
    taken_back_by: LedgerEntry | None
    corrects: LedgerEntry | None
    of_the_sale: list[Row]

    @property
    def is_about_draws(self) -> bool:
        """Whether it was no sale that brought this, but a month with too little, or one that pays back."""
        return self.entry.rule in DRAWS

    @property
    def of_the_sale_together(self) -> Decimal:
        """Return what the sale has brought so far."""
        return sum((row.entry.amount for row in self.of_the_sale), Decimal())


def entry_page(entry: LedgerEntry, *, seen_by: Any) -> EntryPage:
    """Return where an amount came from. Some eight queries."""
    version = entry.plan_version
    return EntryPage(
        entry=entry,
        why=explanation(entry),
        deal=_deal(entry.deal, seen_by),
        order=_order(entry.order, seen_by),
        payment=_payment(entry.payment, seen_by),
        money_that_came=_money_that_came(entry, seen_by),
        version=version,
        rules=sentences(version.document) if version is not None else [],
        takes_back=entry.reversal_of,
        taken_back_by=getattr(entry, "reversed_by", None),
        corrects=entry.corrects,
        of_the_sale=_of_the_sale(entry),
    )


def _deal(deal: Deal | None, viewer: Any) -> Origin | None:
    if deal is None:
        return None
    is_seen = Deal.objects.visible_to(viewer).filter(pk=deal.pk).exists()
    return Origin(deal.title, f"/deals/{deal.pk}" if is_seen else "")


def _order(order: Order | None, viewer: Any) -> Origin | None:
    if order is None:
        return None
    return Origin(f"{order.number} {order.customer.name}", _order_url(order.pk, viewer))


def _payment(payment: Payment | None, viewer: Any) -> Origin | None:
    if payment is None:
        return None
    url = _order_url(payment.order_id, viewer)
    return Origin(payment.number, f"{url}#payment-{payment.pk}" if url else "")


def _money_that_came(entry: LedgerEntry, viewer: Any) -> list[Origin]:
    """Return the payments that released or took back an amount: those that had come by its day. Three queries."""
    if entry.rule not in ("released", "clawback") or entry.payment_id or not (entry.order_id or entry.deal_id):
        return []
    of_sale = {"order": entry.order_id} if entry.order_id else {"order__deal": entry.deal_id}
    rows = Payment.objects.filter(**of_sale, received_on__lte=entry.happened_on).order_by("received_on", "pk")
    found = []
    for payment in rows[:24]:
        one = _payment(payment, viewer)
        found += [replace(one, title=f"{one.title} {full_money(payment.amount, payment.currency)}")] if one else []
    return found


def _order_url(order_id: int, viewer: Any) -> str:
    return f"/orders/{order_id}" if Order.objects.visible_to(viewer).filter(pk=order_id).exists() else ""


def _of_the_sale(entry: LedgerEntry) -> list[Row]:
    """Return all entries about the same sale: their keys begin alike; of a draw, all draws. One query."""
    rows = LedgerEntry.objects.filter(owner=entry.owner_id)
    kind, number, *rest = entry.key.split(":")
    if entry.rule in DRAWS:
        rows = rows.filter(rule__in=DRAWS)
    elif rest:
        rows = rows.filter(key__startswith=f"{kind}:{number}:")
    else:
        return []
    rows = rows.select_related("deal", "order__customer").order_by("happened_on", "id")[:200]
    return [Row(row, explanation(row)) for row in rows]
