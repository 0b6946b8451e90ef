"""Why an amount is what it is: the formula with its numbers, in the language of the reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from salesmode.kernel.wording import full_money, number, period
from salesmode.pay.queries.sentences import kicker_condition, points

ZERO = Decimal(0)
# By how much a sum may miss its parts because each of them is rounded.
_ROUNDING = Decimal("0.02")


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
    parts = [_below(given) if given.get("threshold") else _formula(entry, given)]
    if given.get("share") not in (None, "100"):
        said = {"share": points(given["share"]), "sale": _money(given["sale"])}
        parts.append(_("share of %(share)s in %(sale)s") % said)
    if given.get("windfall"):
        whole, counted = (_money(each) for each in given["windfall"])
        parts.append(
            _("of %(whole)s, %(counted)s count under the windfall clause") % {"whole": whole, "counted": counted}
        )
    return _("; ").join(part for part in parts if part)


def _below(given: Mapping[str, Any]) -> str:
    said = {"after": _money(given["after"]), "threshold": _money(given["threshold"])}
    return _("%(after)s so far, below the threshold of %(threshold)s: nothing yet") % said


def _formula(entry: Explained, given: Mapping[str, Any]) -> str:
    """Write the sum so that it comes out: its parts, what the threshold had kept back until now, what the cap cut."""
    if given.get("style") == "best_tier" and given["rate"] != given["rate_before"]:
        return _rise(entry, given)
    terms = [*_main(entry, given), *_own(given)]
    if not terms:
        return ""
    due, written = sum((worth for _said, worth in terms), ZERO), " + ".join(said for said, _worth in terms)
    if given.get("capped"):
        return f"{written} = {_money(due)}{_('; ')}{_cut(entry, given)}"
    if entry.amount - due > _ROUNDING + Decimal(given.get("target_pay", 0)) / 100_000:
        said = {"terms": written, "earlier": _money(entry.amount - due), "amount": _money(entry.amount)}
        return _("%(terms)s + %(earlier)s for what came before, now that the threshold is reached = %(amount)s") % said
    written = f"{written} = {_money(entry.amount)}"
    if given.get("style") == "cumulative" and given.get("bands"):
        total = {"before": _money(given["before"]), "after": _money(given["after"])}
        written += _(" (the total rises from %(before)s to %(after)s)") % total
    return written


def _rise(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"before": points(given["rate_before"]), "rate": points(given["rate"])}
    said |= {"standard": _money(given["standard"]), "amount": _money(entry.amount)}
    if given.get("capped"):
        written = _("the rate rises from %(before)s to %(rate)s on everything (%(standard)s)") % said
        return f"{written}{_('; ')}{_cut(entry, given)}"
    written = _("the rate rises from %(before)s to %(rate)s on everything (%(standard)s): %(amount)s more") % said
    if own := " + ".join(said for said, _worth in _own(given)):
        return _("%(written)s, of it %(own)s") % {"written": written, "own": own}
    return written


def _cut(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"cap": _money(given["capped"]), "amount": _money(entry.amount)}
    return _("limited by the cap of %(cap)s: %(amount)s") % said


def _times(amount: Any, rate: Any) -> tuple[str, Decimal]:
    return f"{_money(amount)} × {points(rate)}", Decimal(amount) * Decimal(rate) / 100


def _main(entry: Explained, given: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield what the plan's main rule adds, as it is written and what it is worth."""
    style = given.get("style")
    if style in ("flat", "cumulative"):
        yield from (_times(part, rate) for part, rate in given.get("bands", ()))
    elif style == "best_tier" and entry.base is not None:
        rest = entry.base - sum((Decimal(amount) for _product, amount, _rate in given.get("own_rates", ())), ZERO)
        if rest or not given.get("own_rates"):
            yield _times(rest, given["rate"])
    elif style == "levels":
        said = {"target": _money(given["target_pay"]), "before": points(given["payout_before"]),
                "after": points(given["payout"])}  # fmt: skip
        rise = Decimal(given["payout"]) - Decimal(given["payout_before"])
        yield _("%(target)s × (%(after)s − %(before)s)") % said, Decimal(given["target_pay"]) * rise / 100
    elif style == "per_unit":
        written = f"{number(given['units'])} × {_money(given['unit_amount'])}"
        yield written, Decimal(given["units"]) * Decimal(given["unit_amount"])


def _own(given: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield what is paid at a rate of its own: a product's, a new customer's, an existing one's."""
    for _product, amount, rate in given.get("own_rates", ()):
        written, worth = _times(amount, rate)
        yield _("%(terms)s (own rate)") % {"terms": written}, worth


def _kicker(entry: Explained, given: Mapping[str, Any]) -> str:
    when = kicker_condition(given.get("kind", ""), given.get("field", ""), given.get("value", ""))
    if entry.rate is not None:
        said = {"when": when, "base": _money(entry.base), "rate": points(entry.rate), "amount": _money(entry.amount)}
        if abs(entry.amount - (entry.base or ZERO) * entry.rate / 100) > _ROUNDING:
            return _("%(when)s: of %(base)s × %(rate)s, %(amount)s up to the cap") % said
        return _("%(when)s: %(base)s × %(rate)s = %(amount)s") % said
    whole = Decimal(given.get("amount", entry.amount))
    said = {"when": when, "amount": _money(entry.amount), "whole": _money(whole)}
    if whole != entry.amount:
        return _("%(when)s: %(amount)s of %(whole)s, by the share in the sale and the cap") % said
    return _("%(when)s: %(amount)s") % said


def _override(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"base": _money(entry.base), "rate": points(entry.rate), "amount": _money(entry.amount)}
    return _("sold by people led: %(base)s × %(rate)s = %(amount)s") % said


def _pool(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"base": _money(entry.base), "rate": points(entry.rate), "heads": given.get("heads", "1")}
    said["amount"] = _money(entry.amount)
    return _("sold by the team: %(base)s × %(rate)s, shared by %(heads)s: %(amount)s each") % said


def _held(entry: Explained, given: Mapping[str, Any]) -> str:
    said = {"percent": points(given.get("percent", 0))}
    if "of" in given:
        said["of"] = _money(given["of"])
        return _("%(percent)s of %(of)s is held back until the customer pays") % said
    return _("%(percent)s is held back until the customer pays") % said


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
    if given.get("days"):
        said["days"] = _(" for %(days)s of %(whole)s days") % {"days": given["days"], "whole": given["whole"]}
    else:
        said["days"] = ""
    if given.get("guarantee"):
        said["months"] = number(given["guarantee"])
        if Decimal(given.get("earned", 0)) < 0:
            return (
                _(
                    "More was taken back in the month than earned (%(earned)s): all of %(draw)s%(days)s is given, "
                    "guaranteed in the first %(months)s months here"
                )
                % said
            )
        return (
            _("%(earned)s earned, filled up to %(draw)s%(days)s: guaranteed in the first %(months)s months here") % said
        )
    if Decimal(given.get("earned", 0)) < 0:
        return (
            _("More was taken back in the month than earned (%(earned)s): all of %(draw)s%(days)s is advanced") % said
        )
    return _("%(earned)s earned in the month, filled up to %(draw)s%(days)s") % said


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
