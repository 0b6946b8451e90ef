"""Roll-ups give the numbers that the rows give, to the last digit."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesmode.analytics import bench, manifest, remembered, rollups, warehouse
from salesmode.analytics.measure import Request, measure, measure_many
from salesmode.analytics.metrics import metric
from salesmode.analytics.rollups import fitting, split_months
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period

COMPANY = Company(time_zone="UTC")
ASKED = [
    ("won_amount", ("person", "team", "product", "source", "stage", "month", "month,person", "quarter,product")),
    ("won_count", ("person", "process", "region")),
    ("lost_count", ("loss_reason", "person")),
    ("win_rate", ("person", "industry", "product")),
    ("win_rate_value", ("team", "month")),
    ("average_won_value", ("person", "source")),
    ("open_pipeline", ("person", "stage", "category", "product")),
    ("weighted_pipeline", ("person", "source")),
    ("open_deals", ("process", "person")),
    ("new_deals", ("person", "month,source", "stage")),
    ("push_count", ("person", "product")),
    ("gini", ("month",)),
]
WHOLE_DAYS = st.integers(0, 1200).map(lambda days: date(2023, 1, 1) + timedelta(days=days))


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Made-up facts of 60,000 deals, in parts large enough to be rolled up."""
    place = tmp_path_factory.mktemp("rolled")
    with manifest.kept_in(place):
        bench.build("S")
    return place


def by_rows_alone(ask):
    """Ask with the roll-ups taken out of the manifest, and put them back."""
    held = manifest.current()
    bare = {
        name: replace(fact, parts=tuple(replace(part, rollups=()) for part in fact.parts))
        for name, fact in held.facts.items()
    }
    manifest.swap(held.but(facts=bare))
    try:
        return ask()
    finally:
        manifest.swap(held)


@pytest.mark.django_db
class TestRollups:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(ASKED), st.data(), WHOLE_DAYS, st.integers(1, 700), st.booleans())
    def test_give_what_the_rows_give(self, parts, asked, data, first, days, only_some):
        code, slices = asked
        by = data.draw(st.sampled_from([None, *slices]))
        owners = data.draw(st.lists(st.integers(1, 500), max_size=60)) if only_some else None
        period = Period(first, first + timedelta(days=days), "days", "", "UTC", 1)

        def ask():
            return measure(code, period, by=by, compare="previous", seen_by_owners=owners)

        with manifest.kept_in(parts):
            assert ask() == by_rows_alone(ask)

    def test_give_what_the_rows_give_where_somebody_sees_through_customers(self, parts):
        """The customers of the made-up facts belong to others than their deals do, and some of them were merged."""
        period = Period(date(2024, 2, 11), date(2025, 3, 17), "days", "", "UTC", 1)

        def ask():
            asked = [Request(code, series=True) for code in ("won_amount", "open_pipeline", "new_deals", "push_count")]
            return measure_many(asked, period, compare="previous", seen_by_owners=range(1, 30))

        def value():
            return measure("won_amount", period, seen_by_owners=[7], series=False).value

        with manifest.kept_in(parts):
            held = manifest.current()
            assert ask() == by_rows_alone(ask)
            both = value()
            keepers = held.facts["customer_keepers"]
            manifest.swap(held.but(facts=held.facts | {"customer_keepers": replace(keepers, parts=())}))
            own = value()
            with manifest.building(), warehouse.Builder("UTC") as builder:
                merged = "select timestamp '2025-01-01' as local_at, 1 as event_id, n as merged_id, 6 as customer_id"
                merged += " from range(5, 50000, 500) numbers(n)"
                part = builder.write_select("customer_mergers", merged)
            mergers = replace(held.facts["customer_mergers"], parts=(part,))
            manifest.swap(held.but(facts=held.facts | {"customer_mergers": mergers}))
            try:
                assert ask() == by_rows_alone(ask)
                with_merged = value()
            finally:
                manifest.swap(held)
        assert own < both < with_merged

    def test_are_what_is_read_where_they_fit(self, parts):
        for code, slices in ASKED:
            for by in slices:
                assert fitting([metric(code)], by.split(","), None) is not None, (code, by)

    def test_leave_to_the_rows_what_no_sum_can_tell(self):
        assert fitting([metric("median_cycle")], ["person"], None) is None
        assert fitting([metric("won_amount")], ["customer"], None) is None
        assert fitting([metric("won_amount")], ["product"], [1, 2]) is None
        assert fitting([metric("customers_touched")], ["person"], None) is None

    def test_hold_whole_amounts(self, parts):
        with manifest.kept_in(parts):
            reading = measure("won_amount", Period.parse("2025", company=COMPANY))
        assert isinstance(reading.value, Decimal)
        assert sum(point.value for point in reading.series) == reading.value

    def test_are_far_smaller_than_their_parts(self, parts):
        with manifest.kept_in(parts):
            for fact in manifest.current().facts.values():
                for part in fact.parts:
                    for _version, file in part.rollups:
                        assert not file or (parts / file).stat().st_size < part.size / 2

    def test_are_asked_again_only_when_the_parts_changed(self, parts):
        with manifest.kept_in(parts):
            period = Period.parse("2025-06", company=COMPANY)
            asked = [Request("won_amount", by="person")]
            assert measure_many(asked, period) == measure_many(asked, period)
            remembered.forget()
            assert measure_many(asked, period)[0].value is not None


def test_only_months_that_an_edge_cuts_are_split():
    assert split_months([date(2026, 3, 1), date(2026, 4, 1)]) == []
    assert split_months([date(2026, 3, 14), date(2026, 3, 2)]) == [(date(2026, 3, 1), date(2026, 4, 1))]


def test_a_changed_roll_up_is_another():
    assert rollups.Rollup("a", ("b",)).version != rollups.Rollup("a", ("c",)).version


@pytest.mark.django_db
class TestPartsOfOtherDays:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(["median_cycle", "won_amount", "push_count"]), WHOLE_DAYS, st.integers(1, 300))
    def test_make_no_difference(self, parts, code, first, days):
        """The youngest rows lie in a small part, as those of a running day do; nobody looks where none can be."""
        period = Period(first, first + timedelta(days=days), "days", "", "UTC", 1)

        def ask():
            return measure(code, period, by="person", compare="previous")

        with manifest.kept_in(parts):
            held = manifest.current()
            whole = ask()
            with manifest.building(), warehouse.Builder("UTC") as builder:
                manifest.swap(held.but(facts={name: cut(builder, name, fact) for name, fact in held.facts.items()}))
            try:
                assert ask() == whole
                assert all(part.first < part.last for part in manifest.current().facts["deal_outcomes"].parts)
            finally:
                manifest.swap(held)


def cut(builder, name, fact):
    """Put a fact's last month into a small part of its own."""
    if name not in ("deal_outcomes", "deal_pushes"):
        return fact
    (part,) = fact.parts
    file = manifest.folder() / part.file
    pieces = (f"from '{file}' where local_at {sign} timestamp '2025-12-15 10:00'" for sign in ("<", ">="))
    made = [builder.write_select(name, piece) for piece in pieces]
    return replace(fact, parts=tuple(one for one in made if one))
