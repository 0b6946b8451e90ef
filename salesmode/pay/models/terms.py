"""What a pay plan says, as a typed document: kept as data, never as code."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

Percent = Annotated[Decimal, Field(ge=0, le=1000, max_digits=7, decimal_places=3, allow_inf_nan=False)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3, allow_inf_nan=False)]
Measure = Literal["won", "signed", "received", "margin"]
Frequency = Literal["month", "quarter", "year"]
Style = Literal["flat", "per_unit", "cumulative", "best_tier", "levels"]
HUNDRED = Decimal(100)


class Document(BaseModel):
    """A part of a plan's terms; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(Document):
    """From an amount (or an attainment in percent) on, this rate."""

    starts_at: Amount
    rate: Percent


class Level(Document):
    """At this attainment in percent, so many percent of the target pay."""

    attainment: Percent
    payout: Percent


class ProductRate(Document):
    """A product that is paid at a rate of its own."""

    product_id: int
    rate: Percent


class Kicker(Document):
    """Something on top when a condition holds: percent of the base, or a fixed amount."""

    kind: Literal["new_customer", "multi_year", "custom"]
    rate: Percent | None = None
    amount: Amount | None = None
    field: Annotated[str, Field(max_length=60)] = ""
    value: Annotated[str, Field(max_length=120)] = ""


class PlanTerms(Document):
    """Everything that decides what somebody earns under a plan."""

    measure: Measure = "received"
    frequency: Frequency = "month"
    style: Style = "flat"
    rate: Percent | None = None
    unit_amount: Amount | None = None
    counted_in: Literal["amount", "attainment"] = "amount"
    tiers: Annotated[tuple[Tier, ...], Field(max_length=12)] = ()
    levels: Annotated[tuple[Level, ...], Field(max_length=20)] = ()
    linear: bool = False
    target_pay: Amount | None = None
    quota_from: Literal["none", "fixed", "target"] = "none"
    quota: Amount | None = None
    threshold: Amount | None = None
    cap: Amount | None = None
    accelerator_above: Percent | None = None
    accelerator_factor: Percent | None = None
    decelerator_below: Percent | None = None
    decelerator_factor: Percent | None = None
    windfall_above: Amount | None = None
    windfall_counts: Percent | None = None
    product_rates: Annotated[tuple[ProductRate, ...], Field(max_length=50)] = ()
    new_rate: Percent | None = None
    renewal_rate: Percent | None = None
    kickers: Annotated[tuple[Kicker, ...], Field(max_length=10)] = ()
    hold_back: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] = Decimal(0)
    clawback_on: tuple[Literal["cancelled", "refunded", "overdue"], ...] = ("cancelled", "refunded")
    clawback_days: Annotated[int, Field(ge=0, le=3660)] | None = None
    overdue_days: Annotated[int, Field(ge=0, le=3660)] = 90
    draw: Amount | None = None
    draw_is_recoverable: bool = False
    guarantee: Amount | None = None
    guarantee_months: Annotated[int, Field(ge=1, le=36)] | None = None
    pool_rate: Percent | None = None
    override_rate: Percent | None = None
    # A year's salary, and the variable pay that a year is meant to bring whoever reaches the target exactly.
    base_salary: Amount | None = None
    target_variable: Amount | None = None

    @property
    def sale_kind(self) -> str:
        """Return the kind of sale that counts: a margin is earned when an order is signed."""
        return "signed" if self.measure == "margin" else self.measure

    @property
    def needs_quota(self) -> bool:
        """Whether nothing can be worked out before it is known what somebody is to reach."""
        return (
            self.style == "levels"
            or (self.counted_in == "attainment" and bool(self.tiers or self.threshold))
            or self.accelerator_above is not None
            or self.decelerator_below is not None
        )

    @property
    def adds_up(self) -> bool:
        """Whether what a sale pays depends on what was sold before it in the same month, quarter or year."""
        limits = (self.threshold, self.cap, self.accelerator_above, self.decelerator_below)
        return self.style in ("cumulative", "best_tier", "levels") or any(each is not None for each in limits)

    @property
    def on_target_earnings(self) -> Decimal | None:
        """Return what a year pays whoever reaches the target exactly; None unless both parts are said."""
        if self.base_salary is None or self.target_variable is None:
            return None
        return self.base_salary + self.target_variable

    @property
    def pay_mix(self) -> tuple[Decimal, Decimal] | None:
        """Return the share of salary and of variable pay in it, in percent: together a hundred."""
        whole = self.on_target_earnings
        if not whole or self.base_salary is None:
            return None
        base = (self.base_salary * HUNDRED / whole).quantize(Decimal("0.1"))
        return base, HUNDRED - base

    @property
    def pays_own_rates_on_top(self) -> bool:
        """Whether a product's or customer's own rate adds to a way of paying that knows no rate to replace."""
        own = (self.new_rate, self.renewal_rate)
        return self.style in ("per_unit", "levels") and bool(
            self.product_rates or any(rate is not None for rate in own)
        )

    def as_data(self) -> dict[str, Any]:
        """Return the document as it is stored."""
        return self.model_dump(mode="json")

    def problems(self) -> dict[str, list[str]]:
        """Return what does not fit together, field by field, in sentences for a person."""
        wrong: dict[str, list[str]] = {}

        def say(field: str, sentence: str) -> None:
            wrong.setdefault(field, []).append(sentence)

        self._about_style(say)
        if self.needs_quota and self.quota_from == "none":
            say("quota_from", _("This plan pays by attainment: say where the target comes from."))
        if self.quota_from == "fixed" and not self.quota:
            say("quota", _("Enter the target that everybody on this plan has, above zero."))
        for part in ("accelerator", "decelerator"):
            bound = self.accelerator_above if part == "accelerator" else self.decelerator_below
            factor = getattr(self, f"{part}_factor")
            if (bound is None) != (factor is None):
                say(f"{part}_factor", _("Enter both the attainment and the factor, or neither."))
            if bound is not None and self.style in ("levels", "per_unit"):
                say(f"{part}_factor", _("This way of paying has no rate to raise or lower: leave this empty."))
        if self.accelerator_factor is not None and self.accelerator_factor < HUNDRED:
            say("accelerator_factor", _("An accelerator raises the rate: enter 100 percent or more."))
        if self.decelerator_factor is not None and self.decelerator_factor > HUNDRED:
            say("decelerator_factor", _("A decelerator lowers the rate: enter 100 percent or less."))
        if (self.windfall_above is None) != (self.windfall_counts is None):
            say("windfall_counts", _("Enter both from which amount on and how much of it counts, or neither."))
        if self.windfall_counts is not None and self.windfall_counts > HUNDRED:
            say("windfall_counts", _("Of a windfall no more counts than there is: enter 100 percent or less."))
        if (self.guarantee is None) != (self.guarantee_months is None):
            say("guarantee_months", _("Enter both the amount and for how many months, or neither."))
        if self.base_salary is not None and not self.target_variable:
            say("target_variable", _("Enter the variable pay on target too: a salary alone is no mix."))
        if self.hold_back and self.measure == "received":
            say("hold_back", _("A plan that pays when money comes in has nothing to hold back."))
        for kicker in self.kickers:
            if (kicker.rate is None) == (kicker.amount is None):
                say("kickers", _("A bonus is either a percentage or an amount."))
            if kicker.kind == "custom" and not (kicker.field and kicker.value):
                say("kickers", _("Name the own field of the deal, and the value that earns the bonus."))
        return wrong

    def _about_style(self, say: Any) -> None:
        if self.style == "flat" and self.rate is None:
            say("rate", _("Enter the rate in percent."))
        if self.style == "per_unit" and self.unit_amount is None:
            say("unit_amount", _("Enter what each unit pays."))
        if self.style in ("cumulative", "best_tier"):
            starts = [tier.starts_at for tier in self.tiers]
            if not starts:
                say("tiers", _("Enter at least one tier."))
            elif starts[0] != 0 or any(low >= high for low, high in pairwise(starts)):
                say("tiers", _("The first tier starts at 0, and each next one above the one before."))
        if self.style == "levels":
            points = [level.attainment for level in self.levels]
            if not points or any(low >= high for low, high in pairwise(points)):
                say("levels", _("Enter levels with rising attainment."))
            if self.target_pay is None:
                say("target_pay", _("Enter what is paid at 100 percent of the target."))
