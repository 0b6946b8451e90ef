"""Periods begin and end where the company's calendar says."""

import calendar
import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salesmode.kernel.holidays import add_workdays, holidays_between, is_workday, workdays
from salesmode.kernel.models import Company
from salesmode.kernel.periods import GRAINS, Period, add_months, day_of, starts_at
from salesmode.kernel.refusals import Invalid

THURSDAY = date(2026, 3, 5)
ZONES = ["Asia/Shanghai", "America/Sao_Paulo", "Europe/Berlin", "Africa/Cairo", "America/New_York", "Pacific/Apia"]
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
companies = st.builds(Company, time_zone=st.sampled_from(ZONES), fiscal_year_starts_in=st.integers(1, 12))


def parse(text: str, *, fiscal: int = 1, zone: str = "Asia/Shanghai", today: date = THURSDAY) -> Period:
    return Period.parse(text, today=today, company=Company(fiscal_year_starts_in=fiscal, time_zone=zone))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017", "2017-01-01", "2017-12-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-03-05", "2026-03-05", "2026-03-05"),
        ("last-30-days", "2026-02-04", "2026-03-05"),
        ("this-month", "2026-03-01", "2026-03-31"),
        ("last-month", "2026-02-01", "2026-02-28"),
        ("this-quarter", "2026-01-01", "2026-03-31"),
        ("last-12-months", "2025-03-01", "2026-02-28"),
        ("ytd", "2026-01-01", "2026-03-05"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-03-31"),
        ("FY2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_read_as_people_write_it(text, first, last):
    period = parse(text)

    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "0000", "2026-13", "2026-Q5", "2026-W54", "2025-W53", "2026-02-30", "2026-03-31..2026-01-01", "never",
     "９９９９", "9999-12-31..9999-12-31", "0001-01-01", "FY0001", "1899-12", "last-0-days", "last-9999-years",
     "2026-1", "a" * 100_000, "2026-01-01..", "0001..2026"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(Invalid) as refusal:
        parse(text)
    assert refusal.value.fields["period"]


def test_a_fiscal_year_is_named_after_the_year_it_ends_in():
    assert (parse("FY2026", fiscal=4).first, parse("FY2026", fiscal=4).until) == (date(2025, 4, 1), date(2026, 4, 1))
    assert parse("FY2026-Q1", fiscal=4).first == date(2025, 4, 1)
    assert parse("fytd", fiscal=4).first == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("text", "before", "year_ago"),
    [
        ("2026-Q1", "2025-10-01..2025-12-31", "2025-01-01..2025-03-31"),
        ("2024-03", "2024-02-01..2024-02-29", "2023-03-01..2023-03-31"),
        ("2026", "2025-01-01..2025-12-31", "2025-01-01..2025-12-31"),
        ("ytd", "2025-01-01..2025-03-05", "2025-01-01..2025-03-05"),
        ("mtd", "2026-02-01..2026-02-05", "2025-03-01..2025-03-05"),
        ("last-7-days", "2026-02-20..2026-02-26", "2025-02-27..2025-03-05"),
        ("2026-W10", "2026-02-23..2026-03-01", "2025-03-03..2025-03-09"),
        ("last-3-months", "2025-09-01..2025-11-30", "2024-12-01..2025-02-28"),
        ("2024-02-29", "2024-02-28..2024-02-28", "2023-02-28..2023-02-28"),
    ],
)
def test_a_period_knows_what_it_compares_with(text, before, year_ago):
    period = parse(text)

    assert f"{period.before().first}..{period.before().last}" == before
    assert f"{period.same_last_year().first}..{period.same_last_year().last}" == year_ago


@given(days, st.integers(-60, 60))
def test_months_end_where_they_end(day, months):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


@given(days, st.integers(0, 400), st.sampled_from(GRAINS), companies)
def test_steps_cover_the_period_without_gap_or_overlap(first, length, grain, company):
    period = Period.parse(f"{first}..{first + timedelta(days=length)}", company=company)

    steps = list(period.steps(grain))
    assert (steps[0].first, steps[-1].until) == (period.first, period.until)
    assert all(one.until == other.first for one, other in itertools.pairwise(steps))
    assert steps[0].starts_at == period.starts_at
    assert all(one.ends_at == other.starts_at for one, other in itertools.pairwise(steps))


@given(days, st.sampled_from(GRAINS), companies)
def test_a_day_lies_in_its_period_and_in_no_other(day, grain, company):
    period = Period.containing(day, grain, company=company)

    assert period.contains(day)
    assert not period.before().contains(day)
    assert period.before().until == period.first


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_an_instant_belongs_to_the_day_that_its_clock_shows(moment, zone_name):
    zone, moment = ZoneInfo(zone_name), moment.replace(tzinfo=UTC)
    day = day_of(moment, zone)
    assume(day != date(2011, 12, 30))  # Samoa had no such day.

    assert starts_at(day, zone) <= moment < starts_at(day + timedelta(days=1), zone)


def test_a_month_in_shanghai_ends_in_the_afternoon_of_utc():
    january = parse("2026-01")

    assert not january.contains(datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    assert january.contains(datetime(2026, 1, 31, 15, 59, tzinfo=UTC))
    assert january.ends_at == datetime(2026, 1, 31, 16, 0, tzinfo=UTC)


class TestWorkdays:
    def test_follow_the_chinese_calendar_with_its_worked_weekends(self):
        assert not is_workday(date(2026, 2, 17), "CN")
        assert is_workday(date(2026, 2, 14), "CN")
        assert not is_workday(date(2026, 2, 15), "CN")
        assert workdays(date(2026, 2, 1), date(2026, 3, 1), "CN") == 16

    def test_are_monday_to_friday_where_the_calendar_is_unknown(self):
        assert workdays(date(2026, 3, 2), date(2026, 3, 9), "XX") == 5

    def test_are_counted_forward_over_a_holiday(self):
        assert add_workdays(date(2026, 9, 30), 1, "CN") == date(2026, 10, 8)

    def test_name_their_holidays(self):
        assert date(2026, 1, 1) in holidays_between(date(2026, 1, 1), date(2026, 1, 2), "CN")
