"""Forecasts, pipeline changes and warnings for programs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from salesmode.analytics import loader
from salesmode.forecasts import operations
from salesmode.kernel.periods import Period
from salesmode.selling import operations as selling
from tests.conftest import MONDAY
from tests.selling.test_api import ask

__all__ = ["ask"]


@pytest.fixture
def due(renewal, ana):
    """Ana's deal is to close within this quarter."""
    last = Period.containing(now().date(), "quarter").last
    return selling.amend_deal(renewal, closes_on=last, by=ana, at=MONDAY)


class TestTheForecast:
    def test_rolls_up_by_category(self, ask, ana, due):
        found = ask(ana, "get", "/forecasts/roll-up?period=this-quarter").json()

        assert found["single"]["pipeline"] == {"amount": "1200.00", "currency": "CNY"}
        assert found["cumulative"]["open_pipeline"]["amount"] == "1200.00"
        assert found["cumulative"]["commit"]["amount"] == "0.00"
        assert found["weighted"]["amount"] == "120.00"

    def test_shows_nothing_of_anas_to_cy(self, ask, ana, cy, due):
        assert ask(cy, "get", "/forecasts/roll-up").json()["counts"]["pipeline"] == 0
        assert ask(cy, "get", f"/forecasts/roll-up?scope=person:{ana.pk}").status_code == 400

    def test_is_submitted_and_listed(self, ask, ana, bo, cy, due):
        made = ask(ana, "post", "/forecasts", {"period": "this-quarter", "amount": {"amount": "900"}})
        listed = ask(bo, "get", f"/forecasts?period=this-quarter&person_id={ana.pk}").json()

        assert (made.status_code, made.json()["number"], made.json()["is_own"]) == (201, 1, True)
        assert [one["amount"]["amount"] for one in listed["items"]] == ["900.00"]
        assert ask(cy, "get", "/forecasts").json()["items"] == []

    def test_of_somebody_unseen_or_in_another_currency_is_refused(self, ask, ana, cy, due):
        sent = {"period": "this-quarter", "amount": {"amount": "900"}}

        assert ask(cy, "post", "/forecasts", {**sent, "person_id": ana.pk}).status_code == 422
        assert ask(cy, "post", "/forecasts", {**sent, "company": True}).status_code == 403
        wrong = {**sent, "amount": {"amount": "1", "currency": "USD"}}
        assert ask(ana, "post", "/forecasts", wrong).status_code == 422

    def test_from_an_old_look_is_a_conflict(self, ask, ana, due):
        sent = {"period": "this-quarter", "amount": {"amount": "900"}, "seen": 0}
        ask(ana, "post", "/forecasts", sent)

        again = ask(ana, "post", "/forecasts", sent)

        assert (again.status_code, again.json()["code"]) == (409, "submitted_meanwhile")


def test_the_waterfall_adds_up(ask, ana, renewal, settings, tmp_path):
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    selling.amend_deal(renewal, amount=Decimal(1500), by=ana, at=MONDAY + timedelta(days=10))
    loader.load_once(own=True)

    found = ask(ana, "get", "/forecasts/waterfall?start=2026-03-05&end=2026-03-31&by=person").json()

    assert found["steps"]["increased"] == {"count": 0, "amount": {"amount": "300.00", "currency": "CNY"}, "deals": 1}
    assert found["breakdown"][0]["label"] == "Ana"
    assert ask(ana, "get", "/forecasts/waterfall?start=2026-03-31&end=2026-03-05").status_code == 400


def test_warnings_of_a_deal(ask, ana, cy, renewal):
    operations.refresh_warnings(at=MONDAY + timedelta(days=60))

    found = ask(ana, "get", f"/deals/{renewal.pk}/warnings").json()

    assert "no_activity" in [one["code"] for one in found["items"]]
    assert ask(cy, "get", f"/deals/{renewal.pk}/warnings").status_code == 404


def test_an_own_category_is_set_and_taken_back(ask, ana, renewal):
    path = f"/deals/{renewal.pk}"
    kept = ask(ana, "patch", path, {"category": "commit"}, **{"If-Match": f'"{renewal.version}"'}).json()
    back = ask(ana, "patch", path, {"category": None}, **{"If-Match": f'"{kept["version"]}"'}).json()

    assert (kept["category"], kept["own_category"]) == ("commit", "commit")
    assert (back["category"], back["own_category"]) == ("pipeline", "")
