"""Writing down contacts with customers and planning the next ones."""

from datetime import timedelta

import pytest

from salesmode.customers import operations as customers
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from tests.conftest import MONDAY, TUESDAY

NEXT_WEEK = MONDAY + timedelta(days=7)


class TestLogInteraction:
    def test_notes_the_last_and_the_next_contact_on_the_customer(self, northwind, ana):
        customers.log_interaction(northwind, content="Asked for a quote.", next_contact_at=NEXT_WEEK, by=ana, at=MONDAY)

        northwind.refresh_from_db()
        assert (northwind.last_interaction_at, northwind.next_contact_at) == (MONDAY, NEXT_WEEK)

    def test_keeps_an_appointment_that_was_due_and_says_how_late(self, northwind, ana):
        customers.schedule_follow_up(northwind, next_contact_at=TUESDAY, by=ana, at=MONDAY)

        customers.log_interaction(northwind, by=ana, at=TUESDAY + timedelta(days=3, hours=1))

        northwind.refresh_from_db()
        facts = EventRecord.objects.get(name="interaction.logged").facts
        assert northwind.next_contact_at is None
        assert (facts["days_overdue"], facts["due_at"]) == (3, "2026-03-03T01:00:00Z")

    def test_leaves_an_appointment_to_come(self, northwind, ana):
        customers.schedule_follow_up(northwind, next_contact_at=NEXT_WEEK, by=ana, at=MONDAY)

        customers.log_interaction(northwind, by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.next_contact_at == NEXT_WEEK

    def test_of_old_changes_nothing_on_the_customer(self, northwind, ana):
        customers.log_interaction(northwind, next_contact_at=NEXT_WEEK, by=ana, at=TUESDAY)

        customers.log_interaction(northwind, happened_at=MONDAY, next_contact_at=TUESDAY, by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert (northwind.last_interaction_at, northwind.next_contact_at) == (TUESDAY, NEXT_WEEK)

    def test_about_a_deal_is_on_both_timelines(self, northwind, renewal, ana):
        customers.log_interaction(about=renewal, channel="visit", by=ana, at=TUESDAY)

        event = EventRecord.objects.get(name="interaction.logged")
        assert {f"deal:{renewal.pk}", f"customer:{northwind.pk}"} <= set(event.related)

    def test_about_an_own_deal_needs_no_own_customer(self, northwind, renewal, ana, bo, cy):
        customers.hand_over_customer(northwind, to=cy, by=bo, at=TUESDAY)

        assert customers.log_interaction(about=renewal, by=ana, at=TUESDAY).owner == cy

    @pytest.mark.parametrize("somebody", ["cy", "fay", "gil"])
    def test_is_refused_to_anyone_else(self, northwind, somebody, request):
        with pytest.raises(NotAllowed):
            customers.log_interaction(northwind, by=request.getfixturevalue(somebody), at=TUESDAY)

        assert not EventRecord.objects.filter(name="interaction.logged").exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"happened_at": NEXT_WEEK}, "happened_at"),
            ({"next_contact_at": MONDAY}, "next_contact_at"),
            ({"channel": "note"}, "content"),
            ({"channel": "pigeon"}, "channel"),
        ],
    )
    def test_refuses_what_cannot_be(self, northwind, ana, given, field):
        with pytest.raises(Invalid) as refusal:
            customers.log_interaction(northwind, **given, by=ana, at=MONDAY)

        assert field in refusal.value.fields

    def test_is_refused_with_a_contact_from_elsewhere(self, northwind, ana):
        other = customers.create_customer(name="Other", owner=ana, by=ana, at=MONDAY)
        stranger = customers.create_contact(name="Stranger", customer=other, by=ana, at=MONDAY)

        with pytest.raises(Invalid):
            customers.log_interaction(northwind, contact=stranger, by=ana, at=MONDAY)


class TestAmendInteraction:
    def test_is_for_its_author_and_those_who_lead(self, northwind, ana, bo, cy):
        call = customers.log_interaction(northwind, content="Tpyo", by=ana, at=MONDAY)

        assert customers.amend_interaction(call, content="Typo", by=bo, at=TUESDAY).content == "Typo"
        with pytest.raises(NotAllowed):
            customers.amend_interaction(call, content="Never", by=cy, at=TUESDAY)


class TestScheduleFollowUp:
    def test_can_be_called_off(self, northwind, ana):
        customers.schedule_follow_up(northwind, next_contact_at=TUESDAY, by=ana, at=MONDAY)
        customers.schedule_follow_up(northwind, next_contact_at=None, by=ana, at=NEXT_WEEK)

        northwind.refresh_from_db()
        assert northwind.next_contact_at is None
        assert EventRecord.objects.filter(name="follow_up.scheduled").order_by("pk").last().facts["days_overdue"] == 6

    def test_lies_in_the_future(self, northwind, ana):
        with pytest.raises(Invalid):
            customers.schedule_follow_up(northwind, next_contact_at=MONDAY, by=ana, at=TUESDAY)
