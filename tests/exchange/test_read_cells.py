"""What people write into cells, read as what they meant."""

import contextlib
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.exchange import cells
from salesmode.exchange.cells import Unreadable

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "written",
    [
        "2024/1/5",
        "2024-01-05",
        "05.01.2024",
        "2024年1月5日",
        "5 Jan 2024",
        "Jan 5, 2024",
        "20240105",
        "45296",
        45296.0,
        datetime(2024, 1, 5),
        "2024-01-05 00:00:00",
        "２０２４／１／５",
    ],
)
def test_a_day_is_understood_however_it_is_written(written):
    assert cells.as_date(written) == date(2024, 1, 5)


@pytest.mark.parametrize("written", ["2024-13-40", "31.02.2024", "soon", "2024", True, "99999999999"])
def test_what_is_no_day_is_said_to_be_none(written):
    with pytest.raises(Unreadable):
        cells.as_datetime(written, zone=SHANGHAI)


def test_an_instant_without_a_zone_is_in_the_companys():
    assert cells.as_datetime("2024-01-05 下午 3:20", zone=SHANGHAI) == datetime(2024, 1, 5, 15, 20, tzinfo=SHANGHAI)
    assert cells.as_datetime("2024-01-05T10:00:00Z", zone=SHANGHAI).hour == 10


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("￥1 200", "1200"),
        ("3.5万", "35000"),
        ("1.2亿", "120000000"),
        ("12%", "0.12"),
        ("(300)", "-300"),
        ("-5.00", "-5"),
        ("$1,000", "1000"),
        ("1200元", "1200"),
        (3, "3"),
        (0.1, "0.1"),
    ],
)
def test_a_number_is_understood_however_it_is_written(written, meant):
    assert cells.as_number(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["", "abc", "1.2.3", "NaN", "inf", "1e99", "--5", True, float("nan"), "9" * 40])
def test_what_is_no_number_is_said_to_be_none(written):
    with pytest.raises(Unreadable):
        cells.as_number(written)


def test_a_percentage_is_the_same_written_as_percent_or_formatted_as_percent():
    assert cells.as_percent("30%") == cells.as_percent(30) == cells.as_percent(0.3) == 30


@given(st.text(max_size=40))
def test_whatever_is_written_is_either_read_or_refused(text):
    for read in (cells.as_number, cells.as_date, cells.as_email, cells.as_flag, cells.as_percent, cells.as_integer):
        with contextlib.suppress(Unreadable):
            read(text)


@given(st.text(max_size=40))
def test_protection_against_formulas_is_undone_exactly(text):
    assert cells.unprotect(cells.protect(text)) == text
    assert not cells.protect(text) or cells.protect(text)[0] not in cells.DANGEROUS
