"""Why an amount is what it is: the formula with its numbers, in the language of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from salesmode.kernel.wording import full_money, number, period
from salesmode.pay.queries.sentences import kicker_condition, points


class Explained(Protocol):
    """What an explanation is made from: an entry of the ledger, or a line that is to become one."""

    rule: str
    amount: Decimal
    base: Decimal | None
    rate: Decimal | None
    inputs: Mapping[str, Any]


def explanation(entry: Any) -> str:
    """Say in one or two sentences how an amount came about. No query."""
    if getattr(entry, "reversal_of_id", None):
        said = _EXPLAIN[entry.rule](
            _Before(entry.rule, -entry.amount, entry.base, entry.rate, entry.inputs), entry.inputs
        )
        return _("Takes back what was posted before: %(what)s") % {"what": said}
    return _EXPLAIN[entry.rule](entry, entry.inputs)


@dataclass
class _Before:
    """What a reversal takes back: its formula ends in the amount that was posted then."""

    rule: str
    amount: Decimal
    base: Decimal | None
    rate: Decimal | None
    inputs: Mapping[str, Any]


def _money(value: Any) -> str:
    return full_money(value)


def _commission(entry: Explained, given: Mapping[str, Any]) -> str:
    if given.get("missing") == "target":
        return _("Nothing yet: no target is set for this span.")
    if given.get("missing") == "cost":
        return _("Nothing: the cost of a product is not known, so neither is the margin.")
    parts = [_formula(entry, given)]
    for _product, amount, rate in given.get("own_rates", ()):
        parts.append(_("own rate: %(amount)s × %(rate)s") % {"amount": _money(amount), "rate": points(rate)})
    if given.get("share") not in (None, "100"):
        said = {"share": points(given["share"]), "sale": _money(given["sale"])}
        parts.append(_("share of %(share)s in %(sale)s") % said)
    if given.get("windfall"):
        whole, counted = (_money(each) for each in given["windfall"])
        parts.append(
            _("of %(whole)s, %(counted)s count under the windfall clause") % {"whole": whole, "counted": counted}
        )
    if given.get("threshold"):
        said = {"after": _money(given["after"]), "threshold": _money(given["threshold"])}
        parts.append(_("%(after)s so far, below the threshold of %(threshold)s: nothing yet") % said)
    if given.get("capped"):
        parts.append(_("limited by the cap of %(cap)s") % {"cap": _money(given["capped"])})
    return _("; ").join(part for part in parts if part)


def _formula(entry: Explained, given: Mapping[str, Any]) -> str:
    style, amount = given.get("style"), _money(entry.amount)
    if style in ("flat", "cumulative"):
        terms = " + ".join(f"{_money(part)} × {points(rate)}" for part, rate in given.get("bands", ()))
        written = f"{terms} = {amount}" if terms else ""
        if style == "cumulative" and terms:
            total = {"before": _money(given["before"]), "after": _money(given["after"])}
            written += _(" (the total rises from %(before)s to %(after)s)") % total
        return written
    if style == "best_tier":
        numbers = {"standard": _money(given["standard"]), "rate": points(given["rate"]), "amount": amount}
        if given["rate"] != given["rate_before"]:
            said = {**numbers, "before": points(given["rate_before"])}
            return _("the rate rises from %(before)s to %(rate)s on everything (%(standard)s): %(amount)s more") % said
        return f"{_money(entry.base)} × {numbers['rate']} = {amount}"
    if style == "levels":
        said = {"target": _money(given["target_pay"]), "before": points(given["payout_before"]),
                "after": points(given["payout"]), "amount": amount}  # fmt: skip
        return _("%(target)s × (%(after)s − %(before)s) = %(amount)s") % said
    if style == "per_unit":
        return f"{number(given['units'])} × {_money(given['unit_amount'])} = {amount}"
    return ""


def _kicker(entry: Explained, given: Mapping[str, Any]) -> str:
    when = kicker_condition(given.get("kind", ""), given.get("field", ""), given.get("value", ""))
    if entry.rate is not None:
        said = {"when": when, "base": _money(entry.base), "rate": points(entry.rate), "amount": _money(entry.amount)}
        return _("%(when)s: %(base)s × %(rate)s = %(amount)s") % said
    return _("%(when)s: %(amount)s") % {"when": when, "amount": _money(given.get("amount", entry.amount))}


def _override(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"base": _money(entry.base), "rate": points(entry.rate), "amount": _money(entry.amount)}
    return _("sold by people led: %(base)s × %(rate)s = %(amount)s") % said


def _pool(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"base": _money(entry.base), "rate": points(entry.rate), "heads": given.get("heads", "1")}
    return _("sold by the team: %(base)s × %(rate)s, shared by %(heads)s") % said


def _held(entry: Explained, given: Mapping[str, Any]) -> str:
    return _("%(percent)s is held back until the customer pays") % {"percent": points(given.get("percent", 0))}


def _released(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"paid": points(given.get("paid", 0)), "held": _money(given.get("held", 0))}
    return _("%(paid)s of the sale is paid: as much of the %(held)s held back is released") % said


def _clawback(entry: Explained, given: Mapping[str, Any]) -> str:
    why = {
        "cancelled": _("the order was cancelled"),
        "refunded": _("money went back to the customer"),
        "overdue": _("a payment is overdue"),
    }.get(given.get("why", ""), _("what was lost has come after all"))
    said = {"why": why, "lost": points(given.get("lost", 0)), "of": _money(given.get("of", 0))}
    return _("%(why)s: %(lost)s of %(of)s is taken back by now") % said


def _draw(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"draw": _money(given.get("draw", 0)), "earned": _money(given.get("earned", 0))}
    if given.get("guarantee"):
        said["months"] = number(given["guarantee"])
        return _("%(earned)s earned, filled up to %(draw)s: guaranteed in the first %(months)s months here") % said
    return _("%(earned)s earned in the month, filled up to %(draw)s") % said


def _recovery(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"owed": _money(given.get("owed", 0)), "earned": _money(given.get("earned", 0))}
    return _("%(earned)s earned in the month: of %(owed)s advanced before, this is paid back") % said


def _correction(entry: Explained, given: Mapping[str, Any]) -> str:
    return _("about %(month)s: %(reason)s") % {
        "month": period(given.get("month", "—")),
        "reason": given.get("reason", "—"),
    }


def _paid(entry: Explained, given: Mapping[str, Any]) -> str:
    return _("statement of %(month)s") % {"month": period(given.get("month", "—"))}


_EXPLAIN = {
    "commission": _commission,
    "kicker": _kicker,
    "override": _override,
    "pool": _pool,
    "held": _held,
    "released": _released,
    "clawback": _clawback,
    "draw": _draw,
    "recovery": _recovery,
    "correction": _correction,
    "paid": _paid,
}
