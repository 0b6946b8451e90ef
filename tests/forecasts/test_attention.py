"""A deal under a warning that is dealt with is remembered once a day; what leaves the warning alone is not."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from salesmode.forecasts import operations, subscribers
from salesmode.forecasts.models import DealWarnings, WarningAttention
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import NotAllowed
from salesmode.selling.events import DealAmended
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def warned(renewal):
    """Ana's deal is past its close date."""
    DealWarnings.objects.create(deal=renewal, codes=["overdue"], figures={"late": 3}, checked_at=MONDAY)
    return renewal


def amended(deal, changed, at):
    """Tell the subscriber that some details of a deal changed."""
    known = {"deal_id": deal.pk, "owner_id": deal.owner_id, "process_id": deal.process_id, "stage_id": deal.stage_id}
    event = DealAmended(**known, opened_at=deal.opened_at, changed=changed)
    subscribers.look_at_the_deals([(event, at)])


class TestAttention:
    def test_is_remembered_once_a_day_with_whose_deal_it_is(self, warned, ana, system):
        for at in (MONDAY, MONDAY, TUESDAY):
            operations.attend_to_warnings([warned.pk], by=system, at=at)

        events = EventRecord.objects.filter(name="deal.attended")
        assert [(each.facts["owner_id"], each.facts["codes"]) for each in events] == [(ana.pk, ["overdue"])] * 2

    def test_of_a_deal_without_a_warning_is_none(self, renewal, system):
        assert operations.attend_to_warnings([renewal.pk], by=system, at=MONDAY) == []

    def test_is_written_down_by_nobody_but_the_system(self, warned, ana, bo, di):
        for person in (ana, bo, di):
            with pytest.raises(NotAllowed):
                operations.attend_to_warnings([warned.pk], by=person, at=MONDAY)
        assert not WarningAttention.objects.exists()

    @pytest.mark.parametrize(("changed", "count"), [(["closes_on"], 1), (["title", "notes"], 0)])
    def test_follows_a_change_that_deals_with_it_and_no_other(self, warned, changed, count):
        amended(warned, changed, now())

        assert WarningAttention.objects.count() == count

    def test_ignores_what_was_brought_in_with_its_history(self, warned):
        amended(warned, ["closes_on"], now() - timedelta(days=2))

        assert not WarningAttention.objects.exists()
