"""A small month worked out by hand: roll-ups, accuracy and bias, from deals whose sums are plain to see."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest

from salesmode.forecasts import operations, queries
from salesmode.kernel.periods import Period
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY

MARCH_20 = date(2026, 3, 20)
AFTER = MONDAY + timedelta(days=40)


@pytest.fixture
def march(system) -> Period:
    """The month that Monday lies in."""
    return Period.parse("2026-03")


@pytest.fixture
def deals(process, northwind, ana):
    """Five deals of Ana's that close in March, one in each category and one left out; a sixth closes in April."""

    def deal(title, amount, category, closes_on=MARCH_20):
        opened = selling.open_deal(
            title=title, customer=northwind, owner=ana, amount=Decimal(amount), closes_on=closes_on, by=ana, at=MONDAY
        )
        return selling.amend_deal(opened, category=category, by=ana, at=MONDAY)

    return {
        "pipeline": deal("A", 100, "pipeline"),
        "best_case": deal("B", 200, "best_case"),
        "most_likely": deal("C", 400, "most_likely"),
        "commit": deal("D", 800, "commit"),
        "omitted": deal("E", 1600, "omitted"),
        "later": deal("F", 3200, "commit", date(2026, 4, 20)),
        "won": deal("G", 50, "commit"),
    }


class TestTheRollUps:
    def test_single_and_cumulative(self, deals, ana, march):
        selling.win_deal(deals["won"], by=ana, at=TUESDAY)

        roll = queries.roll_of_unit(ana, None, march)

        single = {name: roll.amounts[name] for name in ("pipeline", "best_case", "most_likely", "commit")}
        assert single == {"pipeline": 100, "best_case": 200, "most_likely": 400, "commit": 800}
        assert roll.closed == 50
        # Open pipeline = 100 + 200 + 400 + 800; the others take what is surer and what is closed.
        assert (roll.open_pipeline, roll.best_case, roll.most_likely, roll.commit) == (1500, 1450, 1250, 850)

    @pytest.mark.parametrize("name", list(queries.CUMULATIVE))
    def test_every_sum_leads_to_the_deals_it_is_made_of(self, deals, ana, bo, march, client, name):
        selling.win_deal(deals["won"], by=ana, at=TUESDAY)
        client.force_login(bo)
        page = client.get("/pipeline/forecast?period=2026-03&sums=cumulative").content.decode()
        added = "".join(f"&forecast={part}" for part in queries.CUMULATIVE[name])
        address = f"/deals/?forecast=2026-03{added}&owner={ana.pk}"

        listed = client.get(address).context["list"].page.rows

        assert address in unescape(page)
        roll = queries.roll_of_unit(ana, None, march)
        assert (sum(deal.amount for deal in listed), len(listed)) == (roll.total(name), roll.counted(name))

    @pytest.mark.parametrize("asked", ["forecast=commit", "forecast=2026-03&forecast=2026-04", "forecast=soon"])
    def test_a_list_refuses_what_is_no_forecast(self, ana, client, asked):
        client.force_login(ana)

        assert client.get(f"/deals/?{asked}").status_code == 400

    def test_a_submission_stands_beside_them(self, deals, ana, march):
        before = queries.roll_of_unit(ana, None, march)

        operations.submit_forecast(person=ana, period=march, amount=Decimal(9999), by=ana, at=TUESDAY)

        assert queries.roll_of_unit(ana, None, march) == before


class TestThePromise:
    @pytest.mark.parametrize(
        ("said", "accuracy", "bias"),
        [
            (1000, 1.0, 0.0),
            (800, 0.8, -0.2),  # sandbagging
            (1300, 0.7, 0.3),  # happy ears
        ],
    )
    def test_accuracy_and_bias_of_one_call(self, deals, ana, march, said, accuracy, bias):
        operations.submit_forecast(person=ana, period=march, amount=Decimal(said), by=ana, at=TUESDAY)
        for name in ("commit", "best_case"):
            selling.win_deal(deals[name], by=ana, at=MONDAY + timedelta(days=20))

        (found,) = queries.track_records([ana], "month", at=AFTER)

        assert (found.accuracy, found.bias) == (pytest.approx(accuracy), pytest.approx(bias))
