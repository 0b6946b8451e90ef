"""How values read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from salesmode.kernel import wording

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def shanghai():
    with timezone.override("Asia/Shanghai"):
        yield


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "currency", "chinese", "english"),
        [
            (1_285_000, "", "¥128.5\u202f万", "¥1.3M"),
            (128_500, "CNY", "¥12.9\u202f万", "¥128.5k"),
            (250_000_000, "", "¥2.5\u202f亿", "¥250M"),
            (9_999, "", "¥9,999", "¥9,999"),
            (-40_000, "USD", "\u2212USD 4\u202f万", "\u2212USD 40k"),
        ],
    )
    def test_is_short_in_cards(self, amount, currency, chinese, english):
        with translation.override("zh-hans"):
            assert wording.short_money(amount, currency) == chinese
        with translation.override("en"):
            assert wording.short_money(amount, currency) == english

    @pytest.mark.parametrize(
        ("amount", "currency", "said"),
        [
            ("1285000", "CNY", "¥1,285,000.00"),
            ("1285000", "JPY", "JPY 1,285,000"),
            ("1.5", "KWD", "KWD 1.500"),
            (None, "", "—"),
            ("x", "", "—"),
        ],
    )
    def test_is_whole_in_tables_with_the_currencys_own_digits(self, amount, currency, said):
        assert wording.full_money(amount, currency) == said


class TestAgo:
    @pytest.mark.parametrize(
        ("distance", "said"),
        [
            (timedelta(seconds=20), "just now"),
            (timedelta(minutes=5), "5 minutes ago"),
            (timedelta(hours=3), "3 hours ago"),
            (timedelta(hours=13), "yesterday"),
            (timedelta(days=7), "7 days ago"),
            (timedelta(days=8), "22 Feb"),
            (timedelta(days=-1), "tomorrow"),
            (timedelta(hours=-2), "in 2 hours"),
        ],
    )
    def test_is_relative_for_seven_days_and_then_a_date(self, distance, said, monkeypatch):
        monkeypatch.setattr(
            wording.timezone, "localdate", lambda value=None, zone=None: timezone.localtime(value or NOON).date()
        )
        with translation.override("en"):
            assert wording.ago(NOON - distance, at=NOON) == said


def test_a_day_is_the_day_in_the_companys_zone():
    with translation.override("en"):
        assert wording.day(datetime(2026, 3, 1, 23, 0, tzinfo=UTC)) == "2 Mar 2026"
    with translation.override("zh-hans"):
        assert wording.day(date(2026, 3, 2)) == "2026年3月2日"


def test_a_share_has_one_decimal():
    assert wording.percent(Decimal("0.6315")) == "63.2%"


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("2026-Q4", "Q4 2026", "2026年第4季度"),
        ("2026-11", "Nov 2026", "2026年11月"),
        ("2026-W08", "week 8 of 2026", "2026年第8周"),
        ("2026-11-01 – 2026-11-27", "1 Nov 2026 – 27 Nov 2026", "2026年11月1日 – 2026年11月27日"),
        ("2026-13", "2026-13", "2026-13"),
        ("FY2026", "FY2026", "FY2026"),
    ],
)
def test_a_period_is_called_by_its_name(code, english, chinese):
    with translation.override("en"):
        assert wording.period(code) == english
    with translation.override("zh-hans"):
        assert wording.period(code) == chinese


def test_a_month_of_this_year_needs_no_year(monkeypatch):
    monkeypatch.setattr(wording.timezone, "localdate", lambda value=None, zone=None: date(2026, 3, 2))
    with translation.override("en"):
        assert [wording.short_month(date(year, 1, 1)) for year in (2026, 2025)] == ["Jan", "Jan 2025"]


class TestYuanInCapitals:
    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.30", "叁角整"),
            ("10", "壹拾元整"),
            ("1005.30", "壹仟零伍元叁角整"),
            ("1005.03", "壹仟零伍元零叁分"),
            ("28455.52", "贰万捌仟肆佰伍拾伍元伍角贰分"),
            ("100000", "壹拾万元整"),
            ("100010001", "壹亿零壹万零壹元整"),
            ("300000005", "叁亿零伍元整"),
            ("20300", "贰万零叁佰元整"),
            ("-1680.32", "负壹仟陆佰捌拾元叁角贰分"),
        ],
    )
    def test_reads_as_on_a_voucher(self, amount, words):
        assert wording.in_capitals(Decimal(amount), "CNY") == words

    def test_is_nothing_for_other_currencies(self):
        assert wording.in_capitals(Decimal(5), "USD") == wording.in_capitals(None, "CNY") == ""
