"""The arithmetic of targets, for every amount, distribution and currency."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.kernel.money import smallest_unit
from salesmode.kernel.refusals import Invalid
from salesmode.targets.models import Target
from salesmode.targets.models.pace import USUAL_RAMP, Pace, over_assigned, presence, ramp_factor

CURRENCIES = st.sampled_from(["CNY", "JPY", "KWD", "CLF"])
AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=4)
MONTHS = st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=12, max_size=12)
DAYS = st.integers(min_value=1, max_value=260)


@st.composite
def percentages(draw) -> list[Decimal]:
    """Twelve percentages with two decimals that add up to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=11, max_size=11)))
    return [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


def target(currency: str = "CNY", metric: str = "won_amount") -> Target:
    """A draft without numbers."""
    return Target(metric=metric, unit="company", starts_on=date(2026, 1, 1), currency=currency)


class TestMonths:
    @given(AMOUNTS, CURRENCIES)
    def test_add_up_to_the_year_when_even(self, amount, currency):
        it = target(currency)
        it.set_numbers(base=amount)

        assert sum(it.base_months) == it.base == amount.quantize(smallest_unit(currency))
        assert max(it.base_months) - min(it.base_months) <= smallest_unit(currency)

    @given(AMOUNTS, CURRENCIES, percentages())
    def test_add_up_to_the_year_by_own_percentages(self, amount, currency, shares):
        it = target(currency)
        it.shares = shares
        it.set_numbers(base=amount, distribution="shares", shares=shares)

        assert sum(it.base_months) == it.base
        step = smallest_unit(currency)
        assert all(abs(m - it.base * s / 100) < step for m, s in zip(it.base_months, shares, strict=True))

    @given(AMOUNTS, CURRENCIES, MONTHS)
    def test_add_up_to_the_year_in_last_years_shape(self, amount, currency, last_year):
        it = target(currency)
        if not any(last_year):
            with pytest.raises(Invalid):
                it.set_numbers(base=amount, distribution="last_year", last_year=last_year)
            return
        it.set_numbers(base=amount, distribution="last_year", last_year=last_year)

        assert sum(it.base_months) == it.base
        assert all(month == 0 for month, before in zip(it.base_months, last_year, strict=True) if before == 0)

    @given(MONTHS)
    def test_are_kept_as_they_were_written(self, months):
        it = target("CNY")
        it.set_numbers(months=months, distribution="months")

        assert it.base_months == [month.quantize(Decimal("0.01")) for month in months]
        assert it.base == sum(months)

    @given(st.integers(0, 10**6), MONTHS)
    def test_of_a_count_are_whole(self, amount, last_year):
        it = target("", "won_count")
        it.set_numbers(base=Decimal(amount), distribution="last_year", last_year=[m + 1 for m in last_year])

        assert sum(it.base_months) == amount
        assert all(month == int(month) for month in it.base_months)

    @given(st.decimals(min_value=0, max_value=1, places=4))
    def test_of_a_rate_are_each_the_rate(self, rate):
        it = target("", "win_rate")
        it.set_numbers(base=rate)

        assert it.base_months == [rate] * 12
        assert it.base == rate

    @given(AMOUNTS, AMOUNTS, AMOUNTS)
    def test_spread_every_level(self, one, two, three):
        it = target()
        base, stretch, challenge = sorted([one, two, three])
        it.set_numbers(base=base, stretch=stretch, challenge=challenge)

        assert [sum(it.months_of(level)) for level in ("base", "stretch", "challenge")] == [
            it.base,
            it.stretch,
            it.challenge,
        ]


class TestANumber:
    @pytest.mark.parametrize(
        ("field", "numbers"),
        [
            ("base", {"base": Decimal(-1)}),
            ("base", {"base": Decimal("NaN")}),
            ("base", {}),
            ("stretch", {"base": Decimal(10), "stretch": Decimal(9)}),
            ("challenge", {"base": Decimal(10), "challenge": Decimal(9)}),
            ("shares", {"base": Decimal(10), "distribution": "shares", "shares": [Decimal(8)] * 12}),
            ("shares", {"base": Decimal(10), "distribution": "shares", "shares": [Decimal(50)] * 2}),
            ("months", {"distribution": "months", "months": [Decimal(1)] * 11}),
            ("months", {"distribution": "months", "months": [Decimal(-1)] * 12}),
            ("distribution", {"base": Decimal(10), "distribution": "wild"}),
        ],
    )
    def test_that_is_wrong_is_named(self, field, numbers):
        with pytest.raises(Invalid) as refusal:
            target().set_numbers(**numbers)
        assert list(refusal.value.fields) == [field]


class TestOverAssignment:
    @given(st.decimals(min_value=1, max_value=10**9, places=2), st.lists(AMOUNTS, min_size=1, max_size=8))
    def test_is_what_the_children_carry_beyond_the_parent(self, parent, children):
        over = over_assigned(parent, children)

        assert over is not None
        assert abs((1 + over) * parent - sum(children)) < Decimal("0.001") * max(1, len(children))

    def test_is_unknown_without_a_target_or_without_children(self):
        assert over_assigned(None, [Decimal(1)]) is None
        assert over_assigned(Decimal(0), [Decimal(1)]) is None
        assert over_assigned(Decimal(1), []) is None


@st.composite
def paces(draw) -> Pace:
    """Any pace of something that adds up."""
    total = draw(DAYS)
    return Pace(
        draw(st.decimals(min_value=1, max_value=10**9, places=2)),
        draw(st.decimals(min_value=0, max_value=10**9, places=2)),
        draw(st.integers(0, total)),
        total,
    )


class TestPace:
    @given(paces())
    def test_gap_is_attainment_less_the_time_that_is_over(self, pace):
        assert pace.gap == pace.attainment - Decimal(pace.elapsed) / pace.total

    @given(paces())
    def test_projection_goes_on_as_it_began(self, pace):
        if not pace.elapsed:
            assert pace.projection is None
        else:
            assert abs(pace.projection * pace.elapsed - pace.actual * pace.total) < Decimal("0.0001") * pace.total

    @given(paces())
    def test_required_by_the_day_closes_the_rest_exactly(self, pace):
        if not pace.remaining:
            assert pace.required_daily is None
        else:
            rest = max(Decimal(0), pace.target - pace.actual)
            assert abs(pace.required_daily * pace.remaining - rest) < Decimal("0.0001")

    @given(paces())
    def test_status_follows_the_gap(self, pace):
        time = Decimal(pace.elapsed) / pace.total
        expected = "on_track" if pace.gap >= 0 else "at_risk" if pace.gap >= -time / 5 else "behind"
        assert pace.status == expected

    @given(paces())
    def test_whoever_projects_to_the_target_is_on_track(self, pace):
        if pace.elapsed and pace.projection > pace.target * Decimal("1.000001"):
            assert pace.status == "on_track"

    def test_over_attainment_is_never_capped(self):
        assert Pace(Decimal(100), Decimal(430), 5, 20).attainment == Decimal("4.3")

    def test_knows_nothing_of_what_is_unknown(self):
        pace = Pace(Decimal(100), None, 5, 20)
        assert (pace.attainment, pace.gap, pace.projection, pace.required_daily) == (None, None, None, None)
        assert pace.status == "unknown"

    @pytest.mark.parametrize(
        ("actual", "status"), [("50", "on_track"), ("49", "at_risk"), ("40", "at_risk"), ("39", "behind")]
    )
    def test_draws_the_line_at_a_fifth_below_the_pace(self, actual, status):
        assert Pace(Decimal(100), Decimal(actual), 10, 20).status == status

    @pytest.mark.parametrize(("rate", "status"), [("0.3", "on_track"), ("0.25", "at_risk"), ("0.2", "behind")])
    def test_of_a_rate_does_not_wait_for_the_end(self, rate, status):
        assert Pace(Decimal("0.3"), Decimal(rate), 1, 20, adds_up=False).status == status

    def test_says_nothing_of_what_has_not_begun(self):
        assert Pace(Decimal(100), Decimal(0), 0, 20, has_begun=False).status == "not_begun"

    def test_is_on_track_where_a_month_asks_nothing(self):
        pace = Pace(Decimal(0), Decimal(5), 3, 20)
        assert (pace.status, pace.attainment, pace.required_daily) == ("on_track", None, 0)
        assert Pace(Decimal(0), None, 3, 20).status == "unknown"

    def test_of_what_is_to_be_low_is_turned_round(self):
        fast = Pace(Decimal(30), Decimal(20), 1, 20, adds_up=False, lower_is_better=True)
        assert (fast.attainment, fast.status) == (Decimal("1.5"), "on_track")
        assert Pace(Decimal(10), Decimal(9), 10, 20, lower_is_better=True).status == "behind"


class TestProration:
    @given(st.integers(-3, 40))
    def test_ramp_grows_to_the_whole_and_stays_there(self, month):
        factor = ramp_factor(month, USUAL_RAMP)
        assert 0 <= factor <= 1
        assert factor <= ramp_factor(month + 1, USUAL_RAMP)
        assert month < 4 or factor == 1

    @given(st.integers(0, 50), st.lists(st.integers(0, 100), min_size=1, max_size=24))
    def test_follows_any_curve(self, month, curve):
        assert ramp_factor(month, curve) == (Decimal(curve[month]) / 100 if month < len(curve) else 1)

    def test_without_a_curve_everybody_carries_all(self):
        assert ramp_factor(0, ()) == 1

    @given(DAYS, DAYS)
    def test_presence_is_the_share_of_the_days(self, there, days):
        if there <= days:
            assert presence(there, days) * days == pytest.approx(there)

    @given(AMOUNTS, st.lists(st.decimals(min_value=0, max_value=1, places=6), min_size=12, max_size=12))
    def test_takes_from_each_month_its_share_and_the_year_is_their_sum(self, amount, factors):
        whole, part = target(), target()
        whole.set_numbers(base=amount)
        part.set_numbers(base=amount, factors=factors)

        assert sum(part.base_months) == part.base <= whole.base
        for kept, month, factor in zip(part.base_months, whole.base_months, factors, strict=True):
            assert abs(kept - month * factor) <= Decimal("0.005")
