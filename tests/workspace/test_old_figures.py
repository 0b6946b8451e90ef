"""The wall and the first page of a company whose deals were all decided long ago."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesmode.selling import operations as selling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def long_ago(ana, northwind, process, numbers):
    """Ana won a deal in December 2017, and nobody anything since."""
    at = datetime(2017, 12, 15, 4, tzinfo=UTC)
    deal = selling.open_deal(title="Old", customer=northwind, owner=ana, amount=Decimal(100), by=ana, at=at)
    selling.win_deal(deal, by=ana, at=at)
    numbers("won_amount", "2017-12")


class TestTheWall:
    def test_hangs_as_on_the_day_of_the_last_decision(self, client, di):
        client.force_login(di)

        wall = client.get("/performance/wall").context["wall"]

        assert (wall.old_day, wall.month.count, wall.value) == (date(2017, 12, 15), 1, Decimal(100))


class TestToday:
    def test_leads_to_the_last_year_with_figures(self, client, di):
        client.force_login(di)

        assert "/performance?period=2017" in client.get("/").content.decode()
