"""What somebody has earned: arithmetic without a database."""

from datetime import date
from decimal import Decimal as D
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmode.kernel.money import exponent, rounded, split
from salesmode.pay.models import curve
from salesmode.pay.models.earning import canonical, earn
from salesmode.pay.models.sale import Book, InForce, Part, Sale
from salesmode.pay.models.terms import PlanTerms

ANA, BO, CY = 1, 2, 3
MARCH, APRIL = date(2026, 3, 2), date(2026, 4, 10)


def book(sales, terms=None, *, plans=None, quota=None, as_of=date(2026, 12, 31), currency="CNY", **more) -> Book:
    """A book in which everybody has the same plan, unless told otherwise."""
    known = plans or {}
    default = InForce(1, 1, "Plan", 1, terms) if terms else None
    return Book(
        currency=currency,
        as_of=as_of,
        sales=tuple(sales),
        plan_on=lambda person, day: known.get(person, default),
        quota_of=lambda plan, person, first: quota,
        **more,
    )


def payment(number: int, amount, on=MARCH, **more) -> Sale:
    """A payment credited to Ana."""
    more.setdefault("shares", ((ANA, D(100)),))
    return Sale("received", number, on, D(amount), payment_id=number, **more)


def order(number: int, amount, on=MARCH, **more) -> Sale:
    """An order credited to Ana."""
    more.setdefault("shares", ((ANA, D(100)),))
    return Sale("signed", number, on, D(amount), order_id=number, **more)


def total(lines) -> D:
    return sum((line.amount for line in lines), D(0))


def by_rule(lines) -> dict[str, D]:
    found: dict[str, D] = {}
    for line in lines:
        found[line.rule] = found.get(line.rule, D(0)) + line.amount
    return found


FLAT = PlanTerms(rate=D(5))
ACCELERATED = PlanTerms(
    style="cumulative",
    counted_in="attainment",
    quota_from="fixed",
    quota=D(100_000),
    tiers=[{"starts_at": 0, "rate": 8}, {"starts_at": 100, "rate": 12}],
)
BEST = PlanTerms(style="best_tier", tiers=[{"starts_at": 0, "rate": 2}, {"starts_at": 100_000, "rate": 3}])


class TestTheCumulativeFormula:
    def test_pays_eight_percent_to_the_target_and_twelve_above(self):
        quota = D(100_000)

        earned = curve.in_bands(ACCELERATED, D(120_000), quota)

        assert earned == D("0.08") * quota + D("0.12") * D("0.2") * quota == D(10_400)

    @settings(max_examples=300, deadline=None)
    @given(
        starts=st.lists(st.integers(1, 300), unique=True, max_size=5),
        rates=st.lists(st.integers(0, 30), min_size=6, max_size=6),
        quota=st.integers(1, 10**7),
        attained=st.integers(0, 400),
    )
    def test_is_the_sum_over_bands(self, starts, rates, quota, attained):
        lows = [0, *sorted(starts)]
        tiers = [{"starts_at": low, "rate": rate} for low, rate in zip(lows, rates, strict=False)]
        terms = PlanTerms(style="cumulative", counted_in="attainment", quota_from="fixed", quota=D(quota), tiers=tiers)
        att, highs = D(attained) / 100, [*[D(low) / 100 for low in lows[1:]], D(10**9)]
        wanted = sum(
            D(rate) / 100 * max(D(0), min(att, high) - D(low) / 100) * quota
            for low, high, rate in zip(lows, highs, rates, strict=False)
        )

        assert curve.in_bands(terms, att * quota, D(quota)) == wanted

    @settings(max_examples=200, deadline=None)
    @given(
        amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
        currency=st.sampled_from(["JPY", "CNY", "KWD"]),
    )
    def test_adds_up_over_single_sales_to_the_cent(self, amounts, currency):
        terms = PlanTerms(
            style="cumulative", tiers=[{"starts_at": 0, "rate": "1.7"}, {"starts_at": 1_000_000, "rate": "3.3"}]
        )
        unit = D(1).scaleb(-exponent(currency))
        sales = [payment(n, amount * unit) for n, amount in enumerate(amounts, 1)]

        lines = earn(book(sales, terms, currency=currency), ANA)

        whole = sum((sale.amount for sale in sales), D(0))
        assert total(lines) == rounded(curve.in_bands(terms, whole, None), currency)


class TestSplits:
    @settings(max_examples=500, deadline=None)
    @given(
        units=st.integers(-(10**10), 10**10),
        weights=st.lists(st.integers(1, 10_000), min_size=1, max_size=8),
        currency=st.sampled_from(["JPY", "CNY", "KWD"]),
    )
    def test_add_up_in_every_currency(self, units, weights, currency):
        unit = D(1).scaleb(-exponent(currency))
        amount = units * unit

        shares = split(amount, weights, currency)

        assert sum(shares) == amount
        exact = [amount * weight / sum(weights) for weight in weights]
        assert all(abs(share - each) <= unit for share, each in zip(shares, exact, strict=True))

    def test_pay_each_their_part(self):
        sale = payment(1, 1000, shares=((ANA, D("33.333")), (CY, D("66.667"))))

        both = [total(earn(book([sale], FLAT), person)) for person in (ANA, CY)]

        assert both == [D("16.67"), D("33.33")]
        assert sum(sale.credited("CNY").values()) == 1000


class TestTheBestTier:
    def test_pays_on_everything_once_it_is_reached(self):
        lines = earn(book([payment(1, 90_000), payment(2, 20_000)], BEST), ANA)

        assert [line.amount for line in lines] == [D(1800), D(1500)]
        assert total(lines) == D("0.03") * 110_000


class TestLevels:
    TERMS: ClassVar = {"style": "levels", "quota_from": "fixed", "quota": 100_000, "target_pay": 10_000}

    def test_pay_nothing_beyond_the_last(self):
        terms = PlanTerms(levels=[{"attainment": 50, "payout": 30}, {"attainment": 100, "payout": 100}], **self.TERMS)

        assert total(earn(book([payment(1, 250_000)], terms, quota=D(100_000)), ANA)) == 10_000

    @pytest.mark.parametrize(
        ("amount", "linear", "paid"), [(75_000, True, 6500), (75_000, False, 3000), (40_000, False, 0)]
    )
    def test_are_steps_or_points_on_a_line(self, amount, linear, paid):
        levels = [{"attainment": 50, "payout": 30}, {"attainment": 100, "payout": 100}]
        terms = PlanTerms(levels=levels, linear=linear, **self.TERMS)

        assert total(earn(book([payment(1, amount)], terms, quota=D(100_000)), ANA)) == paid

    def test_are_unknown_without_a_target(self):
        terms = PlanTerms(levels=[{"attainment": 100, "payout": 100}], **self.TERMS)

        (line,) = earn(book([payment(1, 5)], terms), ANA)

        assert (line.amount, line.inputs) == (0, {"missing": "target"})


class TestTheOtherElements:
    def test_a_threshold_pays_everything_once_it_is_reached(self):
        terms = FLAT.model_copy(update={"threshold": D(1000)})

        lines = earn(book([payment(1, 600), payment(2, 600)], terms), ANA)

        assert [line.amount for line in lines] == [0, 60]

    def test_a_cap_holds_for_commission_and_bonus_together(self):
        terms = PlanTerms(rate=D(5), cap=D(60), kickers=[{"kind": "new_customer", "amount": 50}])

        lines = earn(book([payment(1, 1000, is_new=True)], terms), ANA)

        assert by_rule(lines) == {"commission": 50, "kicker": 10}

    def test_an_accelerator_and_a_decelerator_change_the_rate(self):
        terms = PlanTerms(
            rate=D(10), quota_from="fixed", quota=D(1000),
            accelerator_above=D(100), accelerator_factor=D(150), decelerator_below=D(50), decelerator_factor=D(50),
        )  # fmt: skip

        assert total(earn(book([payment(1, 1200)], terms, quota=D(1000)), ANA)) == D("25") + 50 + 30

    def test_products_and_renewals_have_rates_of_their_own(self):
        terms = PlanTerms(rate=D(5), product_rates=[{"product_id": 7, "rate": 1}], renewal_rate=D(2))
        parts = (Part(7, D(400)), Part(8, D(600)))

        new = total(earn(book([payment(1, 1000, parts=parts, is_new=True)], terms), ANA))
        again = total(earn(book([payment(1, 1000, parts=parts)], terms), ANA))

        assert (new, again) == (D(4) + 30, D(4) + 12)

    def test_units_are_paid_each(self):
        terms = PlanTerms(style="per_unit", unit_amount=D(30))

        assert total(earn(book([payment(1, 999, parts=(Part(1, D(999), D(4)),))], terms), ANA)) == 120

    def test_a_margin_is_paid_where_the_cost_is_known(self):
        terms = PlanTerms(measure="margin", rate=D(10))
        known = order(1, 1000, parts=(Part(1, D(1000), D(1), D(300)),))
        unknown = order(2, 1000, parts=(Part(1, D(1000), D(1), None),))

        lines = earn(book([known, unknown], terms), ANA)

        assert [line.amount for line in lines] == [30, 0]
        assert lines[1].inputs == {"missing": "cost"}

    @pytest.mark.parametrize(
        ("kicker", "facts"),
        [
            ({"kind": "multi_year", "rate": 1}, {"months": 36}),
            ({"kind": "custom", "rate": 1, "field": "line", "value": "AGV"}, {"custom": {"line": "agv"}}),
        ],
    )
    def test_bonuses_need_their_condition(self, kicker, facts):
        terms = PlanTerms(rate=D(5), kickers=[kicker])

        assert total(earn(book([payment(1, 1000, **facts)], terms), ANA)) == 60
        assert total(earn(book([payment(1, 1000)], terms), ANA)) == 50

    def test_a_manager_has_a_share_of_the_sales_below(self):
        plans = {BO: InForce(2, 2, "Lead", 1, PlanTerms(rate=D(0), override_rate=D(1)))}
        them = book(
            [payment(1, 1000)], plans=plans, led_on=lambda person, day: frozenset({ANA} if person == BO else ())
        )

        assert by_rule(earn(them, BO)) == {"override": 10}

    def test_a_pool_is_shared_equally_and_to_the_cent(self):
        terms = PlanTerms(rate=D(0), pool_rate=D("0.1"))
        them = book([payment(1, 1000)], terms, mates_on=lambda person, day: (ANA, BO, CY))

        pool = [by_rule(earn(them, person))["pool"] for person in (ANA, BO, CY)]

        assert (sum(pool), max(pool) - min(pool)) == (D("1.00"), D("0.01"))

    def test_a_draw_fills_ended_months_and_is_paid_back(self):
        terms = PlanTerms(rate=D(10), draw=D(100), draw_is_recoverable=True)
        them = book([payment(1, 300), payment(2, 5000, on=APRIL)], terms, since=MARCH, as_of=date(2026, 5, 1))

        assert by_rule(earn(them, ANA)) == {"commission": 530, "draw": 70, "recovery": -70}


class TestWhatComesBack:
    def test_a_refund_takes_back_exactly_what_was_paid(self):
        sales = [payment(1, 120_000, ended_on=APRIL), payment(2, 10_000, on=APRIL)]

        lines = earn(book(sales, ACCELERATED, quota=D(100_000)), ANA)

        assert by_rule(lines) == {"commission": D(10_400) + 800, "clawback": -10_400}

    def test_a_refund_in_the_same_month_never_counted(self):
        assert earn(book([payment(1, 100, ended_on=date(2026, 3, 30))], FLAT), ANA) == []

    def test_nothing_is_taken_back_after_the_window(self):
        terms = FLAT.model_copy(update={"clawback_days": 30})

        assert total(earn(book([payment(1, 100, ended_on=APRIL)], terms), ANA)) == 5

    def test_a_held_back_part_comes_with_the_money_and_goes_with_it(self):
        terms = PlanTerms(measure="signed", rate=D(10), hold_back=D(100))
        flows = ((date(2026, 4, 1), D(400)), (date(2026, 5, 1), D(-400)), (date(2026, 6, 1), D(1000)))

        lines = earn(book([order(1, 1000, flows=flows)], terms), ANA)

        assert [(line.rule, line.amount) for line in lines] == [
            ("commission", 100), ("held", -100), ("released", 40), ("released", -40), ("released", 100),
        ]  # fmt: skip

    def test_a_cancelled_order_leaves_nothing(self):
        terms = PlanTerms(measure="signed", rate=D(10), hold_back=D(40))

        assert total(earn(book([order(1, 1000, ended_on=APRIL)], terms), ANA)) == 0

    def test_what_is_overdue_is_taken_back_until_it_is_paid(self):
        terms = PlanTerms(measure="signed", rate=D(10), clawback_on=("overdue",), overdue_days=30)
        sale = order(1, 1000, dues=((date(2026, 4, 1), D(1000)),), flows=((date(2026, 6, 1), D(1000)),))

        lines = earn(book([sale], terms), ANA)

        assert [(line.on.month, line.amount) for line in lines] == [(3, 100), (5, -100), (6, 100)]


class TestTheSameFacts:
    @settings(max_examples=50, deadline=None)
    @given(st.permutations(range(8)))
    def test_are_the_same_bytes_in_any_order(self, places):
        sales = [payment(n, 30_000 + n, on=date(2026, 3, 1 + n), is_new=n % 2 == 0) for n in range(8)]
        terms = ACCELERATED.model_copy(update={"renewal_rate": D(3)})

        first = earn(book(sales, terms, quota=D(100_000)), ANA)
        second = earn(book([sales[place] for place in places], terms, quota=D(100_000)), ANA)

        assert canonical(first) == canonical(second)


class TestAWindfall:
    TERMS = PlanTerms(rate=D(5), windfall_above=D(100_000), windfall_counts=D(20))

    def test_counts_at_less_than_its_size(self):
        (line,) = earn(book([order(1, 600_000)], self.TERMS.model_copy(update={"measure": "signed"})), ANA)

        assert (line.amount, line.base) == (D(10_000), D(200_000))
        assert line.inputs["windfall"] == ["600000", "200000"]

    def test_leaves_what_is_not_above_alone(self):
        lines = earn(book([payment(1, 100_000), payment(2, 40_000)], self.TERMS), ANA)

        assert total(lines) == D(7000)
        assert all("windfall" not in line.inputs for line in lines)

    def test_is_judged_by_the_whole_sale_not_by_a_share(self):
        sale = payment(1, 200_000, shares=((ANA, D(50)), (CY, D(50))))

        assert total(earn(book([sale], self.TERMS), ANA)) == D(3000)

    def test_that_does_not_count_fills_no_tier(self):
        tiers = [{"starts_at": 0, "rate": 1}, {"starts_at": 150_000, "rate": 10}]
        terms = PlanTerms(style="best_tier", tiers=tiers, windfall_above=D(100_000), windfall_counts=D(0))

        assert total(earn(book([payment(1, 900_000)], terms), ANA)) == D(1000)

    def test_needs_both_numbers(self):
        assert "windfall_counts" in PlanTerms(rate=D(5), windfall_above=D(1)).problems()
        assert "windfall_counts" in PlanTerms(rate=D(5), windfall_above=D(1), windfall_counts=D(101)).problems()


class TestAGuaranteeForTheNew:
    TERMS = PlanTerms(rate=D(5), guarantee=D(3000), guarantee_months=2)

    def earned(self, began, terms=None, sales=()):
        known = book(
            sales, terms or self.TERMS, as_of=date(2026, 6, 30), since=date(2026, 1, 1), started_on=lambda person: began
        )
        return [(line.rule, line.on, line.amount) for line in earn(known, ANA) if line.rule in ("draw", "recovery")]

    def test_fills_the_first_months_and_is_never_paid_back(self):
        sales = [payment(1, 20_000), payment(2, 900_000, on=date(2026, 5, 4))]

        lines = self.earned(date(2026, 3, 16), sales=sales)

        assert lines == [("draw", date(2026, 3, 31), D(2000)), ("draw", date(2026, 4, 30), D(3000))]

    def test_gives_nothing_while_nobody_knows_when_a_person_began(self):
        assert self.earned(None) == []

    def test_stands_in_for_a_smaller_draw_which_holds_again_afterwards(self):
        terms = self.TERMS.model_copy(update={"draw": D(1000), "draw_is_recoverable": True})

        lines = self.earned(date(2026, 2, 1), terms, [payment(1, 100_000, on=date(2026, 5, 4))])

        assert lines == [
            ("draw", date(2026, 1, 31), D(1000)), ("draw", date(2026, 2, 28), D(3000)),
            ("draw", date(2026, 3, 31), D(3000)), ("draw", date(2026, 4, 30), D(1000)),
            ("recovery", date(2026, 5, 31), D(-2000)),
        ]  # fmt: skip

    def test_needs_both_numbers(self):
        assert "guarantee_months" in PlanTerms(rate=D(5), guarantee=D(1)).problems()
