"""Two who learn at once that a deal under a warning was dealt with remember it once a day."""

from datetime import timedelta

import pytest
from django.db import connection

from salesmode.customers import operations as customers
from salesmode.forecasts import operations
from salesmode.forecasts.models import DealWarnings, WarningAttention
from salesmode.kernel.models import EventRecord
from salesmode.selling import operations as selling
from tests.conftest import MONDAY
from tests.selling.test_races import ROUNDS, founder, race

__all__ = ["founder"]
pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 3


@pytest.fixture
def warned(founder) -> int:
    """A deal that stands under a warning."""
    selling.define_process(name="P", stages=[selling.StageDraft("S")], is_default=True, by=founder, at=MONDAY)
    customer = customers.create_customer(name="Northwind", owner=founder, by=founder, at=MONDAY)
    deal = selling.open_deal(title="Renewal", customer=customer, by=founder, at=MONDAY)
    DealWarnings.objects.create(deal=deal, codes=["overdue"], figures={"late": 3}, checked_at=MONDAY)
    return deal.pk


def attend_together(deal: int, founder, day: int) -> None:
    """Let several be told at once, on one of many days."""
    at = MONDAY + timedelta(days=day)
    race(*[lambda: operations.attend_to_warnings([deal], by=founder, at=at)] * THREADS)


class TestAttendingAtOnce:
    def test_is_remembered_once_a_day(self, warned, founder):
        for day in range(ROUNDS):
            attend_together(warned, founder, day)

        remembered = EventRecord.objects.filter(name="deal.attended").count()
        assert WarningAttention.objects.count() == remembered == ROUNDS

    def test_without_the_constraint_is_remembered_several_times(self, warned, founder):
        constraint = WarningAttention._meta.constraints[0]
        with connection.schema_editor() as editor:
            editor.remove_constraint(WarningAttention, constraint)
        try:
            for day in range(ROUNDS):
                attend_together(warned, founder, day)
            assert EventRecord.objects.filter(name="deal.attended").count() > ROUNDS
        finally:
            WarningAttention.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(WarningAttention, constraint)
