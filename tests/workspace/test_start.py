"""The first minutes of an installation."""

import threading

import pytest
from django.db import connection

from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.operations.company import CompanyAlreadySetUp, CurrencyInUse
from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.selling.models import Deal, LossReason, Process
from salesmode.workspace import operations
from salesmode.workspace.company_import import import_company
from tests.conftest import MONDAY, PASSWORD

ANSWERS = {
    "name": "华夏机电",
    "language": "zh-hans",
    "currency": "CNY",
    "time_zone": "Asia/Shanghai",
    "fiscal_year_starts_in": "4",
    "country": "CN",
    "person_name": "王芳",
    "email": "Wang@example.com",
    "password": PASSWORD,
}


@pytest.fixture
def bare(system):
    """An installation that nobody has set up."""
    Company.objects.filter(pk=1).delete()


class TestTheSetUpPage:
    @pytest.mark.parametrize("page", ["/", "/deals/", "/settings/people", "/accounts/login/", "/search?q=x"])
    def test_is_where_every_page_leads(self, client, bare, page):
        assert client.get(page).headers["Location"] == "/setup"

    def test_makes_the_company_and_signs_its_first_administrator_in(self, client, bare):
        answer = client.post("/setup", ANSWERS)

        assert answer.headers["Location"] == "/begin"
        company, person = Company.objects.current(), Person.objects.administrators().get()
        assert (company.name, company.fiscal_year_starts_in, company.is_set_up) == ("华夏机电", 4, True)
        assert (person.email, person.name, person.role) == ("wang@example.com", "王芳", "operations")
        assert client.get("/settings/people").status_code == 200

    def test_is_closed_once_it_is_answered(self, client, bare):
        client.post("/setup", ANSWERS)
        client.logout()

        assert client.get("/setup").headers["Location"] == "/"
        assert client.post("/setup", ANSWERS | {"email": "mallory@example.com"}).status_code == 409
        assert not Person.objects.filter(email="mallory@example.com").exists()

    def test_is_closed_where_somebody_administers_already(self, client, bare, system):
        people.create_person(email="ed@example.com", name="Ed", role="operations", by=system, at=MONDAY)

        assert client.post("/setup", ANSWERS).status_code == 409

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", " "), ("currency", "XXQ"), ("time_zone", "Mars/Olympus"), ("password", "short"), ("email", "wang")],
    )
    def test_says_at_the_field_what_does_not_fit_and_keeps_nothing(self, client, bare, field, value):
        answer = client.post("/setup", ANSWERS | {field: value})

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not Person.objects.people().exists()
        assert not Company.objects.current().is_set_up

    def test_answers_a_short_password_in_chinese_too(self, client, bare):
        answer = client.post("/setup", ANSWERS | {"password": "short"}, headers={"accept-language": "zh-Hans"})

        assert "密码太短，至少需要 15 个字符。" in answer.context["form"].errors["password"]

    def test_starts_empty_with_a_process_reasons_and_a_team(self, client, bare):
        client.post("/setup", ANSWERS)
        client.post("/begin/empty")
        client.post("/begin/empty")

        process = Process.objects.get()
        stages = list(process.stages.order_by("position").values_list("name", flat=True))
        assert stages == ["识别潜在客户", "发现需求", "展示方案", "处理异议", "成交"]
        assert LossReason.objects.count() >= 4
        assert Team.objects.count() == 1


class TestSetUpAfterAnImport:
    """A folder was imported by the command line before anybody opened the browser."""

    OPEN = {name: ANSWERS[name] for name in ("fiscal_year_starts_in", "person_name", "email", "password")}

    @pytest.fixture
    def imported(self, bare, system, tmp_path):
        folder = tmp_path / "maven-crm"
        folder.mkdir()
        (folder / "customers.csv").write_text("account,sector,revenue\nAcme,retail,12\n")
        (folder / "deals.csv").write_text(
            "opportunity_id,sales_agent,account,deal_stage,engage_date,close_date,close_value\n"
            "D1,Ann Lee,Acme,Won,2017-03-01,2017-04-01,900\nD2,Ann Lee,Acme,Lost,2017-03-01,2017-05-01,0\n"
        )
        import_company(folder, by=system, at=MONDAY)
        return Company.objects.current()

    def known(self, company):
        return {name: getattr(company, name) for name in ("name", "language", "currency", "time_zone", "country")}

    def test_finds_filled_in_what_the_import_knew(self, client, imported):
        form = client.get("/setup", headers={"accept-language": "zh-Hans"}).context["form"]

        assert {field.name: field.value() for field in form.sketched_fields} == self.known(imported)
        assert imported.name == "Maven CRM"
        assert [field.name for field in form.company_fields] == ["fiscal_year_starts_in"]

    def test_keeps_the_company_and_leads_to_its_last_year(self, client, imported):
        before = self.known(imported)

        answer = client.post("/setup", self.OPEN | before)

        assert answer.headers["Location"] == "/performance?period=2017"
        assert self.known(Company.objects.current()) == before
        assert Deal.objects.count() == 2
        assert Person.objects.administrators().get().email == "wang@example.com"

    def test_goes_on_in_the_language_of_whoever_answers(self, client, imported):
        client.post("/setup", self.OPEN | self.known(imported), headers={"accept-language": "zh-Hans"})

        assert (imported.language, Person.objects.administrators().get().language) == ("en", "zh-hans")

    def test_counts_in_the_currency_of_the_imported_amounts_whatever_is_sent(self, client, imported):
        client.post("/setup", self.OPEN | self.known(imported) | {"currency": "CNY"})

        assert Company.objects.current().currency == imported.currency == "USD"

    def test_refuses_another_currency_once_there_are_amounts(self, imported, system):
        with pytest.raises(CurrencyInUse):
            operations.start_company(
                company={"name": "Maven", "language": "en", "currency": "CNY"},
                administrator={"name": "Ed", "email": "ed@example.com", "password": PASSWORD},
                by=system,
                at=MONDAY,
            )

        assert not Company.objects.current().is_set_up
        assert not Person.objects.administrators().exists()


@pytest.mark.django_db(transaction=True)
class TestTwoSetUpsAtOnce:
    def test_one_wins(self, bare):
        ends: list[str] = []
        ready = threading.Barrier(4)

        def start(number: int) -> None:
            ready.wait()
            try:
                operations.start_company(
                    company={"name": f"Company {number}", "language": "en", "currency": "EUR"},
                    administrator={"name": "Ed", "email": f"ed{number}@example.com", "password": PASSWORD},
                    by=Person.objects.system(),
                    at=MONDAY,
                )
                ends.append("won")
            except CompanyAlreadySetUp:
                ends.append("refused")
            finally:
                connection.close()

        racers = [threading.Thread(target=start, args=(number,)) for number in range(4)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()

        assert sorted(ends) == ["refused"] * 3 + ["won"]
        assert Person.objects.administrators().count() == 1
        assert EventRecord.objects.filter(name="company.started").count() == 1
