"""How much a total earns under a plan: bands, best tier, levels. Pure arithmetic, exact until it is rounded once."""

from dataclasses import dataclass
from decimal import Decimal

from salesmode.pay.models.terms import HUNDRED, PlanTerms

ZERO = Decimal(0)


@dataclass(frozen=True)
class Band:
    """From `low` until before `high`, a rate in percent."""

    low: Decimal
    high: Decimal | None
    rate: Decimal

    def part(self, total: Decimal) -> Decimal:
        """Return how much of a total lies in this band."""
        top = total if self.high is None else min(total, self.high)
        return max(ZERO, top - self.low)


def _in_money(terms: PlanTerms, value: Decimal, quota: Decimal | None) -> Decimal:
    return value * (quota or ZERO) / HUNDRED if terms.counted_in == "attainment" else value


def threshold_of(terms: PlanTerms, quota: Decimal | None) -> Decimal:
    """Return below which total nothing is paid."""
    return ZERO if terms.threshold is None else _in_money(terms, terms.threshold, quota)


def tiers_of(terms: PlanTerms, quota: Decimal | None) -> list[tuple[Decimal, Decimal]]:
    """Return where each rate starts, in money; a flat rate starts at nothing."""
    if terms.style == "flat":
        return [(ZERO, terms.rate or ZERO)]
    return [(_in_money(terms, tier.starts_at, quota), tier.rate) for tier in terms.tiers]


def _rate_at(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal:
    """Return the rate that holds at a total, accelerated or slowed down."""
    rate = ZERO
    for start, its in tiers_of(terms, quota):
        if total >= start:
            rate = its
    return rate * _factor_at(terms, total, quota)


def _factor_at(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal:
    if quota is None:
        return Decimal(1)
    attained = total * HUNDRED / quota if quota else ZERO
    if terms.accelerator_above is not None and terms.accelerator_factor and attained >= terms.accelerator_above:
        return terms.accelerator_factor / HUNDRED
    if terms.decelerator_below is not None and attained < terms.decelerator_below:
        return (terms.decelerator_factor or ZERO) / HUNDRED
    return Decimal(1)


def bands_of(terms: PlanTerms, quota: Decimal | None) -> list[Band]:
    """Return the bands of a plan that pays each part of a total at its own rate."""
    points = {start for start, _rate in tiers_of(terms, quota)}
    if quota is not None:
        points |= {
            quota * bound / HUNDRED for bound in (terms.accelerator_above, terms.decelerator_below) if bound is not None
        }
    lows = sorted(points)
    highs = [*lows[1:], None]
    return [Band(low, high, _rate_at(terms, low, quota)) for low, high in zip(lows, highs, strict=True)]


def in_bands(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal:
    """Return what a total earns when each band pays at its rate: the sum of rate times what lies in the band."""
    return sum((band.rate * band.part(total) for band in bands_of(terms, quota)), ZERO) / HUNDRED


def best_rate(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal:
    """Return the rate that a total has reached, which is paid on everything."""
    return _rate_at(terms, total, quota)


def level_payout(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal:
    """Return the share of the target pay, in percent, that an attainment earns; above the last level, that of the last.

    Nothing is paid above 100 % unless a level says so; below the first level nothing is paid, unless lines run between
    the points: then the first line starts at nothing.
    """
    if not quota:
        return ZERO
    attained = total * HUNDRED / quota
    before = (ZERO, ZERO)
    for level in terms.levels:
        if attained < level.attainment:
            if not terms.linear:
                return before[1]
            width = level.attainment - before[0]
            return before[1] + (level.payout - before[1]) * max(ZERO, attained - before[0]) / width
        before = (level.attainment, level.payout)
    return before[1]


def whole(terms: PlanTerms, total: Decimal, quota: Decimal | None) -> Decimal | None:
    """Return what a total earns if all of it is paid by the plan's main rule; None while the target is unknown."""
    if terms.needs_quota and not quota:
        return None
    if total < threshold_of(terms, quota):
        return ZERO
    if terms.style == "levels":
        earned = (terms.target_pay or ZERO) * level_payout(terms, total, quota) / HUNDRED
    elif terms.style == "best_tier":
        earned = best_rate(terms, total, quota) * total / HUNDRED
    elif terms.style == "per_unit":
        earned = ZERO
    else:
        earned = in_bands(terms, total, quota)
    return earned if terms.cap is None else min(earned, terms.cap)


def effective_rate(terms: PlanTerms, quota: Decimal | None) -> Decimal | None:
    """Return what exactly reaching a target pays, in percent of it; None where that hangs on an unknown target.

    Rates that count in percent of the target come to the same whatever it is. Units are not money: they tell no rate.
    """
    is_the_same_for_all = terms.counted_in == "attainment" or terms.threshold is None
    if terms.style != "flat":
        is_the_same_for_all = terms.style != "levels" and terms.counted_in == "attainment"
    reached = quota or (HUNDRED if is_the_same_for_all and terms.cap is None else None)
    if not reached or terms.style == "per_unit":
        return None
    earned = whole(terms, reached, reached)
    return None if earned is None else earned * HUNDRED / reached


def turning_points(terms: PlanTerms, quota: Decimal | None) -> list[Decimal]:
    """Return the totals at which the rule changes, in money, the threshold among them."""
    points = {start for start, _rate in tiers_of(terms, quota)} if terms.style != "levels" else set()
    if quota:
        bounds = [terms.accelerator_above, terms.decelerator_below]
        bounds += [level.attainment for level in terms.levels] if terms.style == "levels" else []
        points |= {quota * bound / HUNDRED for bound in bounds if bound is not None}
    return sorted(point for point in points | {threshold_of(terms, quota)} if point > 0)
