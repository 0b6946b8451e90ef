"""What is counted apart, and what is remembered, gives the numbers that the rows give."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesmode.analytics import bench, manifest, remembered, warehouse, youth
from salesmode.analytics.measure import Request, measure, measure_many
from salesmode.kernel.periods import Period

OLD = "from read_parquet({old})"
# Old deals go on, are won, and are taken back; new ones are opened, in a stage that nobody had seen before.
YOUNG = {
    "stage_entries": (
        "select * replace (timestamp '2025-12-01' + to_hours(deal_id % 500) as local_at, false as is_opening,"
        f" (deal_id % 3 + 2)::bigint as stage_id, (deal_id % 3 + 2)::smallint as position) {OLD} where deal_id % 97 = 0"
        " union all select * replace (timestamp '2025-12-02' as local_at, deal_id + 1000000 as deal_id)"
        f" {OLD} where deal_id % 89 = 0"
    ),
    "deal_outcomes": (
        "select * replace (timestamp '2025-12-30' as local_at, true as is_won, deal_id + 1 as deal_id)"
        f" {OLD} where deal_id % 101 = 0"
        f" union all select * replace ((-1)::tinyint as deals) {OLD} where is_won and deal_id % 103 = 0"
    ),
}
DAYS = st.integers(300, 1090).map(lambda days: date(2023, 1, 1) + timedelta(days=days))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Made-up facts of 60,000 deals in old parts, and young ones beside them."""
    place = tmp_path_factory.mktemp("young")
    with manifest.kept_in(place):
        bench.build("S")
        held = manifest.current()
        with manifest.building(), warehouse.Builder("UTC") as builder:
            facts = dict(held.facts)
            for name, select in YOUNG.items():
                fact = facts[name]
                part = builder.write_select(name, select.format(old=warehouse._files(fact.parts)))
                facts[name] = replace(fact, parts=(*fact.parts, part))
            manifest.swap(held.but(facts=facts))
    return place


def in_one_part(ask):
    """Ask of the same rows when there are no young parts, and put those back."""
    held = manifest.current()
    with manifest.building(), warehouse.Builder("UTC") as builder:
        facts = dict(held.facts)
        for name in YOUNG:
            all_rows = f"select * from read_parquet({warehouse._files(facts[name].parts)})"
            facts[name] = replace(facts[name], parts=(builder.write_select(name, all_rows),))
        manifest.swap(held.but(facts=facts))
    try:
        assert youth.parted(manifest.current(), YOUNG) is None
        return ask()
    finally:
        manifest.swap(held)


@pytest.mark.django_db
class TestWhatIsYoung:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(["stage_reached", "won_of_opened"]),
        st.sampled_from([None, "stage", "person", "source", "month"]),
        DAYS,
        st.integers(1, 700),
        st.none() | st.lists(st.integers(1, 500), max_size=60),
    )
    def test_counts_apart_as_in_one_part(self, place, code, by, first, days, owners):
        period = Period(first, first + timedelta(days=days), "days", "", "UTC", 1)

        def ask():
            return measure(code, period, by=by, compare="previous", seen_by_owners=owners)

        with manifest.kept_in(place):
            assert youth.parted(manifest.current(), YOUNG) is not None
            assert ask() == in_one_part(ask)

    def test_makes_a_difference(self, place):
        period = Period(date(2025, 1, 1), date(2026, 1, 1), "year", "2025", "UTC", 1)
        asked = [Request("stage_reached", by="stage"), Request("won_of_opened")]
        with manifest.kept_in(place):
            held = manifest.current()
            reached, won = measure_many(asked, period)
            old, _young = youth.parted(held, YOUNG)
            manifest.swap(old)
            try:
                reached_before, won_before = measure_many(asked, period)
            finally:
                manifest.swap(held)
        assert won.value > won_before.value
        assert len(reached.breakdown) > len(reached_before.breakdown) > 0

    def test_is_asked_of_few_rows_while_the_old_answer_stays(self, place):
        """After one more event nobody adds up again what the old parts say."""
        period = Period(date(2025, 1, 1), date(2026, 1, 1), "year", "2025", "UTC", 1)
        with manifest.kept_in(place):
            held = manifest.current()
            measure("stage_reached", period, by="stage")
            known = set(remembered._known)
            with manifest.building(), warehouse.Builder("UTC") as builder:
                fact = held.facts["stage_entries"]
                one_more = f"select * from read_parquet({warehouse._files(fact.parts)}) limit 1"
                part = builder.write_select("stage_entries", one_more)
                facts = held.facts | {"stage_entries": replace(fact, parts=(*fact.parts, part))}
                manifest.swap(held.but(facts=facts))
            try:
                measure("stage_reached", period, by="stage")
            finally:
                manifest.swap(held)
        new = [query for _folder, query, _parameters in set(remembered._known) - known]
        old = [part.file for name in YOUNG for part in held.facts[name].parts if part.rows >= warehouse.ROLL_UP_AT]
        assert new
        assert all("touched as" in query or not any(file in query for file in old) for query in new)


class TestWhatIsRemembered:
    KEY = ("here", "select", "[]")
    ROWS = (
        (1, "北京", None, True, 0.1, float(2**60)),
        (Decimal("1.230"), date(2026, 2, 3), datetime(2026, 2, 3, 4, 5, 6, 7), 2**62, "", -0.0),
    )

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path):
        remembered.forget(files=False)
        with manifest.kept_in(tmp_path):
            yield tmp_path
        remembered.forget(files=False)

    def test_is_the_same_to_the_last_digit_in_another_process(self):
        remembered.remember(self.KEY, list(self.ROWS), seconds=1)
        remembered.forget(files=False)
        found = remembered.recall(self.KEY)
        assert repr(found) == repr(list(self.ROWS))

    def test_lies_in_no_file_when_it_was_quick(self):
        remembered.remember(self.KEY, list(self.ROWS), seconds=0.001)
        assert remembered.recall(self.KEY) == list(self.ROWS)
        remembered.forget(files=False)
        assert remembered.recall(self.KEY) is None

    def test_is_asked_anew_when_its_file_is_broken(self, elsewhere):
        remembered.remember(self.KEY, list(self.ROWS), seconds=1)
        remembered.forget(files=False)
        (file,) = (elsewhere / "answers").iterdir()
        file.write_text('[[{"day"', encoding="utf-8")
        assert remembered.recall(self.KEY) is None

    def test_takes_no_more_room_than_some_files(self, elsewhere):
        for number in range(remembered.FILES + 20):
            remembered.remember(("here", f"select {number}", "[]"), [(number,)], seconds=1)
        assert len(list((elsewhere / "answers").iterdir())) <= remembered.FILES
        assert remembered.recall(("here", f"select {remembered.FILES + 19}", "[]")) == [(remembered.FILES + 19,)]
