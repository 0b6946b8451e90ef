"""Visits: planned, begun where the customer is, ended on the timeline."""

import io
import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.customers import operations as customers
from salesmode.customers import queries
from salesmode.customers.events import CustomerHandedOver, CustomerMerged, CustomerReleased
from salesmode.customers.models import Customer, Interaction, Visit, VisitPlan
from salesmode.customers.models.place import metres_between, nearest_first
from salesmode.customers.models.visit import (
    AlreadyOnAVisit,
    VisitAlreadyBegun,
    VisitAlreadyPlanned,
    VisitNotPlanned,
    VisitNotUnderWay,
)
from salesmode.customers.models.visit_plan import spread
from salesmode.customers.subscribers import pass_on_what_others_planned, pass_on_what_was_planned
from salesmode.kernel.holidays import is_workday
from salesmode.kernel.models import EventRecord, StoredFile
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from tests.conftest import MONDAY, TUESDAY

SHANGHAI, BEIJING, GUANGZHOU = (31.2304, 121.4737), (39.9042, 116.4074), (23.1291, 113.2644)
GATE = (31.230412, 121.473701)
MARCH = date(2026, 3, 1)
DAY = date(2026, 3, 3)


@pytest.fixture
def call(ana, northwind):
    """Ana's visit to Northwind, planned for Tuesday."""
    return customers.plan_visit(northwind, planned_on=DAY, purpose="Look at the line", by=ana, at=MONDAY)


@pytest.fixture
def there(call, ana):
    """The same visit, while Ana is there."""
    return customers.check_in_visit(call, latitude=GATE[0], longitude=GATE[1], accuracy_m=12, by=ana, at=TUESDAY)


class TestDistances:
    @pytest.mark.parametrize(
        ("one", "other", "km"),
        [
            (SHANGHAI, BEIJING, 1067),
            (BEIJING, GUANGZHOU, 1889),
            ((51.5074, -0.1278), (40.7128, -74.006), 5570),
            ((0, 179.5), (0, -179.5), 111.2),
        ],
    )
    def test_are_those_between_known_cities(self, one, other, km):
        assert metres_between(one, other) / 1000 == pytest.approx(km, rel=0.003)

    @given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    def test_are_the_same_both_ways_and_never_beyond_the_other_side_of_the_earth(self, one, other):
        assert metres_between(one, other) == pytest.approx(metres_between(other, one))
        assert 0 <= metres_between(one, other) <= 20_037_600

    def test_lead_round_by_the_nearest_with_the_unknown_last(self):
        places = [BEIJING, None, (31.3, 121.5), (30.25, 120.17), SHANGHAI]

        assert nearest_first(places, start=SHANGHAI) == [4, 2, 3, 0, 1]


class TestLayingVisitsOut:
    @given(st.integers(0, 31), st.integers(0, 23), st.integers(0, 5))
    def test_plans_as_many_as_asked_on_different_days_spread_evenly(self, frequency, length, busy):
        days = [date(2026, 3, 2) + timedelta(days=number) for number in range(length)]
        load = Counter(dict.fromkeys(days[:3], busy))

        chosen = spread(frequency, days, load)

        assert len(chosen) == len(set(chosen)) == min(frequency, length)
        assert set(chosen) <= set(days)
        assert chosen == sorted(chosen)
        if len(chosen) > 1:
            gaps = [(later - earlier).days for earlier, later in itertools.pairwise(chosen)]
            assert max(gaps) <= 2 * -(-length // len(chosen))

    def test_levels_the_days_between_customers(self):
        days = [date(2026, 3, 2) + timedelta(days=number) for number in range(20)]
        load: Counter = Counter()

        for _customer in range(10):
            spread(4, days, load)

        assert {load[day] for day in days} == {2}


def _customer(owner, name, grade):
    return customers.create_customer(name=name, owner=owner, grade=grade, by=owner, at=MONDAY)


class TestPlanningAMonth:
    def test_gives_every_customer_the_visits_of_its_grade_on_working_days_only(self, ana):
        for grade in "AABBCD":
            _customer(ana, f"{grade}{Customer.objects.count()}", grade)

        plans = customers.plan_month(ana, month=date(2026, 5, 1), by=ana, at=MONDAY)

        assert sorted(plan.planned for plan in plans) == [1, 2, 2, 4, 4]
        visits = Visit.objects.filter(owner=ana)
        assert visits.count() == 13
        assert Counter(visits.values_list("plan__customer")) == Counter(
            {(plan.customer_id,): plan.planned for plan in plans}
        )
        assert all(is_workday(day, "CN") for day in visits.values_list("planned_on", flat=True))
        assert EventRecord.objects.filter(name="visit.planned").count() == 13

    def test_asked_again_plans_only_whom_it_had_not(self, ana):
        _customer(ana, "First", "B")
        customers.plan_month(ana, month=MARCH, by=ana, at=MONDAY)
        _customer(ana, "Second", "C")

        again = customers.plan_month(ana, month=MARCH, by=ana, at=MONDAY)

        assert [plan.customer.name for plan in again] == ["Second"]
        assert Visit.objects.count() == 3

    def test_uses_the_days_that_are_left_in_the_companys_zone(self, ana):
        _customer(ana, "First", "A")
        # 16:30 UTC on 30 March is 00:30 on the 31st in Shanghai.
        late = datetime(2026, 3, 30, 16, 30, tzinfo=UTC)

        customers.plan_month(ana, month=MARCH, by=ana, at=late)

        assert list(Visit.objects.values_list("planned_on", flat=True)) == [date(2026, 3, 31)]

    def test_is_refused_when_the_month_is_over_and_to_strangers(self, ana, cy, fay):
        with pytest.raises(Invalid):
            customers.plan_month(ana, month=date(2026, 2, 1), by=ana, at=MONDAY)
        for stranger in (cy, fay):
            with pytest.raises(NotAllowed):
                customers.plan_month(ana, month=MARCH, by=stranger, at=MONDAY)
        assert not VisitPlan.objects.exists()

    def test_is_changed_by_hand_and_visits_follow(self, ana, northwind):
        plan = customers.set_visit_plan(northwind, owner=ana, month=MARCH, planned=3, by=ana, at=MONDAY)
        assert plan.visits.standing().count() == 3

        customers.set_visit_plan(northwind, owner=ana, month=MARCH, planned=1, by=ana, at=MONDAY)

        assert plan.visits.standing().count() == 1
        changes = EventRecord.objects.filter(name="visit_plan.set").order_by("id").values_list("facts", flat=True)
        assert [(each["former"], each["planned"]) for each in changes] == [(0, 3), (3, 1)]


class TestPlanVisit:
    def test_is_for_oneself_or_those_below(self, northwind, ana, bo, cy):
        customers.plan_visit(northwind, owner=ana, planned_on=DAY, by=bo, at=MONDAY)

        with pytest.raises(NotAllowed):
            customers.plan_visit(northwind, owner=ana, planned_on=DAY, by=cy, at=MONDAY)
        with pytest.raises(Invalid):
            customers.plan_visit(northwind, planned_on=DAY, by=cy, at=MONDAY)
        with pytest.raises(Invalid):
            customers.plan_visit(northwind, planned_on=date(2026, 3, 1), by=ana, at=MONDAY)
        assert Visit.objects.count() == 1

    def test_can_be_moved_until_it_begins(self, call, ana, cy):
        customers.amend_visit(call, planned_on=date(2026, 3, 5), version=call.version, by=ana, at=MONDAY)
        with pytest.raises(Stale):
            customers.amend_visit(call, purpose="x", version=1, by=ana, at=MONDAY)
        with pytest.raises(NotAllowed):
            customers.amend_visit(call, purpose="x", by=cy, at=MONDAY)
        customers.call_off_visit(call, reason="Fair", by=ana, at=MONDAY)

        with pytest.raises(VisitNotPlanned):
            customers.amend_visit(call, purpose="x", by=ana, at=MONDAY)
        with pytest.raises(VisitAlreadyBegun):
            customers.check_in_visit(call, by=ana, at=TUESDAY)


class TestCheckIn:
    def test_measures_how_far_the_customer_is(self, call, ana, northwind):
        customers.locate_customer(northwind, latitude=SHANGHAI[0], longitude=SHANGHAI[1], by=ana, at=MONDAY)

        visit = customers.check_in_visit(call, latitude=GATE[0], longitude=GATE[1], accuracy_m=9, by=ana, at=TUESDAY)

        assert visit.is_under_way
        assert visit.distance_m == pytest.approx(1.3, abs=0.3)
        assert (visit.is_far, visit.doubt) == (False, "")

    def test_marks_one_beyond_the_radius(self, call, ana, northwind, ed):
        customers.locate_customer(northwind, latitude=31.240412, longitude=121.473701, by=ana, at=MONDAY)
        customers.set_visit_rules(per_month={"A": 1}, radius_m=800, by=ed, at=MONDAY)

        visit = customers.check_in_visit(call, latitude=GATE[0], longitude=GATE[1], accuracy_m=10, by=ana, at=TUESDAY)

        assert visit.distance_m == pytest.approx(1112, abs=3)
        assert visit.is_far

    def test_without_a_position_is_kept_and_says_so(self, call, ana):
        visit = customers.check_in_visit(call, by=ana, at=TUESDAY)

        assert (visit.place, visit.distance_m, visit.is_far) == (None, None, False)
        assert EventRecord.objects.get(name="visit.begun").facts["has_position"] is False

    @pytest.mark.parametrize(
        ("place", "accuracy", "doubt"),
        [(GATE, 0.0, "too_exact"), ((31.23, 121.473), 20.0, "typed"), (GATE, 20.0, ""), (GATE, None, "")],
    )
    def test_doubts_what_no_phone_measures(self, call, ana, place, accuracy, doubt):
        visit = customers.check_in_visit(
            call, latitude=place[0], longitude=place[1], accuracy_m=accuracy, by=ana, at=TUESDAY
        )

        assert visit.doubt == doubt

    def test_doubts_what_nobody_can_travel(self, there, ana, northwind):
        customers.check_out_visit(there, result="Talked", by=ana, at=TUESDAY + timedelta(minutes=30))
        later = TUESDAY + timedelta(minutes=50)

        visit = customers.begin_visit(
            northwind, latitude=39.904211, longitude=116.407413, accuracy_m=15, by=ana, at=later
        )

        assert visit.doubt == "too_fast"
        assert not visit.was_planned

    def test_is_only_for_the_visitor(self, call, bo, cy, fay):
        for other in (bo, cy, fay):
            with pytest.raises(NotAllowed):
                customers.check_in_visit(call, by=other, at=TUESDAY)
        call.refresh_from_db()
        assert call.is_planned

    def test_is_refused_while_one_is_elsewhere(self, there, ana, northwind):
        with pytest.raises(AlreadyOnAVisit):
            customers.begin_visit(northwind, by=ana, at=TUESDAY)
        assert Visit.objects.count() == 1

    def test_takes_the_visit_that_is_planned_there_today(self, call, ana, northwind):
        assert customers.begin_visit(northwind, by=ana, at=TUESDAY).pk == call.pk


class TestCheckOut:
    def test_puts_the_visit_on_the_customers_timeline(self, there, ana, northwind):
        until = TUESDAY + timedelta(minutes=42)
        again = until + timedelta(days=7)

        visit = customers.check_out_visit(there, result="They want an offer", next_contact_at=again, by=ana, at=until)

        spoken = Interaction.objects.get()
        assert visit.interaction == spoken
        assert (spoken.channel, spoken.minutes, spoken.happened_at) == ("visit", 42, TUESDAY)
        northwind.refresh_from_db()
        assert northwind.next_contact_at == again
        assert EventRecord.objects.filter(name="interaction.logged").count() == 1

    def test_keeps_the_answers_to_the_steps_of_its_kind(self, northwind, ana, ed):
        steps = [{"label": "Stock", "kind": "number"}, {"label": "Display", "kind": "check"}]
        kind = customers.define_visit_type(name="Store check", steps=steps, by=ed, at=MONDAY)
        visit = customers.plan_visit(northwind, planned_on=DAY, type=kind, by=ana, at=MONDAY)
        customers.check_in_visit(visit, by=ana, at=TUESDAY)
        with pytest.raises(Invalid):
            customers.check_out_visit(visit, result="ok", answers={"Stock": "many"}, by=ana, at=TUESDAY)

        visit = customers.check_out_visit(
            visit, result="ok", answers={"Stock": "12", "Display": True}, by=ana, at=TUESDAY
        )

        assert [step["value"] for step in visit.answers] == [12, True]
        assert EventRecord.objects.get(name="visit.ended").facts["steps_done"] == 2

    def test_can_tell_where_the_customer_is(self, there, ana, northwind):
        customers.check_out_visit(there, result="Talked", keep_position=True, by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.position == GATE

    def test_keeps_photos(self, there, ana, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        png = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 64)

        customers.check_out_visit(there, result="Talked", attachments=[("shelf.png", png)], by=ana, at=TUESDAY)

        assert StoredFile.objects.get(about_kind="visit").about_id == there.pk

    def test_happens_once_and_only_after_the_check_in(self, call, ana):
        with pytest.raises(VisitNotUnderWay):
            customers.check_out_visit(call, result="x", by=ana, at=TUESDAY)
        customers.check_in_visit(call, by=ana, at=TUESDAY)
        with pytest.raises(Invalid):
            customers.check_out_visit(call, result="  ", by=ana, at=TUESDAY)
        call.refresh_from_db()
        customers.check_out_visit(call, result="Talked", by=ana, at=TUESDAY)

        with pytest.raises(VisitNotUnderWay):
            customers.check_out_visit(call, result="again", by=ana, at=TUESDAY)
        assert Interaction.objects.count() == 1


class TestAVisitPlannedTwiceForADay:
    def test_is_refused_with_a_sentence_and_changes_nothing(self, call, northwind, ana):
        with pytest.raises(VisitAlreadyPlanned) as refusal:
            customers.plan_visit(northwind, planned_on=DAY, by=ana, at=MONDAY)
        assert "is planned already" in refusal.value.fields["planned_on"][0]

        assert Visit.objects.count() == 1

    def test_is_refused_when_another_is_moved_there(self, call, northwind, ana):
        later = customers.plan_visit(northwind, planned_on=DAY + timedelta(days=1), by=ana, at=MONDAY)

        with pytest.raises(VisitAlreadyPlanned):
            customers.amend_visit(later, planned_on=DAY, by=ana, at=MONDAY)

        later.refresh_from_db()
        assert later.planned_on == DAY + timedelta(days=1)

    def test_may_follow_one_that_was_called_off_or_took_place(self, call, northwind, ana):
        customers.call_off_visit(call, by=ana, at=MONDAY)
        second = customers.plan_visit(northwind, planned_on=DAY, by=ana, at=MONDAY)
        customers.check_in_visit(second, by=ana, at=TUESDAY)
        customers.check_out_visit(second, result="Talked", by=ana, at=TUESDAY)

        assert customers.plan_visit(northwind, planned_on=DAY, by=ana, at=TUESDAY).is_planned

    def test_stands_once_after_customers_were_merged(self, call, northwind, ana, di):
        same = _customer(ana, "Northwind Ltd", "A")
        other = customers.plan_visit(same, planned_on=DAY, by=ana, at=MONDAY)

        customers.merge_customers(northwind, [same], by=di, at=MONDAY)

        call.refresh_from_db()
        other.refresh_from_db()
        assert (call.status, other.status, other.customer) == ("planned", "called_off", northwind)

    def test_is_left_out_when_a_month_is_laid_out(self, ana, ed):
        customer = _customer(ana, "Weekly", "A")
        customers.set_visit_rules(per_month={"A": 4}, radius_m=500, by=ed, at=MONDAY)
        first = customers.plan_visit(customer, planned_on=date(2026, 4, 1), by=ana, at=MONDAY)

        customers.plan_month(ana, month=date(2026, 4, 1), by=ana, at=MONDAY)

        days = list(Visit.objects.filter(customer=customer).values_list("planned_on", flat=True))
        assert len(days) == len(set(days)) == 5
        assert first.planned_on in days


class TestTheRoute:
    def test_goes_on_to_the_nearest_or_as_it_is_put(self, ana, bo, cy):
        visits = []
        for name, place in {"Far": BEIJING, "Near": SHANGHAI, "Middle": (32.06, 118.797), "Lost": None}.items():
            customer = _customer(ana, name, "A")
            if place:
                customers.locate_customer(customer, latitude=place[0], longitude=place[1], by=ana, at=MONDAY)
            visits.append(customers.plan_visit(customer, planned_on=DAY, by=ana, at=MONDAY))

        ordered = customers.order_visits(ana, day=DAY, by=ana, at=MONDAY)
        assert [visit.customer.name for visit in ordered] == ["Far", "Middle", "Near", "Lost"]

        keys = [visit.pk for visit in visits]
        customers.order_visits(ana, day=DAY, order=keys[::-1], by=bo, at=MONDAY)
        day = queries.visit_day(ana, day=DAY, seen_by=ana)
        assert [stop.visit.pk for stop in day.stops] == keys[::-1]
        with pytest.raises(Invalid):
            customers.order_visits(ana, day=DAY, order=keys[:2], by=ana, at=MONDAY)
        with pytest.raises(NotAllowed):
            customers.order_visits(ana, day=DAY, by=cy, at=MONDAY)


class TestTheNumbers:
    def _made(self, customer, owner, at, minutes=30):
        visit = customers.begin_visit(customer, by=owner, at=at)
        return customers.check_out_visit(visit, result="Talked", by=owner, at=at + timedelta(minutes=minutes))

    def test_compare_visits_with_the_plan(self, ana, di, numbers):
        often, seldom, never = (_customer(ana, name, grade) for name, grade in [("A", "A"), ("C", "C"), ("B", "B")])
        customers.plan_month(ana, month=MARCH, by=ana, at=MONDAY)
        for day in (1, 2):
            self._made(often, ana, MONDAY + timedelta(days=day))
        for day in (3, 4, 5):
            self._made(seldom, ana, MONDAY + timedelta(days=day, hours=2))

        # Visited 2 of 3 customers; of 4 + 1 + 2 planned visits 2 + 1 + 0 were made.
        assert numbers("visits").value == 5
        assert numbers("visit_coverage").value == pytest.approx(2 / 3)
        assert numbers("visit_frequency_attainment").value == pytest.approx(3 / 7)
        lines, whole = queries.coverage(month=MARCH, seen_by=di)
        assert (whole.coverage, whole.attainment) == (pytest.approx(2 / 3), pytest.approx(3 / 7))
        assert [plan.customer for plan in lines[0].missed] == [never]
        assert whole.minutes_each == 30

    def test_follow_a_plan_that_was_changed(self, ana, northwind, numbers):
        customers.set_visit_plan(northwind, owner=ana, month=MARCH, planned=4, by=ana, at=MONDAY)
        customers.set_visit_plan(northwind, owner=ana, month=MARCH, planned=2, by=ana, at=MONDAY)
        self._made(northwind, ana, TUESDAY)

        assert numbers("visit_frequency_attainment").value == pytest.approx(0.5)

    def test_are_unknown_without_a_plan(self, ana, numbers):
        assert numbers("visit_coverage").value is None
        assert numbers("visit_strike_rate").value is None

    def test_know_on_which_visits_an_order_was_signed(self, ana, northwind, numbers):
        from decimal import Decimal

        from salesmode.orders import operations as orders

        self._made(northwind, ana, TUESDAY)
        self._made(northwind, ana, TUESDAY + timedelta(days=1))
        order = orders.draft_order(customer=northwind, title="Line", amount=Decimal(100), by=ana, at=TUESDAY)
        orders.sign_order(order, on=DAY, by=ana, at=TUESDAY)

        assert numbers("visit_strike_rate").value == pytest.approx(0.5)

    def test_count_a_visit_on_the_day_it_has_in_the_companys_zone(self, ana, northwind, numbers):
        # 16:30 UTC on 31 March is 1 April in Shanghai.
        self._made(northwind, ana, datetime(2026, 3, 31, 16, 30, tzinfo=UTC))

        assert (numbers("visits", "2026-03").value, numbers("visits", "2026-04").value) == (0, 1)


class TestRules:
    def test_are_for_those_who_head_sales(self, ana, bo, fay, ed):
        for other in (ana, bo, fay):
            with pytest.raises(NotAllowed):
                customers.set_visit_rules(per_month={"A": 4}, radius_m=500, by=other, at=MONDAY)
        with pytest.raises(Invalid):
            customers.set_visit_rules(per_month={"A": 21}, radius_m=500, by=ed, at=MONDAY)
        with pytest.raises(Invalid):
            customers.set_visit_rules(per_month={"A": 2}, radius_m=5, by=ed, at=MONDAY)

        rules = customers.set_visit_rules(per_month={"A": 2}, radius_m=300, by=ed, at=MONDAY)

        assert rules.per_month == {"A": 2, "B": 0, "C": 0, "D": 0}

    def test_keep_kinds_apart(self, ed):
        customers.define_visit_type(name="Store check", by=ed, at=MONDAY)

        with pytest.raises(Invalid):
            customers.define_visit_type(name="Store check", by=ed, at=MONDAY)
        with pytest.raises(Invalid):
            customers.define_visit_type(name="Other", steps=[{"label": "a", "kind": "dance"}], by=ed, at=MONDAY)


class TestVisitsToCome:
    def test_go_with_the_customer_to_its_new_owner_once(self, call, northwind, ana, cy, di):
        passed = EventRecord.objects.filter(name="visit.passed_on")
        customers.hand_over_customer(northwind, to=cy, by=di, at=MONDAY)
        for _time in range(2):
            told = EventRecord.objects.get(name="customer.handed_over").facts
            pass_on_what_was_planned(CustomerHandedOver(**told), at=MONDAY)

        call.refresh_from_db()
        assert (call.owner, call.plan, call.status) == (cy, None, "planned")
        assert [event.facts["former_owner_id"] for event in passed] == [ana.pk]

    def test_are_called_off_when_it_goes_back_to_the_pool(self, call, northwind, ana):
        customers.release_customer(northwind, by=ana, at=MONDAY)
        told = EventRecord.objects.get(name="customer.released").facts
        pass_on_what_was_planned(CustomerReleased(**told), at=MONDAY)

        call.refresh_from_db()
        assert call.status == "called_off"

    def test_stay_with_a_colleague_who_still_sees_it_and_where_they_are_over(self, call, there, northwind, bo, cy, di):
        with_bo = customers.plan_visit(northwind, owner=bo, planned_on=DAY, by=bo, at=MONDAY)
        customers.hand_over_customer(northwind, to=cy, by=di, at=TUESDAY)
        customers.share_customer(northwind, person=bo, by=di, at=TUESDAY)
        told = EventRecord.objects.get(name="customer.handed_over").facts
        pass_on_what_was_planned(CustomerHandedOver(**told), at=TUESDAY)

        with_bo.refresh_from_db()
        there.refresh_from_db()
        assert with_bo.owner == bo
        assert there.owner != cy

    def test_are_passed_on_by_the_system_alone(self, northwind, ana, di):
        for other in (ana, di):
            with pytest.raises(NotAllowed):
                customers.pass_visits_on(northwind, by=other, at=MONDAY)

    def test_go_with_a_merged_customer_to_the_owner_of_the_one_that_is_kept(self, call, northwind, ana, cy, ed):
        kept = customers.create_customer(name="Northwind Trading", owner=cy, by=cy, at=MONDAY)
        customers.merge_customers(kept, [northwind], by=ed, at=MONDAY)
        told = EventRecord.objects.get(name="customer.merged").facts
        pass_on_what_others_planned(CustomerMerged(**told), at=MONDAY)

        call.refresh_from_db()
        assert (call.customer, call.owner) == (kept, cy)
