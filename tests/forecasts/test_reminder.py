"""Who is reminded of a forecast: sellers of their own, leaders of those that are missing."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from salesmode.forecasts import operations, queries
from salesmode.kernel.periods import Period
from tests.conftest import MONDAY, TUESDAY

WEDNESDAY, FRIDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)


@pytest.fixture
def cycle(ed):
    """Every Wednesday at six, for the month."""
    since = date(2026, 3, 1)
    return operations.set_submission_cycle(weekday=2, clock=time(18), grain="month", since=since, by=ed, at=MONDAY)


def submit(person, at):
    """Say something for March."""
    march = Period.parse("2026-03")
    return operations.submit_forecast(person=person, period=march, amount=Decimal(900), by=person, at=at)


def awaited(viewer, at):
    """Whose forecasts are asked for, and whether they are late."""
    return [(row.person.name, row.is_late) for row in queries.forecasts_awaited(viewer, at=at)]


class TestForecastsAwaited:
    def test_are_none_on_other_days_before_anything_was_due(self, cycle, ana, bo):
        assert awaited(ana, TUESDAY) == awaited(bo, TUESDAY) == []

    def test_remind_on_the_day_until_submitted(self, cycle, ana, bo):
        assert awaited(ana, WEDNESDAY) == [("Ana", False)]

        submit(ana, WEDNESDAY)

        assert awaited(ana, WEDNESDAY) == []

    def test_are_late_afterwards(self, cycle, ana, bo, cy):
        assert awaited(bo, FRIDAY) == [("Ana", True)]
        assert awaited(cy, FRIDAY) == [("Cy", True)]

    def test_are_satisfied_by_what_was_said_in_the_week_before(self, cycle, ana):
        submit(ana, TUESDAY)

        assert awaited(ana, FRIDAY) == []
        assert awaited(ana, FRIDAY + timedelta(days=5)) == [("Ana", False)]

    def test_are_none_without_a_cycle(self, ana, bo):
        assert awaited(ana, FRIDAY) == []


class TestToday:
    @pytest.fixture
    def late(self, ed):
        """Due some time within the last hours of each week."""
        moment = datetime.now(ZoneInfo("Asia/Shanghai"))
        operations.set_submission_cycle(
            weekday=moment.weekday(), clock=time(0), grain="quarter", since=date(2026, 1, 1), by=ed, at=MONDAY
        )

    def test_shows_the_card_to_the_seller_and_the_leader(self, client, late, ana, bo, fay):
        for person, link in ((ana, f"unit=person:{ana.pk}"), (bo, "/pipeline/forecast")):
            client.force_login(person)
            card = client.get("/").content.decode().partition('id="today-forecast"')[2].partition("</section>")[0]
            assert link in card
        client.force_login(fay)
        assert 'id="today-forecast"' not in client.get("/").content.decode()
