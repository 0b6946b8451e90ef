"""Numbers have no gaps and no twins."""

from datetime import UTC, date, datetime
from time import sleep

import pytest
from django.db import transaction

from salesmode.kernel.models import NumberSeries
from salesmode.kernel.numbers import next_number
from tests.kernel.racing import race

ROUNDS, TOGETHER = 20, 50


class TestANumber:
    def test_counts_on_within_its_year_and_begins_anew(self, db):
        numbers = [next_number("order", on=date(2026, 1, 1), prefix="HT") for _ in range(2)]

        assert numbers == ["HT2026-0001", "HT2026-0002"]
        assert next_number("order", on=date(2027, 1, 1), prefix="HT") == "HT2027-0001"
        assert next_number("payment", on=date(2026, 1, 1)) == "2026-0001"

    def test_may_run_by_month_or_for_good(self, db):
        assert next_number("visit", on=date(2026, 3, 5), reset="monthly", width=3) == "202603-001"
        assert next_number("visit", on=date(2026, 3, 5), reset="never", prefix="V") == "V0001"

    def test_belongs_to_the_companys_year(self, db):
        new_years_eve_in_utc = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

        assert next_number("order", on=new_years_eve_in_utc).startswith("2027-")

    def test_is_only_given_out_in_a_transaction(self, transactional_db):
        with pytest.raises(RuntimeError):
            next_number("order", on=date(2026, 1, 1))


def _take(number: int) -> str | None:
    """Take a number; every fifth changes their mind."""
    try:
        with transaction.atomic():
            taken = next_number("race", on=date(2026, 1, 1))
            if number % 5 == 0:
                raise InterruptedError
            return taken
    except InterruptedError:
        return None


def _take_carelessly(number: int) -> int:
    """Take a number by looking first: the control that must fail."""
    with transaction.atomic():
        series = NumberSeries.objects.get(name="careless")
        sleep(0.002)
        series.last += 1
        series.save()
        return series.last


class TestARaceForNumbers:
    def test_has_no_twins_and_no_gaps(self, transactional_db):
        taken = [number for _ in range(ROUNDS) for number in race(TOGETHER, _take) if number]

        assert len(taken) == ROUNDS * TOGETHER * 4 // 5
        assert sorted(taken) == [f"2026-{number:04d}" for number in range(1, len(taken) + 1)]

    def test_would_be_noticed(self, transactional_db):
        NumberSeries.objects.create(name="careless")
        for _ in range(10):
            taken = race(10, _take_carelessly)
            if len(set(taken)) < len(taken):
                return
        pytest.fail("Ten rounds without a lock made no twins: the race above proves nothing.")
