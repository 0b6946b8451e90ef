"""When a number is worth an alert: known numbers in, known answers out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.targets.models.alert_judging import (
    LEAST_HISTORY,
    judge_anomaly,
    judge_change,
    judge_pace,
    judge_threshold,
)
from salesmode.targets.models.decision import verdict_of

NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


def D(value) -> Decimal:
    return Decimal(str(value))


class TestPace:
    @pytest.mark.parametrize(("value", "raised"), [(44, True), (45, False), (60, False), (0, True)])
    def test_expects_the_share_of_working_days_that_are_over(self, value, raised):
        """10 of 20 days of 100 are 50; 10 % less, 45, is still fine."""
        found = judge_pace(D(value), D(100), elapsed=10, total=20, tolerance=D(10))

        assert (found.is_raised, found.expected, found.low, found.high) == (raised, 50, 45, None)

    @pytest.mark.parametrize(("value", "raised"), [(56, True), (55, False), (3, False)])
    def test_is_turned_round_where_lower_is_better(self, value, raised):
        found = judge_pace(D(value), D(100), elapsed=10, total=20, tolerance=D(10), lower_is_better=True)
        assert (found.is_raised, found.low, found.high) == (raised, None, 55)

    def test_holds_a_rate_against_the_whole_target(self):
        found = judge_pace(D("0.2"), D("0.3"), elapsed=1, total=20, tolerance=D(10), adds_up=False)
        assert (found.is_raised, found.expected) == (True, D("0.3"))

    @pytest.mark.parametrize(
        "how", [{"value": None}, {"goal": None}, {"elapsed": 0}, {"total": 0}], ids=lambda how: next(iter(how))
    )
    def test_says_nothing_of_what_is_unknown(self, how):
        given_numbers = {"value": D(0), "goal": D(100), "elapsed": 10, "total": 20, "tolerance": D(10)} | how
        found = judge_pace(given_numbers.pop("value"), given_numbers.pop("goal"), **given_numbers)
        assert (found.is_raised, found.is_known) == (False, False)


class TestThreshold:
    @pytest.mark.parametrize(
        ("value", "direction", "raised"),
        [(4, "below", True), (5, "below", False), (6, "above", True), (5, "above", False)],
    )
    def test_is_crossed_on_its_side_only(self, value, direction, raised):
        assert judge_threshold(D(value), limit=D(5), direction=direction).is_raised is raised

    def test_is_not_crossed_by_the_unknown(self):
        assert not judge_threshold(None, limit=D(5), direction="below").is_raised


class TestChange:
    @pytest.mark.parametrize(
        ("value", "direction", "raised"),
        [(79, "below", True), (80, "below", False), (121, "above", True), (121, "below", False), (79, "either", True)],
    )
    def test_is_measured_in_percent_of_what_it_was(self, value, direction, raised):
        assert judge_change(D(value), D(100), percent=D(20), direction=direction).is_raised is raised

    def test_of_a_ratio_is_measured_in_points(self):
        found = judge_change(D("0.29"), D("0.40"), percent=D(10), direction="below", is_ratio=True)
        assert (found.is_raised, found.low) == (True, D("0.30"))

    @pytest.mark.parametrize("before", [None, Decimal(0)])
    def test_from_nothing_is_unknown(self, before):
        assert not judge_change(D(5), before, percent=D(20), direction="either").is_known


class TestAnomaly:
    HISTORY = (D(90), D(95), D(100), D(100), D(105), D(110), D(500))

    def test_tests_exactly_the_range_it_shows(self):
        """The median is 100; deviations 10 5 0 0 5 10 400 have the median 5: an outlier changes nothing."""
        found = judge_anomaly(D(60), self.HISTORY, width=D(3), direction="either")
        spread = 3 * 5 * D("1.4826")

        assert (found.expected, found.low, found.high) == (100, 100 - spread, 100 + spread)
        assert (found.is_raised, found.periods) == (True, 7)
        assert not judge_anomaly(found.low, self.HISTORY, width=D(3), direction="either").is_raised
        assert judge_anomaly(found.low - D("0.01"), self.HISTORY, width=D(3), direction="either").is_raised
        assert judge_anomaly(found.high + D("0.01"), self.HISTORY, width=D(3), direction="above").is_raised
        assert not judge_anomaly(found.high + D("0.01"), self.HISTORY, width=D(3), direction="below").is_raised

    def test_needs_enough_history(self):
        found = judge_anomaly(D(0), [D(100)] * (LEAST_HISTORY - 1) + [None] * 9, width=D(3), direction="either")
        assert (found.is_raised, found.is_known, found.periods) == (False, False, LEAST_HISTORY - 1)

    def test_of_an_even_past_still_leaves_some_room(self):
        found = judge_anomaly(D(100), [D(100)] * 8, width=D(3), direction="either")
        assert (found.low, found.high) == (85, 115)

    def test_of_counts_around_zero_keeps_to_whole_ones(self):
        found = judge_anomaly(D(2), [D(0)] * 8, width=D(3), direction="either", step=D(1))
        assert (found.low, found.high, found.is_raised) == (0, 3, False)

    @given(NUMBERS, st.lists(NUMBERS, min_size=LEAST_HISTORY, max_size=30), st.integers(1, 10))
    def test_is_raised_just_outside_of_its_range(self, value, history, width):
        found = judge_anomaly(value, history, width=D(width), direction="either")

        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.expected <= found.high
        assert found.is_raised == (not found.low <= value <= found.high)


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("before", "after", "expected", "is_up", "verdict"),
        [
            (100, 150, 150, True, "reached"),
            (100, 125, 150, True, "partly"),
            (100, 124, 150, True, "not_reached"),
            (100, 90, 150, True, "not_reached"),
            (100, 50, 50, False, "reached"),
            (100, 75, 50, False, "partly"),
            (100, 120, 50, False, "not_reached"),
            (160, 155, 150, True, "reached"),
            (160, 140, 150, True, "not_reached"),
            (None, 140, 150, True, "unknown"),
            (100, None, 150, True, "unknown"),
        ],
    )
    def test_is_told_by_both_readings(self, before, after, expected, is_up, verdict):
        given_numbers = [None if one is None else D(one) for one in (before, after)]
        assert verdict_of(*given_numbers, D(expected), is_up=is_up) == verdict

    @given(NUMBERS, NUMBERS, NUMBERS, st.booleans())
    def test_does_not_depend_on_the_sign(self, before, after, expected, is_up):
        assert verdict_of(before, after, expected, is_up=is_up) == verdict_of(
            -before, -after, -expected, is_up=not is_up
        )
