"""A plan's terms as sentences, in the language of the reader: what is written here is what is worked out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from salesmode.catalog.models import Product
from salesmode.kernel.wording import full_money, number
from salesmode.pay.models import curve
from salesmode.pay.models.earning import SIZES
from salesmode.pay.models.terms import HUNDRED, Kicker, PlanTerms


def points(value: Any) -> str:
    """Write a percentage: 8 → 8%."""
    return f"{number(value)}%"


def sentences(terms: PlanTerms) -> list[str]:
    """Return what a plan says, one thought a sentence. One query when it names products."""
    names = {}
    if terms.product_rates:
        keys = [each.product_id for each in terms.product_rates]
        names = dict(Product.objects.filter(pk__in=keys).values_list("pk", "name"))
    said = (_what_counts(terms), _what_it_pays(terms), _on_top(terms, names), _afterwards(terms), _around(terms))
    return [sentence for part in (*said, _on_target(terms)) for sentence in part]


def one_line(terms: PlanTerms) -> str:
    """Return the heart of a plan for a list: what counts, and what that pays. No query."""
    said = [*_what_counts(terms), *_what_it_pays(terms), *_around(terms)]
    return (_("%(first)s %(second)s") % {"first": said[0], "second": said[1]}) if len(said) > 1 else said[0]


def _what_counts(terms: PlanTerms) -> Iterator[str]:
    yield {
        "won": _("Deals count on the day they are won."),
        "signed": _("Orders count on the day they are signed."),
        "received": _("Money counts on the day it is received."),
        "margin": _("The margin of orders counts on the day they are signed, where every product's cost is known."),
    }[terms.measure]


def _every(terms: PlanTerms) -> str:
    return {"month": _("month"), "quarter": _("quarter"), "year": _("year")}[terms.frequency]


def _bound(terms: PlanTerms, value: Decimal) -> str:
    if terms.counted_in == "attainment":
        return _("%(percent)s of the target") % {"percent": points(value)}
    return full_money(value)


def _what_it_pays(terms: PlanTerms) -> Iterator[str]:
    every = {"span": _every(terms)}
    if terms.style == "flat" and not terms.rate and (terms.override_rate or terms.pool_rate):
        pass
    elif terms.style == "flat":
        yield _("It pays %(rate)s.") % {"rate": points(terms.rate)}
    elif terms.style == "per_unit":
        yield _("Each unit sold pays %(amount)s.") % {"amount": full_money(terms.unit_amount)}
    elif terms.style == "levels":
        yield _("Reaching 100%% of the target of a %(span)s pays %(amount)s.") % {
            **every,
            "amount": full_money(terms.target_pay),
        }
        steps = _("; ").join(
            _("at %(attainment)s, %(payout)s of it")
            % {"attainment": points(level.attainment), "payout": points(level.payout)}
            for level in terms.levels
        )
        yield _("Levels: %(steps)s.") % {"steps": steps}
        yield _("Between the levels it rises evenly.") if terms.linear else _("Between the levels the lower one holds.")
    else:
        steps = _("; ").join(
            _("from %(start)s on %(rate)s") % {"start": _bound(terms, tier.starts_at), "rate": points(tier.rate)}
            for tier in terms.tiers
        )
        if terms.style == "cumulative":
            yield _("Each part of a %(span)s's total pays its own rate: %(steps)s.") % {**every, "steps": steps}
        else:
            yield _("The best rate reached in a %(span)s pays on everything: %(steps)s.") % {**every, "steps": steps}
    if terms.quota_from == "fixed":
        yield _("Everybody's target for a %(span)s is %(quota)s.") % {**every, "quota": full_money(terms.quota)}
    elif terms.quota_from == "target":
        yield _("The target of a %(span)s is each person's own.") % every
    if terms.threshold:
        yield _("Below %(bound)s nothing is paid; from there on everything.") % {
            "bound": _bound(terms, terms.threshold)
        }
    if terms.accelerator_above is not None and terms.accelerator_factor is not None:
        said = {"above": points(terms.accelerator_above), "factor": points(terms.accelerator_factor)}
        yield (
            _("From %(above)s of the target on, everything is paid at %(factor)s of the rate.") % said
            if terms.style == "best_tier"
            else _("What goes beyond %(above)s of the target is paid at %(factor)s of the rate.") % said
        )
    if terms.decelerator_below is not None and terms.decelerator_factor is not None:
        said = {"below": points(terms.decelerator_below), "factor": points(terms.decelerator_factor)}
        yield (
            _("Below %(below)s of the target, everything is paid at %(factor)s of the rate.") % said
            if terms.style == "best_tier"
            else _("What lies below %(below)s of the target is paid at %(factor)s of the rate.") % said
        )
    if terms.cap is not None:
        yield _("Nobody gets more than %(cap)s for a %(span)s.") % {**every, "cap": full_money(terms.cap)}


def _windfall(terms: PlanTerms) -> Iterator[str]:
    if terms.windfall_above is None or terms.windfall_counts is None:
        return
    said = {"above": full_money(terms.windfall_above), "counts": points(terms.windfall_counts)}
    if terms.windfall_counts:
        yield _("Of a single sale, what lies above %(above)s counts at %(counts)s.") % said
    else:
        yield _("Of a single sale, what lies above %(above)s does not count.") % said


def kicker_condition(kind: str, field: str = "", value: str = "") -> str:
    """Say when a bonus is earned."""
    if kind == "new_customer":
        return _("a new customer's first order")
    if kind == "multi_year":
        return _("an order that runs for two years or longer")
    return _("%(field)s is “%(value)s”") % {"field": field, "value": value}


def _bonus(kicker: Kicker) -> str:
    worth = points(kicker.rate) if kicker.rate is not None else full_money(kicker.amount)
    said = {"worth": worth, "when": kicker_condition(kicker.kind, kicker.field, kicker.value)}
    return _("On top, %(worth)s when: %(when)s.") % said


def _on_top(terms: PlanTerms, names: Mapping[int, str]) -> Iterator[str]:
    yield from _windfall(terms)
    for each in terms.product_rates:
        said = {"product": names.get(each.product_id, "—"), "rate": points(each.rate)}
        yield _("%(product)s pays %(rate)s of its own.") % said
    if terms.new_rate is not None:
        yield _("What a new customer buys first pays %(rate)s.") % {"rate": points(terms.new_rate)}
    if terms.renewal_rate is not None:
        yield _("What an existing customer buys pays %(rate)s.") % {"rate": points(terms.renewal_rate)}
    if terms.pays_own_rates_on_top:
        yield (
            _("Rates of their own come on top of what each unit pays: a sale earns both.")
            if terms.style == "per_unit"
            else _("Rates of their own come on top of the target pay: a sale earns them and counts towards the target.")
        )
    yield from (_bonus(kicker) for kicker in terms.kickers)


def _afterwards(terms: PlanTerms) -> Iterator[str]:
    if terms.hold_back:
        yield _("%(percent)s is held back and released as the customer pays.") % {"percent": points(terms.hold_back)}
    words = {"cancelled": _("cancelled"), "refunded": _("refunded")}
    why = [words[each] for each in ("cancelled", "refunded") if each in terms.clawback_on]
    if terms.sale_kind == "received":
        why = [words["refunded"]] if "refunded" in terms.clawback_on else []
    elif "overdue" in terms.clawback_on:
        why.append(_("unpaid %(days)s days after it was due") % {"days": terms.overdue_days})
    if why and terms.clawback_days is None:
        yield _("It is taken back when the sale is %(why)s.") % {"why": _(" or ").join(why)}
    elif why:
        said = {"why": _(" or ").join(why), "days": terms.clawback_days}
        yield _("It is taken back when the sale is %(why)s within %(days)s days.") % said


def _around(terms: PlanTerms) -> Iterator[str]:
    if terms.draw:
        said = {"amount": full_money(terms.draw)}
        yield (
            _("A month with less is filled up to %(amount)s, which better months pay back.") % said
            if terms.draw_is_recoverable
            else _("A month with less is filled up to %(amount)s.") % said
        )
    if terms.guarantee:
        said = {"amount": full_money(terms.guarantee), "months": number(terms.guarantee_months)}
        yield _("Whoever is new gets at least %(amount)s in each of the first %(months)s months.") % said
    if terms.draw or terms.guarantee:
        yield _(
            "Where the plan holds for a team or the company, sellers and managers get this for the days they were here."
        )
    if terms.pool_rate:
        yield _("%(rate)s of what the team sells is shared equally in the team.") % {"rate": points(terms.pool_rate)}
    if terms.override_rate:
        yield _("Whoever leads a team gets %(rate)s of what it sells.") % {"rate": points(terms.override_rate)}


def _on_target(terms: PlanTerms) -> Iterator[str]:
    """Yield what the plan is meant to come to, and what exactly on target it does."""
    if terms.target_variable is None:
        return
    said = {"variable": full_money(terms.target_variable), "month": full_money(terms.target_variable / 12)}
    if terms.pay_mix is None:
        yield _("Whoever reaches the target gets %(variable)s of variable pay a year, %(month)s a month.") % said
    else:
        base, variable = (number(share) for share in terms.pay_mix)
        said |= {"whole": full_money(terms.on_target_earnings), "base": full_money(terms.base_salary)}
        said["mix"] = f"{base} : {variable}"
        yield (
            _(
                "On-target earnings are %(whole)s a year: a salary of %(base)s and %(variable)s of variable pay, "
                "%(month)s a month (%(mix)s)."
            )
            % said
        )
    quota = terms.quota if terms.quota_from == "fixed" else None
    if (rate := curve.effective_rate(terms, quota)) is not None:
        yield _("At 100%% of the target the effective rate is %(rate)s.") % {"rate": points(round(rate, 3))}
    pays = curve.whole(terms, quota, quota) if quota else None
    if terms.style == "levels" and terms.target_pay is not None:
        pays = terms.target_pay * curve.level_payout(terms, HUNDRED, HUNDRED) / HUNDRED
    if pays is not None and terms.target_variable and terms.style != "per_unit":
        a_year = pays * 12 / SIZES[terms.frequency]
        told = {
            "pays": full_money(a_year),
            "share": points(round(a_year * HUNDRED / terms.target_variable, 1)),
        }
        yield _("Its rates pay %(pays)s a year at 100%% of the target: %(share)s of that variable pay.") % told
