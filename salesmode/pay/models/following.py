"""What happens to an earned amount afterwards: held back until money comes, released, taken back, given again."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salesmode.kernel.money import rounded
from salesmode.pay.models.sale import Book, InForce, Line, Sale
from salesmode.pay.models.terms import HUNDRED, PlanTerms

ZERO, ONE = Decimal(0), Decimal(1)


def _last_day(sale: Sale, terms: PlanTerms) -> date:
    return date.max if terms.clawback_days is None else sale.on + timedelta(days=terms.clawback_days)


def is_taken_back(sale: Sale, terms: PlanTerms) -> bool:
    """Say whether the plan takes back what was paid for a sale that came to nothing."""
    wanted = "refunded" if sale.kind == "received" else "cancelled"
    return sale.ended_on is not None and wanted in terms.clawback_on and sale.ended_on <= _last_day(sale, terms)


def follow(book: Book, sale: Sale, plan: InForce, amount: Decimal, name: str) -> Iterator[Line]:
    """Yield what is held back of an amount, and on each later day what is released or taken back of it."""
    if not amount:
        return
    terms = plan.terms
    held = rounded(amount * terms.hold_back / HUNDRED, book.currency) if sale.kind != "received" else ZERO
    at_once = amount - held
    if held:
        yield _line(
            sale, plan, f"{name}:held", "held", sale.on, -held, {"percent": _text(terms.hold_back), "of": _text(amount)}
        )
    released = taken = ZERO
    for day in _days(book, sale, terms):
        share = _paid_share(sale, day)
        now_released = rounded(held * share, book.currency)
        if now_released != released:
            said = {"paid": _text(share * HUNDRED), "held": _text(held)}
            yield _line(sale, plan, f"{name}:released:{day}", "released", day, now_released - released, said)
            released = now_released
        gone, why = _lost_share(sale, terms, day)
        now_taken = rounded(at_once * gone, book.currency)
        if now_taken != taken:
            said = {"why": why, "lost": _text(gone * HUNDRED), "of": _text(at_once)}
            yield _line(sale, plan, f"{name}:clawback:{day}", "clawback", day, taken - now_taken, said)
            taken = now_taken


def _text(value: Decimal) -> str:
    text = format(value.quantize(Decimal("0.01")), "f")
    return text.rstrip("0").rstrip(".") or "0"


def _line(sale: Sale, plan: InForce, name: str, rule: str, on: date, amount: Decimal, said: dict[str, Any]) -> Line:
    return Line(
        key=f"{sale.key}:{name}", rule=rule, on=on, amount=amount, version_id=plan.version_id, event_id=sale.event_id,
        deal_id=sale.deal_id, order_id=sale.order_id, payment_id=sale.payment_id, inputs=said,
    )  # fmt: skip


def _days(book: Book, sale: Sale, terms: PlanTerms) -> list[date]:
    """Return the days on which anything about a sale can have changed, none before the sale itself."""
    days = {day for day, _amount in sale.flows}
    if sale.ended_on is not None:
        days.add(sale.ended_on)
    if "overdue" in terms.clawback_on:
        days |= {day + timedelta(days=terms.overdue_days) for day, _amount in sale.dues}
    return sorted({max(day, sale.on) for day in days if day <= book.as_of})


def _paid_share(sale: Sale, day: date) -> Decimal:
    if sale.ended_on is not None and sale.ended_on <= day:
        return ZERO
    received = sum((amount for when, amount in sale.flows if when <= day), ZERO)
    return max(ZERO, min(ONE, received / sale.amount)) if sale.amount else ONE


def _lost_share(sale: Sale, terms: PlanTerms, day: date) -> tuple[Decimal, str]:
    """Return how much of a sale is lost on a day, and why; after the window only what was lost in it counts."""
    last = _last_day(sale, terms)
    gone, why = _lost_on(sale, terms, day)
    return (gone, why) if day <= last else min((gone, why), _lost_on(sale, terms, last))


def _lost_on(sale: Sale, terms: PlanTerms, day: date) -> tuple[Decimal, str]:
    if sale.ended_on is not None and sale.ended_on <= day:
        if sale.kind == "received":
            return (ONE, "refunded") if "refunded" in terms.clawback_on else (ZERO, "")
        if "cancelled" in terms.clawback_on:
            return ONE, "cancelled"
    if not sale.amount:
        return ZERO, ""
    received = most = ZERO
    for _when, amount in sorted(flow for flow in sale.flows if flow[0] <= day):
        received += amount
        most = max(most, received)
    found = [(ZERO, "")]
    if "refunded" in terms.clawback_on:
        found.append((min(ONE, (most - received) / sale.amount), "refunded"))
    if "overdue" in terms.clawback_on:
        patience = timedelta(days=terms.overdue_days)
        due = sum((amount for when, amount in sale.dues if when + patience <= day), ZERO)
        found.append((max(ZERO, min(ONE, (due - received) / sale.amount)), "overdue"))
    return max(found)
