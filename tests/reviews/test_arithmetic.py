"""Weights, grades, places, shares: what must hold for any numbers."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.kernel.refusals import Invalid
from salesmode.reviews.models.scoring import (
    STANDARD_GRADES,
    Grade,
    attainment,
    check_grades,
    check_weights,
    combined,
    grade_for,
    headcounts,
    placed,
)
from salesmode.reviews.queries.boards import improvement, relative
from salesmode.reviews.queries.dependence import lorenz

points = st.decimals(0, 500, places=2)
known = st.one_of(st.none(), points)
weights = st.decimals("0.01", 100, places=2)


@st.composite
def whole_weights(draw):
    """Weights that add up to 100."""
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=8)))
    edges = [0, *cuts, 10_000]
    return [Decimal(until - first) / 100 for first, until in pairwise(edges)]


@st.composite
def scales(draw):
    """Grades with shares that add up to 100."""
    shares = draw(whole_weights())
    return [Grade(f"G{place}", Decimal((len(shares) - 1 - place) * 10), share) for place, share in enumerate(shares)]


@given(whole_weights())
def test_weights_of_a_hundred_are_taken(found):
    check_weights(found)


@given(st.lists(st.decimals(-100, 200, places=2), max_size=6))
def test_any_others_are_refused(found):
    if sum(found, Decimal()) != 100 or any(weight <= 0 for weight in found):
        with pytest.raises(Invalid):
            check_weights(found)


@given(st.lists(st.tuples(weights, known), max_size=8))
def test_a_result_lies_between_its_parts_and_unknown_is_left_out(parts):
    found = combined(parts)
    there = [value for _weight, value in parts if value is not None]
    assert (found.value is None) == (not there)
    assert found.covered == sum((weight for weight, value in parts if value is not None), Decimal())
    if there:
        assert min(there) - Decimal("0.01") <= found.value <= max(there) + Decimal("0.01")


@given(points, st.decimals("0.01", 10_000, places=2), st.decimals(1, 300, places=0))
def test_attainment_grows_with_the_reading_and_is_held_by_a_cap_only(reading, target, cap):
    free = attainment(reading, target)
    assert free <= attainment(reading + 1, target)
    assert attainment(reading, target, cap=cap) == min(free, cap)
    assert attainment(None, target) is None
    assert attainment(reading, None) is None
    assert attainment(reading, target, less_is_better=True) >= attainment(reading + 1, target, less_is_better=True)


@given(scales(), st.integers(0, 400))
def test_headcounts_add_up(grades, people):
    check_grades(grades)
    found = headcounts(people, grades)
    assert sum(found) == people
    for grade, count in zip(grades, found, strict=True):
        assert abs(count - people * grade.share / 100) < 1


@given(points)
def test_everybody_has_one_grade_and_more_is_never_worse(value):
    order = [grade.code for grade in STANDARD_GRADES]
    assert grade_for(value, STANDARD_GRADES) in order
    better = grade_for(value + 7, STANDARD_GRADES)
    assert order.index(better) <= order.index(grade_for(value, STANDARD_GRADES))
    assert grade_for(None, STANDARD_GRADES) == ""


@given(st.lists(known, max_size=12))
def test_places_are_shared_by_equals_alone(scores):
    found = placed(scores)
    for (place, tied), score in zip(found, scores, strict=True):
        assert (place is None) == (score is None)
        if score is not None:
            assert place == 1 + sum(1 for other in scores if other is not None and other > score)
            assert tied == (scores.count(score) > 1)


@given(st.lists(known, min_size=1, max_size=12))
def test_the_first_has_a_hundred_and_nobody_more(values):
    found = relative(values)
    there = [value for value in values if value is not None]
    if there and max(there) > 0:
        assert max(share for share in found if share is not None) == 100
    assert [share is None for share in found] == [value is None for value in values]


@given(known, known)
def test_improvement_is_unknown_without_a_before(value, before):
    found = improvement(value, before)
    assert (found is None) == (value is None or not before)
    if found is not None:
        assert (found > 0) == (value > before) or abs(value - before) < Decimal("0.01")


@given(st.lists(points, max_size=20))
def test_the_lorenz_curve_rises_below_the_diagonal(values):
    curve = lorenz(values)
    assert (curve == []) == (sum(values) == 0)
    for before, after in pairwise(curve):
        assert after.share >= before.share - 1e-9
        assert after.share <= after.sellers + 1e-9
    if curve:
        assert abs(curve[-1].share - 1) < 1e-9


def test_scales_that_are_none_are_refused():
    good = list(STANDARD_GRADES)
    for wrong in ([], good[:-1], [*good, Grade("S", Decimal(5), Decimal())], [Grade("A", Decimal(1), Decimal(100))]):
        with pytest.raises(Invalid):
            check_grades(wrong)
