"""What should have been paid by now: how much, since when, and whom it is shown to."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from salesmode.orders import operations as orders
from salesmode.orders import queries
from salesmode.orders.models import Order
from tests.conftest import TUESDAY

MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)


@pytest.fixture
def planned(signed, ana) -> Order:
    """500, to be paid in three parts."""
    parts = [(MARCH, Decimal(100)), (APRIL, Decimal(150)), (MAY, Decimal(250))]
    return orders.plan_instalments(signed, instalments=parts, by=ana, at=TUESDAY)


def late(day: date) -> list[tuple[Decimal, date]]:
    return [(each.amount, each.since) for each in queries.late_orders(Order.objects.all(), on=day)]


class TestAnOrderIsLate:
    def test_from_the_day_after_an_instalment_is_due(self, planned):
        assert late(MARCH) == []
        assert late(date(2026, 4, 1)) == [(Decimal(100), MARCH)]

    def test_with_what_is_left_after_the_earliest_were_paid(self, planned, gil):
        orders.receive_payment(planned, amount=Decimal(130), received_on=MARCH, by=gil, at=TUESDAY)

        assert late(date(2026, 5, 1)) == [(Decimal(120), APRIL)]

    def test_no_more_once_it_is_paid(self, planned, gil):
        orders.receive_payment(planned, amount=Decimal(500), received_on=MARCH, by=gil, at=TUESDAY)

        assert late(date(2027, 1, 1)) == []


class TestToday:
    def test_shows_finance_everybodys_and_strangers_nothing(self, client, planned, gil, cy):
        client.force_login(gil)
        assert planned.number in client.get(reverse("workspace:today")).content.decode()

        client.force_login(cy)
        assert planned.number not in client.get(reverse("workspace:today")).content.decode()
