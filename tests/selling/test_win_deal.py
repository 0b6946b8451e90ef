"""Winning a deal."""

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.selling import operations as deals
from salesmode.selling.models import Deal
from salesmode.selling.models.deal import DealAlreadyDecided
from tests.conftest import MONDAY, TUESDAY


class TestWinDeal:
    def test_closes_the_deal_as_won(self, renewal, ana):
        deals.win_deal(renewal, by=ana, at=TUESDAY)

        renewal.refresh_from_db()
        assert (renewal.outcome, renewal.probability, renewal.decided_at) == ("won", 100, TUESDAY)

    def test_is_remembered_as_an_event(self, renewal, ana):
        deals.win_deal(renewal, by=ana, at=TUESDAY)

        event = EventRecord.objects.get(name="deal.won")
        assert (event.subject_id, event.actor_id, event.happened_at) == (renewal.id, ana.id, TUESDAY)
        assert f"customer:{renewal.customer_id}" in event.related

    def test_ends_the_stay_in_its_stage(self, renewal, ana):
        deals.win_deal(renewal, by=ana, at=TUESDAY)

        stay = renewal.stays.get()
        assert (stay.entered_at, stay.left_at) == (MONDAY, TUESDAY)

    def test_may_be_done_by_the_owners_manager(self, renewal, bo):
        assert deals.win_deal(renewal, by=bo, at=TUESDAY).outcome == "won"

    @pytest.mark.parametrize("somebody", ["cy", "fay", "gil"])
    def test_is_refused_to_anyone_else_and_changes_nothing(self, renewal, somebody, request):
        with pytest.raises(NotAllowed):
            deals.win_deal(renewal, by=request.getfixturevalue(somebody), at=TUESDAY)

        renewal.refresh_from_db()
        assert renewal.is_open
        assert not EventRecord.objects.filter(name="deal.won").exists()

    def test_is_refused_twice(self, renewal, ana):
        deals.win_deal(renewal, by=ana, at=TUESDAY)

        with pytest.raises(DealAlreadyDecided):
            deals.win_deal(renewal, by=ana, at=TUESDAY)

    def test_is_refused_to_who_looked_at_an_older_version(self, renewal, ana):
        with pytest.raises(Stale):
            deals.win_deal(renewal, by=ana, at=TUESDAY, version=renewal.version - 1)

    def test_needs_a_customer(self, ana, process):
        nameless = deals.open_deal(title="Somebody called", by=ana, at=MONDAY)

        with pytest.raises(Invalid) as refusal:
            deals.win_deal(nameless, by=ana, at=TUESDAY)
        assert "customer" in refusal.value.fields


def test_the_rule_needs_no_database():
    with pytest.raises(DealAlreadyDecided):
        Deal(title="Renewal", customer_id=1, outcome=Deal.Outcome.LOST).mark_won(at=MONDAY)
