"""Money adds up, in every currency."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.kernel.models import Company, CurrencyRate
from salesmode.kernel.money import exponent, in_company_currency, known_currency, payable, rounded, smallest_unit, split
from salesmode.kernel.refusals import Invalid
from tests.conftest import MONDAY

amounts = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=3)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=2), min_size=1, max_size=12).filter(any)


class TestACurrency:
    @pytest.mark.parametrize(
        ("code", "digits"), [("CNY", 2), ("JPY", 0), ("KWD", 3), ("USD", 2), ("VND", 0), ("IQD", 3)]
    )
    def test_knows_its_smallest_unit(self, code, digits):
        assert exponent(code) == digits

    @pytest.mark.parametrize("code", ["", "RMB", "yuan", "CNY'; --"])
    def test_must_exist(self, code):
        with pytest.raises(Invalid):
            known_currency(code)

    def test_rounds_halves_up_unless_told_otherwise(self):
        assert rounded(Decimal("0.125"), "CNY") == Decimal("0.13")
        assert rounded(Decimal("-0.125"), "CNY") == Decimal("-0.13")
        assert rounded(Decimal("2.5"), "JPY") == Decimal(3)
        assert rounded(Decimal("0.129"), "CNY", rounding=ROUND_DOWN) == Decimal("0.12")


class TestASplit:
    @given(amounts, weights, st.sampled_from(["CNY", "JPY", "KWD"]))
    def test_adds_up_and_no_share_is_off_by_a_unit(self, amount, shares_by, currency):
        shares = split(amount, shares_by, currency)

        assert sum(shares) == rounded(amount, currency)
        exact = [rounded(amount, currency) * weight / sum(shares_by) for weight in shares_by]
        assert all(abs(share - should) < smallest_unit(currency) for share, should in zip(shares, exact, strict=True))

    def test_gives_the_odd_unit_to_who_lost_most(self):
        assert split(Decimal("100.00"), [1, 1, 1], "CNY") == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
        assert split(Decimal(100), [1, 2], "JPY") == [Decimal(33), Decimal(67)]

    @pytest.mark.parametrize("nobody", [[], [0, 0], [1, -1]])
    def test_needs_somebody_to_share_with(self, nobody):
        with pytest.raises(ValueError, match="positive"):
            split(Decimal(1), nobody, "CNY")


class TestTheCompanysCurrency:
    def test_costs_no_query_once_the_company_is_known(self, db, django_assert_num_queries):
        Company.objects.current()

        with django_assert_num_queries(0):
            assert in_company_currency(Decimal(12), "", on=MONDAY) == ("CNY", Decimal(12))
            assert in_company_currency(Decimal(12), "cny", on=MONDAY) == ("CNY", Decimal(12))

    def test_takes_the_rate_of_the_day(self, db):
        CurrencyRate.objects.create(currency="USD", valid_from=date(2026, 1, 1), rate=Decimal("7.1"))
        CurrencyRate.objects.create(currency="USD", valid_from=date(2026, 3, 1), rate=Decimal("7.2"))

        assert in_company_currency(Decimal(100), "USD", on=date(2026, 2, 28)) == ("USD", Decimal("710.00"))
        assert in_company_currency(Decimal("0.005"), "USD", on=MONDAY) == ("USD", Decimal("0.04"))

    def test_is_refused_where_nobody_entered_a_rate(self, db):
        with pytest.raises(Invalid) as refusal:
            in_company_currency(Decimal(1), "USD", on=MONDAY)
        assert "USD" in refusal.value.fields["currency"][0]


class TestAnAmount:
    @pytest.mark.parametrize("amount", ["1000000000000", "-1000000000000", "1E+40", "Infinity"])
    def test_that_is_larger_than_the_warehouse_can_add_up_is_refused(self, amount, db):
        with pytest.raises(Invalid) as refused:
            payable(Decimal(amount), "CNY", name="price")
        assert "12 digits" in refused.value.fields["price"][0]

        with pytest.raises(Invalid):
            in_company_currency(Decimal(amount), "", on=MONDAY)

    def test_that_is_too_large_in_the_companys_currency_only_is_refused(self, db):
        CurrencyRate.objects.create(currency="KWD", valid_from=date(2026, 1, 1), rate=Decimal("23.4"))

        with pytest.raises(Invalid) as refused:
            in_company_currency(Decimal("999999999999.999"), "KWD", on=MONDAY)
        assert "12 digits" in refused.value.fields["amount"][0]


class TestTheCompany:
    def test_is_remembered_but_never_against_a_write(self, db):
        assert Company.objects.current().currency == "CNY"

        Company(pk=1, currency="JPY").save()
        assert Company.objects.current().currency == "JPY"

        Company.objects.filter(pk=1).update(currency="USD")
        assert Company.objects.current().currency == "USD"

    def test_is_not_changed_by_who_only_looked(self, db):
        Company.objects.current().currency = "XXX"

        assert Company.objects.current().currency == "CNY"


class TestAnAmountIsNotRounded:
    @pytest.mark.parametrize(("amount", "currency"), [("1000.5", "JPY"), ("1.2345", "KWD"), ("1.005", "CNY")])
    def test_that_nobody_could_pay(self, amount, currency):
        with pytest.raises(Invalid) as refused:
            payable(Decimal(amount), currency, name="price")
        assert currency in refused.value.fields["price"][0]

    @pytest.mark.parametrize(("amount", "currency"), [("1000.000", "JPY"), ("1.234", "KWD"), ("-1.50", "CNY")])
    def test_that_can_be_paid(self, amount, currency):
        assert payable(Decimal(amount), currency) == Decimal(amount)
