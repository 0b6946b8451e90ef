"""The company is set up once and changed by administrators."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.kernel import operations
from salesmode.kernel.models import Company, CurrencyRate, EventRecord
from salesmode.kernel.operations.company import CompanyAlreadySetUp, CurrencyInUse
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from tests.conftest import MONDAY, TUESDAY

NORTH_STAR = {"name": "北极星", "currency": "CNY", "time_zone": "Asia/Shanghai", "fiscal_year_starts_in": 4}


@pytest.fixture
def nobody_yet(system):
    """Return the system of a company that is not set up."""
    Company.objects.filter(pk=1).delete()
    return system


class TestSetUpCompany:
    def test_is_remembered_as_an_event_without_the_name(self, nobody_yet):
        operations.set_up_company(**NORTH_STAR, by=nobody_yet, at=MONDAY)

        assert (Company.objects.current().name, Company.objects.current().set_up_at) == ("北极星", MONDAY)
        facts = EventRecord.objects.get(name="company.set_up").facts
        assert (facts["fiscal_year_starts_in"], "北极星" in str(facts)) == (4, False)

    def test_is_refused_twice(self, nobody_yet):
        operations.set_up_company(**NORTH_STAR, by=nobody_yet, at=MONDAY)

        with pytest.raises(CompanyAlreadySetUp):
            operations.set_up_company(**NORTH_STAR, by=nobody_yet, at=TUESDAY)

    @pytest.mark.parametrize(
        "wrong",
        [{"name": " "}, {"currency": "RMB"}, {"time_zone": "Mars/Olympus"}, {"fiscal_year_starts_in": 13},
         {"country": "China"}, {"language": "xx"}],
    )  # fmt: skip
    def test_is_refused_naming_what_is_wrong(self, nobody_yet, wrong):
        with pytest.raises(Invalid) as refusal:
            operations.set_up_company(**(NORTH_STAR | wrong), by=nobody_yet, at=MONDAY)
        assert list(refusal.value.fields) == list(wrong)
        assert not Company.objects.exists()


class TestAmendCompany:
    @pytest.fixture
    def company(self, nobody_yet) -> Company:
        return operations.set_up_company(**NORTH_STAR, by=nobody_yet, at=MONDAY)

    def test_counts_the_version_and_names_what_changed(self, company, ed):
        operations.amend_company(company, name="南极星", currency="USD", by=ed, at=TUESDAY, version=1)

        assert (Company.objects.current().currency, company.version) == ("USD", 2)
        assert EventRecord.objects.get(name="company.amended").facts["changed"] == ["name", "currency"]

    def test_is_refused_to_who_saw_an_older_version(self, company, ed):
        with pytest.raises(Stale):
            operations.amend_company(company, name="x", by=ed, at=TUESDAY, version=9)

    @pytest.mark.parametrize("somebody", ["ana", "di", "fay", "gil"])
    def test_is_for_administrators(self, company, somebody, request):
        with pytest.raises(NotAllowed):
            operations.amend_company(company, name="x", by=request.getfixturevalue(somebody), at=TUESDAY)

    def test_leaves_the_currency_once_there_are_amounts(self, company, ed, renewal):
        with pytest.raises(CurrencyInUse):
            operations.amend_company(company, currency="USD", by=ed, at=TUESDAY)


class TestSetCurrencyRate:
    def enter(self, currency: str, rate: str, by) -> None:
        day = date(2026, 1, 1)
        operations.set_currency_rate(currency=currency, valid_from=day, rate=Decimal(rate), by=by, at=MONDAY)

    def test_replaces_the_rate_of_the_same_day(self, gil):
        for rate in ("7.1", "7.2"):
            self.enter("usd", rate, gil)

        assert CurrencyRate.objects.get().rate == Decimal("7.2")
        assert EventRecord.objects.filter(name="currency_rate.set").count() == 2

    @pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "1e11"])
    def test_needs_a_rate_above_zero(self, gil, rate):
        with pytest.raises(Invalid):
            operations.set_currency_rate(
                currency="USD", valid_from=date(2026, 1, 1), rate=Decimal(rate), by=gil, at=MONDAY
            )

    def test_is_refused_to_sellers(self, ana):
        with pytest.raises(NotAllowed):
            operations.set_currency_rate(
                currency="USD", valid_from=date(2026, 1, 1), rate=Decimal(7), by=ana, at=MONDAY
            )
