"""The first minutes of an installation."""

import threading

import pytest
from django.db import connection

from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.operations.company import CompanyAlreadySetUp
from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.selling.models import LossReason, Process
from salesmode.workspace import operations
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

    def test_starts_empty_with_a_process_reasons_and_a_team(self, client, bare):
        client.post("/setup", ANSWERS)
        client.post("/begin/empty")
        client.post("/begin/empty")

        process = Process.objects.get()
        stages = list(process.stages.order_by("position").values_list("name", flat=True))
        assert stages == ["识别潜在客户", "发现需求", "展示方案", "处理异议", "成交"]
        assert LossReason.objects.count() >= 4
        assert Team.objects.count() == 1


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
