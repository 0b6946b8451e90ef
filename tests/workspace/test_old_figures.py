"""The wall and the first page of a company whose deals were all decided long ago."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, now

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

    def test_does_not_praise_who_has_no_open_deal(self, client, ana, northwind):
        client.force_login(ana)
        assert "No deal is open." in client.get("/").content.decode()

        selling.open_deal(
            title="New", customer=northwind, owner=ana, amount=Decimal(5), next_step="Call", by=ana, at=now()
        )

        assert "Every open deal has a next step" in client.get("/").content.decode()


class TestTheForecast:
    def test_opens_on_the_last_quarter_with_figures_and_says_so(self, client, di):
        client.force_login(di)

        page = client.get("/pipeline/forecast")

        assert page.context["grid"].period.label == "2017-Q4"
        assert page.context["grid"].total.roll.closed == 100
        assert "this is the forecast for Q4 2017" in page.content.decode()
        asked = client.get("/pipeline/forecast?period=this-quarter")
        assert not asked.context["is_old"]

    def test_opens_on_this_quarter_once_something_is_due(self, client, di, ana, northwind):
        due = {"closes_on": localdate() + timedelta(days=1), "by": ana, "at": now()}
        selling.open_deal(title="New", customer=northwind, owner=ana, amount=Decimal(5), **due)
        client.force_login(di)

        assert client.get("/pipeline/forecast").context["grid"].period.contains(localdate())


class TestTheChanges:
    def test_are_those_until_the_last_decision(self, client, di):
        client.force_login(di)

        page = client.get("/pipeline/changes")

        assert (page.context["start"], page.context["end"]) == (date(2017, 9, 30), date(2017, 12, 15))
        assert [span.label for span in page.context["spans"]][-2:] == ["Q4 2017", "Q3 2017"]
        assert "this is how it stood on" in page.content.decode()
        assert not client.get("/pipeline/changes?from=2026-01-01&to=2026-02-01").context["is_old"]
