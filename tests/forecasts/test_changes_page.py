"""The pages about how the pipeline changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesmode.analytics import loader
from salesmode.selling import operations as selling
from tests.conftest import MONDAY

SPAN = "from=2026-03-05&to=2026-03-31"


@pytest.fixture
def loaded(renewal, ana, settings, tmp_path):
    """Ana's deal was worth 1,200 on Monday and 1,500 ten days later; the warehouse knows."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    selling.amend_deal(renewal, amount=Decimal(1500), by=ana, at=MONDAY + timedelta(days=10))
    loader.load_once(own=True)
    return renewal


class TestTheWaterfallPage:
    def test_shows_each_part_and_leads_to_its_deals(self, client, ana, loaded):
        client.force_login(ana)

        page = client.get(f"/pipeline/changes?{SPAN}").content.decode()

        assert "Increased" in page
        assert "300.00" in page
        assert "/pipeline/changes/deals?scope=" in page or "/pipeline/changes/deals?step=increased" in page
        assert 'data-chart="waterfall"' in page

    def test_breaks_down_by_person(self, client, bo, loaded):
        client.force_login(bo)

        page = client.get(f"/pipeline/changes?{SPAN}&by=person").content.decode()

        assert "By person" in page
        assert "Ana" in page

    def test_shows_nothing_of_anas_to_cy(self, client, cy, loaded):
        client.force_login(cy)

        page = client.get(f"/pipeline/changes?{SPAN}").content.decode()

        assert "300.00" not in page

    def test_does_not_offer_ana_to_cy(self, client, cy, ana, loaded):
        client.force_login(cy)

        assert client.get(f"/pipeline/changes?{SPAN}&scope=person:{ana.pk}").status_code == 422

    @pytest.mark.parametrize(
        "query",
        [
            "from=x",
            "to=1800-01-01",
            "closing=never",
            "by=colour",
            "stage=x",
            "category=sure",
            "from=2026-05-01&to=2026-04-01",
        ],
    )
    def test_says_what_makes_no_sense(self, client, di, loaded, query):
        client.force_login(di)

        assert client.get(f"/pipeline/changes?{query}").status_code in (400, 422)


class TestTheDealsBehindABar:
    def test_are_listed_with_before_and_after(self, client, ana, loaded):
        client.force_login(ana)

        page = client.get(f"/pipeline/changes/deals?{SPAN}&step=increased").content.decode()

        assert "Renewal" in page
        assert "1,200.00" in page
        assert "1,500.00" in page
        assert "300.00" in page

    def test_that_went_to_somebody_unseen_are_only_counted(self, client, ana, cy, di, loaded):
        from salesmode.customers import operations as customers

        customers.hand_over_customer(loaded.customer, to=cy, by=di, at=MONDAY + timedelta(days=11))
        selling.hand_over_deal(loaded, to=cy, by=di, at=MONDAY + timedelta(days=12))
        loader.load_once(own=True)
        client.force_login(ana)

        page = client.get(f"/pipeline/changes/deals?{SPAN}&step=decreased").content.decode()

        assert "Renewal" not in page
        assert "1 more deal has gone" in page

    def test_of_no_bar_are_refused(self, client, ana, loaded):
        client.force_login(ana)

        assert client.get(f"/pipeline/changes/deals?{SPAN}&step=sideways").status_code == 422


class TestThePipelineOfAPastDay:
    def test_shows_what_was_open_then_at_what_it_was_worth(self, client, ana, loaded):
        client.force_login(ana)

        then = client.get("/pipeline/then?on=2026-03-05").content.decode()
        later = client.get("/pipeline/then?on=2026-03-20").content.decode()

        assert "1,200.00" in then
        assert "1,500.00" not in then
        assert "1,500.00" in later

    def test_of_a_day_before_everything_is_empty(self, client, ana, loaded):
        client.force_login(ana)

        assert "Nothing was open" in client.get("/pipeline/then?on=2026-02-01").content.decode()


def test_the_command_prints_what_the_page_shows(loaded, monkeypatch):
    from salesmode.config.commands.waterfall import _document
    from salesmode.forecasts.queries import waterfall

    found = _document(waterfall(date(2026, 3, 5), date(2026, 3, 31), by="team"), "team")

    assert found["increased"] == {"count": 0, "amount": Decimal(300)}
    assert found["breakdown"][0]["label"] == "North"
    assert list(found) == [
        "start", "new", "increased", "decreased", "pulled_in", "pushed_out", "won", "lost", "end", "breakdown"
    ]  # fmt: skip
