"""What counts towards pay: a deal won, an order signed or a payment received, in its final state, as plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.kernel.money import split
from salesmode.pay.models.terms import PlanTerms


@dataclass(frozen=True)
class Part:
    """What was sold: one product, how much of it, for how much, at which margin (None where the cost is unknown)."""

    product_id: int | None
    amount: Decimal
    quantity: Decimal = Decimal(0)
    margin: Decimal | None = None


@dataclass(frozen=True)
class Sale:
    """One thing that counts. `flows` is money that came or went afterwards, `dues` what should have come by a day."""

    kind: str
    number: int
    on: date
    amount: Decimal
    shares: tuple[tuple[int, Decimal], ...]
    parts: tuple[Part, ...] = ()
    event_id: int | None = None
    deal_id: int | None = None
    order_id: int | None = None
    payment_id: int | None = None
    is_new: bool = False
    months: int | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    discount: Decimal | None = None
    ended_on: date | None = None
    flows: tuple[tuple[date, Decimal], ...] = ()
    dues: tuple[tuple[date, Decimal], ...] = ()

    @property
    def key(self) -> str:
        """The name under which the ledger knows this sale."""
        return f"{self.kind}:{self.number}"

    def credited(self, currency: str) -> dict[int, Decimal]:
        """Share the amount out between the people who sold it; the shares add up to it."""
        amounts = split(self.amount, [percent for _person, percent in self.shares], currency)
        return {person: amount for (person, _percent), amount in zip(self.shares, amounts, strict=True)}


@dataclass(frozen=True)
class InForce:
    """A version of a plan as it holds for somebody."""

    version_id: int
    plan_id: int
    name: str
    number: int
    terms: PlanTerms


@dataclass(frozen=True)
class Book:
    """All that is needed to say what people have earned; nothing in it changes while it is read."""

    currency: str
    as_of: date
    sales: tuple[Sale, ...]
    plan_on: Callable[[int, date], InForce | None]
    quota_of: Callable[[InForce, int, date], Decimal | None]
    mates_on: Callable[[int, date], tuple[int, ...]] = lambda person, day: (person,)
    led_on: Callable[[int, date], frozenset[int]] = lambda person, day: frozenset()
    since: date | None = None
    started_on: Callable[[int], date | None] = lambda person: None
    days_of_draw: Callable[[int, date, date, date | None], int] = lambda person, first, until, sold_since: (
        (until - first).days
    )


@dataclass(frozen=True)
class Line:
    """One amount that somebody should have, for one reason; the ledger keeps one standing entry for each key."""

    key: str
    rule: str
    on: date
    amount: Decimal
    version_id: int
    base: Decimal | None = None
    rate: Decimal | None = None
    event_id: int | None = None
    deal_id: int | None = None
    order_id: int | None = None
    payment_id: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def month(self) -> date:
        """The month to which this belongs."""
        return self.on.replace(day=1)
