"""What somebody has earned, as a function of the final state: no clock, no database, the same bytes every time."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.kernel.money import rounded, split
from salesmode.kernel.periods import add_months
from salesmode.pay.models import curve
from salesmode.pay.models.following import follow, is_taken_back
from salesmode.pay.models.sale import Book, InForce, Line, Sale
from salesmode.pay.models.terms import HUNDRED, Kicker, PlanTerms

ZERO = Decimal(0)
SIZES = {"month": 1, "quarter": 3, "year": 12}
MULTI_YEAR_MONTHS = 24


def earn(book: Book, person: int) -> list[Line]:
    """Return every amount that a person should have by a day, in the order in which it was earned."""
    lines = [*_from_sales(book, person), *_from_pools(book, person), *_from_people_led(book, person)]
    lines += _from_draws(book, person, lines)
    return sorted(lines, key=lambda line: (line.on, line.key))


def canonical(lines: Iterable[Line]) -> bytes:
    """Write lines down so that the same earnings are always the same bytes."""
    rows = [asdict(line) for line in sorted(lines, key=lambda line: line.key)]
    return json.dumps(rows, sort_keys=True, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else value.isoformat()


def plain(value: Decimal) -> str:
    """Write a number without needless zeros, so that equal numbers read the same."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def span_of(day: date, frequency: str) -> date:
    """Return the first day of the month, quarter or year in which amounts are added up."""
    size = SIZES[frequency]
    return date(day.year, (day.month - 1) // size * size + 1, 1)


def _ends_in_its_span(sale: Sale, terms: PlanTerms) -> bool:
    """Say whether a sale came and went within one span: then it never counted."""
    return (
        sale.ended_on is not None
        and is_taken_back(sale, terms)
        and span_of(sale.ended_on, terms.frequency) == span_of(sale.on, terms.frequency)
    )


def _from_sales(book: Book, person: int) -> Iterator[Line]:
    groups: dict[tuple[int, date], list[tuple[Sale, Decimal, InForce]]] = {}
    for sale in book.sales:
        if not any(each == person for each, _percent in sale.shares):
            continue
        plan = book.plan_on(person, sale.on)
        if plan is None or plan.terms.sale_kind != sale.kind or _ends_in_its_span(sale, plan.terms):
            continue
        share = sale.credited(book.currency)[person]
        groups.setdefault((plan.version_id, span_of(sale.on, plan.terms.frequency)), []).append((sale, share, plan))
    for (_version, first), credits in groups.items():
        plan = credits[0][2]
        quota = book.quota_of(plan, person, first)
        running = _Running(plan, quota, book.currency)
        for sale, share, _plan in sorted(credits, key=lambda credit: (credit[0].on, credit[0].number)):
            lines = list(running.count(sale, share))
            yield from lines
            yield from follow(book, sale, plan, sum((line.amount for line in lines), ZERO), "sale")


class _Running:
    """The totals of one person in one span, growing with each sale."""

    def __init__(self, plan: InForce, quota: Decimal | None, currency: str) -> None:
        self.plan, self.terms, self.quota, self.currency = plan, plan.terms, quota, currency
        self.total = self.standard = self.exact = self.apart = self.paid = self.capped = ZERO

    def count(self, sale: Sale, share: Decimal) -> Iterator[Line]:
        """Count one more sale and say what it adds: its commission, then what comes on top."""
        if self.terms.needs_quota and not self.quota:
            yield self._line(sale, "commission", ZERO, share, {"missing": "target"})
            return
        counted = self._without_windfall(sale, share)
        base, own = self._base(sale, counted)
        if base is None:
            yield self._line(sale, "commission", ZERO, None, {"missing": "cost"})
            return
        before = self.total
        apart = sum((amount * rate for _product, amount, rate in own), ZERO) / HUNDRED
        standard = base - sum((amount for _product, amount, _rate in own), ZERO)
        self._add(sale, counted, base, standard, apart)
        amount, was_capped = self._pay(self._due())
        said: dict[str, Any] = {
            "style": self.terms.style, "measure": self.terms.measure,
            "before": plain(before), "after": plain(self.total),
            "sale": plain(sale.amount), "share": plain(self._percent_of(sale, share)),
        }  # fmt: skip
        if counted != share:
            said["windfall"] = [plain(share), plain(counted)]
        said |= self._explained(sale, counted, before, standard) | (
            {"capped": plain(self.terms.cap or ZERO)} if was_capped else {}
        )
        if own:
            said["own_rates"] = [[product, plain(amount), plain(rate)] for product, amount, rate in own]
        if self.quota:
            said["quota"] = plain(self.quota)
        if self.total < curve.threshold_of(self.terms, self.quota):
            said["threshold"] = plain(curve.threshold_of(self.terms, self.quota))
        yield self._line(sale, "commission", amount, base, said)
        yield from self._on_top(sale, base, share)

    def _add(self, sale: Sale, share: Decimal, base: Decimal, standard: Decimal, apart: Decimal) -> None:
        terms = self.terms
        if terms.style in ("flat", "cumulative"):
            reached = self.total + standard
            gained = curve.in_bands(terms, reached, self.quota) - curve.in_bands(terms, self.total, self.quota)
            self.exact += gained
        elif terms.style == "per_unit":
            self.exact += self._units(sale, share) * (terms.unit_amount or ZERO)
        self.apart += apart
        self.total += base
        self.standard += standard

    def _due(self) -> Decimal:
        """Return what all sales of the span together earn by the main rule, before rounding and cap."""
        terms = self.terms
        if self.total < curve.threshold_of(terms, self.quota):
            return ZERO
        if terms.style == "best_tier":
            return curve.best_rate(terms, self.total, self.quota) * self.standard / HUNDRED + self.apart
        if terms.style == "levels":
            return (terms.target_pay or ZERO) * curve.level_payout(terms, self.total, self.quota) / HUNDRED + self.apart
        return self.exact + self.apart

    def _pay(self, due: Decimal) -> tuple[Decimal, bool]:
        """Return what is due beyond what was paid, so that rounding never adds up, and whether the cap bit."""
        wanted = rounded(due, self.currency) - self.paid
        self.paid += wanted
        allowed = wanted
        if self.terms.cap is not None:
            allowed = min(wanted, self.terms.cap - self.capped)
        self.capped += allowed
        return allowed, allowed != wanted

    def _base(self, sale: Sale, share: Decimal) -> tuple[Decimal | None, list[tuple[int | None, Decimal, Decimal]]]:
        """Return what counts of a sale, and which parts of it are paid at a rate of their own."""
        rates = {each.product_id: each.rate for each in self.terms.product_rates}
        whole = self.terms.renewal_rate if not sale.is_new else self.terms.new_rate
        amounts = [part.margin if self.terms.measure == "margin" else part.amount for part in sale.parts]
        if self.terms.measure == "margin":
            if not amounts or any(amount is None for amount in amounts):
                return None, []
            margin = sum((amount or ZERO for amount in amounts), ZERO)
            base = rounded(margin * share / sale.amount, self.currency) if sale.amount else ZERO
        else:
            base = share
        own = []
        total = sum((amount or ZERO for amount in amounts), ZERO)
        if total > 0 and all(amount is not None and amount >= 0 for amount in amounts) and base > 0:
            shares = split(base, [amount or ZERO for amount in amounts], self.currency)
            for part, amount in zip(sale.parts, shares, strict=True):
                rate = rates.get(part.product_id or 0, whole)
                if rate is not None:
                    own.append((part.product_id, amount, rate))
        elif whole is not None:
            own.append((None, base, whole))
        return base, own

    def _without_windfall(self, sale: Sale, share: Decimal) -> Decimal:
        """Return how much of somebody's share counts when one sale is larger than anybody planned for."""
        above, counts = self.terms.windfall_above, self.terms.windfall_counts
        if above is None or counts is None or sale.amount <= above:
            return share
        whole = above + (sale.amount - above) * counts / HUNDRED
        return rounded(share * whole / sale.amount, self.currency)

    def _units(self, sale: Sale, share: Decimal) -> Decimal:
        units = sum((part.quantity for part in sale.parts), ZERO)
        return units * share / sale.amount if sale.amount else units

    def _percent_of(self, sale: Sale, share: Decimal) -> Decimal:
        return (share * HUNDRED / sale.amount).quantize(Decimal("0.01")) if sale.amount else HUNDRED

    def _explained(self, sale: Sale, share: Decimal, before: Decimal, standard: Decimal) -> dict[str, Any]:
        """Return the numbers with which the formula is written out."""
        terms, reached = self.terms, before + standard
        if terms.style in ("flat", "cumulative"):
            bands = curve.bands_of(terms, self.quota)
            parts = [(band.part(reached) - band.part(before), band.rate) for band in bands]
            return {"bands": [[plain(amount), plain(rate)] for amount, rate in parts if amount]}
        threshold = curve.threshold_of(terms, self.quota)
        if terms.style == "best_tier":
            rates = [
                curve.best_rate(terms, total, self.quota) if total >= threshold else ZERO
                for total in (before, self.total)
            ]
            return {"rate_before": plain(rates[0]), "rate": plain(rates[1]), "standard": plain(self.standard)}
        if terms.style == "levels":
            payouts = [
                curve.level_payout(terms, total, self.quota) if total >= threshold else ZERO
                for total in (before, self.total)
            ]
            shown = [plain(payout.quantize(Decimal("0.0001"))) for payout in payouts]
            return {"payout_before": shown[0], "payout": shown[1], "target_pay": plain(terms.target_pay or ZERO)}
        return {"units": plain(self._units(sale, share)), "unit_amount": plain(terms.unit_amount or ZERO)}

    def _on_top(self, sale: Sale, base: Decimal, share: Decimal) -> Iterator[Line]:
        for place, kicker in enumerate(self.terms.kickers):
            if not _earns(kicker, sale):
                continue
            of_all = share / sale.amount if sale.amount else Decimal(1)
            due = base * kicker.rate / HUNDRED if kicker.rate is not None else (kicker.amount or ZERO) * of_all
            amount = rounded(due, self.currency)
            if self.terms.cap is not None:
                amount = min(amount, self.terms.cap - self.capped)
            self.capped += amount
            said = {"kind": kicker.kind, "field": kicker.field, "value": kicker.value}
            said |= {"amount": plain(kicker.amount)} if kicker.amount is not None else {}
            yield self._line(sale, "kicker", amount, base, said, place=place, rate=kicker.rate)

    def _line(
        self, sale: Sale, rule: str, amount: Decimal, base: Decimal | None, inputs: dict[str, Any], *,
        place: int | None = None, rate: Decimal | None = None,
    ) -> Line:  # fmt: skip
        key = f"{sale.key}:{rule}" + ("" if place is None else f":{place}")
        if rule == "commission" and base and "missing" not in inputs:
            rate = (amount * HUNDRED / base).quantize(Decimal("0.001"))
        return sale_line(sale, self.plan, key, rule, sale.on, amount, base=base, rate=rate, inputs=inputs)


def sale_line(sale: Sale, plan: InForce, key: str, rule: str, on: date, amount: Decimal, **more: Any) -> Line:
    """Return a line about a sale, with everything that it leads back to."""
    return Line(
        key=key, rule=rule, on=on, amount=amount, version_id=plan.version_id, event_id=sale.event_id,
        deal_id=sale.deal_id, order_id=sale.order_id, payment_id=sale.payment_id, **more,
    )  # fmt: skip


def _earns(kicker: Kicker, sale: Sale) -> bool:
    if kicker.kind == "new_customer":
        return sale.is_new
    if kicker.kind == "multi_year":
        return sale.months is not None and sale.months >= MULTI_YEAR_MONTHS
    found = sale.custom.get(kicker.field)
    return str(found).strip().lower() == kicker.value.strip().lower() if found is not None else False


def _from_people_led(book: Book, person: int) -> Iterator[Line]:
    """Pay a manager a share of what the people below have sold."""
    for sale in book.sales:
        plan = book.plan_on(person, sale.on)
        if plan is None or not plan.terms.override_rate or plan.terms.sale_kind != sale.kind:
            continue
        led = book.led_on(person, sale.on) - {person}
        base = sum((amount for each, amount in sale.credited(book.currency).items() if each in led), ZERO)
        yield from _on_others(book, sale, plan, "override", base, plan.terms.override_rate, ZERO)


def _from_pools(book: Book, person: int) -> Iterator[Line]:
    """Pay everybody in a team an equal share of a pool that each sale of the team fills."""
    for sale in book.sales:
        plan = book.plan_on(person, sale.on)
        if plan is None or not plan.terms.pool_rate or plan.terms.sale_kind != sale.kind:
            continue
        mates = book.mates_on(person, sale.on)
        inside = sorted(
            each for each in mates if (its := book.plan_on(each, sale.on)) and its.version_id == plan.version_id
        )
        base = sum((amount for each, amount in sale.credited(book.currency).items() if each in inside), ZERO)
        pool = rounded(base * plan.terms.pool_rate / HUNDRED, book.currency)
        if base and person in inside:
            mine = split(pool, [1] * len(inside), book.currency)[inside.index(person)]
            yield from _on_others(book, sale, plan, "pool", base, plan.terms.pool_rate, mine, heads=len(inside))


def _on_others(
    book: Book, sale: Sale, plan: InForce, rule: str, base: Decimal, rate: Decimal, mine: Decimal, heads: int = 0
) -> Iterator[Line]:
    if not base or _ends_in_its_span(sale, plan.terms):
        return
    amount = mine if heads else rounded(base * rate / HUNDRED, book.currency)
    said = {"heads": str(heads)} if heads else {}
    yield sale_line(sale, plan, f"{sale.key}:{rule}", rule, sale.on, amount, base=base, rate=rate, inputs=said)
    yield from follow(book, sale, plan, amount, rule)


def _from_draws(book: Book, person: int, lines: list[Line]) -> Iterator[Line]:
    """Fill ended months up to the draw; a recoverable one is paid back out of better months."""
    if book.since is None:
        return
    month, owed = book.since.replace(day=1), ZERO
    sold_since = min((sale.on for sale in book.sales if any(each == person for each, _ in sale.shares)), default=None)
    while (following := add_months(month, 1)) <= book.as_of:
        plan = book.plan_on(person, month)
        draw, is_guarantee = _draw_of(book, plan, person, month)
        if plan is not None and draw:
            days, whole = book.days_of_draw(person, month, following, sold_since), (following - month).days
            draw = rounded(draw * days / whole, book.currency)
            earned = sum((line.amount for line in lines if line.month == month), ZERO)
            last = date.fromordinal(following.toordinal() - 1)
            said = {"earned": plain(earned), "draw": plain(draw), "owed": plain(owed)}
            if days < whole:
                said |= {"days": str(days), "whole": str(whole)}
            if is_guarantee:
                said["guarantee"] = str(plan.terms.guarantee_months)
            if draw and earned < draw:
                more = draw - max(earned, ZERO)
                owed += more if plan.terms.draw_is_recoverable and not is_guarantee else ZERO
                yield Line(f"draw:{month:%Y-%m}", "draw", last, more, plan.version_id, inputs=said)
            elif owed and earned > draw:
                back = min(owed, earned - draw)
                owed -= back
                yield Line(f"recovery:{month:%Y-%m}", "recovery", last, -back, plan.version_id, inputs=said)
        month = following


def _draw_of(book: Book, plan: InForce | None, person: int, month: date) -> tuple[Decimal, bool]:
    """Return up to what a month is filled, and whether that is what somebody new is guaranteed, never paid back."""
    if plan is None:
        return ZERO, False
    draw, guarantee, months = plan.terms.draw or ZERO, plan.terms.guarantee, plan.terms.guarantee_months
    began = book.started_on(person) if guarantee and months else None
    if guarantee is None or months is None or began is None or guarantee < draw:
        return draw, False
    first = began.replace(day=1)
    return (guarantee, True) if first <= month < add_months(first, months) else (draw, False)
