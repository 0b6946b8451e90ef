"""What somebody would earn if: one more deal, another day, open deals won."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from salesmode.pay.models import LedgerEntry
from salesmode.pay.models.earning import earn
from salesmode.pay.models.sale import Line, Part, Sale
from salesmode.pay.queries.explaining import explanation
from salesmode.pay.queries.facts import book_of
from salesmode.pay.queries.holding import Holding
from salesmode.pay.queries.on_target import EARNED, Reached, variable_of
from salesmode.people.models import Person
from salesmode.selling.models import Deal

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Wish:
    """Something that might be sold: an amount on a day, perhaps an open deal."""

    amount: Decimal
    on: date
    deal: Deal | None = None


@dataclass(frozen=True)
class Gain:
    """One amount that would be earned, or changed, and why."""

    line: Line
    why: str
    title: str


@dataclass(frozen=True)
class WhatIf:
    """What somebody would earn more, and where that comes from."""

    now: Decimal
    then: Decimal
    gains: list[Gain]
    has_plan: bool
    wished: Decimal
    # What was corrected by hand in these months: part of both sides.
    corrected: Decimal = ZERO
    # What was and would be earned of the variable pay on target of these months; None where no plan says one.
    reached: tuple[Reached, Reached] | None = None

    @property
    def more(self) -> Decimal:
        """Return the difference."""
        return self.then - self.now

    @property
    def share(self) -> Decimal | None:
        """Return what each further yuan of sales brings; None when nothing is wished."""
        return self.more / self.wished if self.wished else None


def what_if(person: Person, *, wishes: Sequence[Wish], today: date) -> WhatIf:
    """Return what somebody would earn if all that were sold, and paid for on the same day. Some twenty queries."""
    holding = Holding()
    first = min((wish.on for wish in wishes), default=today)
    last = max([today, *(wish.on for wish in wishes)])
    book = book_of([person.pk], as_of=last, holding=holding)
    sales, titles = [], {}
    for number, wish in enumerate(wishes, start=1):
        plan = holding.plan_on(person.pk, wish.on)
        if plan is not None:
            sale = _sale(plan.terms.sale_kind, -number, wish, person)
            sales.append(sale)
            titles[sale.key] = wish.deal.title if wish.deal is not None else ""
    before = earn(book, person.pk)
    after = earn(replace(book, sales=(*book.sales, *sales)), person.pk)
    months = {wish.on.replace(day=1) for wish in wishes} or {first.replace(day=1)}
    variable = sum(variable_of(person, sorted(months), holding).values(), ZERO)
    gains = [
        Gain(line, explanation(line), titles.get(":".join(line.key.split(":")[:2]), ""))
        for line in _difference(before, after)
    ]
    corrected = _corrected(person, months)
    now = _total(before, months) + corrected
    return WhatIf(
        now=now, then=now + _total_all(after) - _total_all(before), gains=gains, corrected=corrected,
        has_plan=bool(sales) or holding.plan_on(person.pk, first) is not None,
        wished=sum((wish.amount for wish in wishes), ZERO),
        reached=(
            (
                Reached(_total(before, months, EARNED) + corrected, variable),
                Reached(_total(after, months, EARNED) + corrected, variable),
            )
            if variable
            else None
        ),
    )  # fmt: skip


def _sale(kind: str, number: int, wish: Wish, person: Person) -> Sale:
    parts: tuple[Part, ...] = ()
    is_new, custom = False, {}
    if wish.deal is not None:
        lines = wish.deal.lines.order_by("position", "id").values_list("product_id", "amount", "quantity")
        parts = tuple(Part(product, amount, quantity) for product, amount, quantity in lines)
        is_new = not Deal.objects.won().filter(customer=wish.deal.customer_id, customer__isnull=False).exists()
        custom = wish.deal.custom
    flows = ((wish.on, wish.amount),) if kind != "received" else ()
    return Sale(
        kind, number, wish.on, wish.amount, ((person.pk, HUNDRED),), parts, is_new=is_new, custom=custom, flows=flows
    )


def _total(lines: Sequence[Line], months: set[date], rules: Collection[str] = ()) -> Decimal:
    wanted = (line for line in lines if line.month in months and (not rules or line.rule in rules))
    return sum((line.amount for line in wanted), ZERO)


def _corrected(person: Person, months: set[date]) -> Decimal:
    rows = LedgerEntry.objects.filter(owner=person, rule=LedgerEntry.Rule.CORRECTION)
    rows = rows.filter(period__in=months)
    return rows.aggregate(total=Sum("amount", default=ZERO))["total"]


def _total_all(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def _difference(before: Sequence[Line], after: Sequence[Line]) -> list[Line]:
    """Return what is new or different, each line with the difference as its amount."""
    known = {line.key: line for line in before}
    changed = []
    for line in after:
        former = known.pop(line.key, None)
        if former is None or former.amount != line.amount:
            changed.append(line if former is None else replace(line, amount=line.amount - former.amount))
    return [*changed, *(replace(line, amount=-line.amount) for line in known.values())]
