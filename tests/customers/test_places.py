"""Where a customer is: written down by people, files and programs, so that check-ins can be compared with it."""

import json
from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer, Visit, VisitPlan
from salesmode.customers.sheets.customers import CUSTOMERS
from salesmode.kernel.refusals import Invalid
from salesmode.people.operations import create_token
from tests.conftest import MONDAY, TUESDAY

SHANGHAI = {"latitude": 31.2304, "longitude": 121.4737}
MARCH = date(2026, 3, 1)


class TestThePositionOfACustomer:
    def test_is_what_a_check_in_is_compared_with(self, northwind, ana):
        customers.amend_customer(northwind, **SHANGHAI, by=ana, at=MONDAY)
        visit = customers.plan_visit(northwind, planned_on=date(2026, 3, 3), by=ana, at=MONDAY)

        customers.check_in_visit(visit, latitude=31.2404, longitude=121.4737, by=ana, at=TUESDAY)

        assert 1_100 < visit.distance_m < 1_120

    @pytest.mark.parametrize(
        "wrong",
        [{"latitude": 31.0}, {"longitude": 121.0}, {"latitude": 91.0, "longitude": 0.0},
         {"latitude": float("nan"), "longitude": 0.0}],
    )  # fmt: skip
    def test_is_refused_when_it_is_no_place(self, northwind, ana, wrong):
        with pytest.raises(Invalid):
            customers.amend_customer(northwind, **wrong, by=ana, at=MONDAY)

        northwind.refresh_from_db()
        assert northwind.position is None

    def test_is_written_and_cleared_in_the_form(self, client, northwind, ana):
        client.force_login(ana)
        address = reverse("customers:amend_customer", args=[northwind.pk])
        given = {"name": "Northwind", "type": "company"}

        client.post(address, given | SHANGHAI | {"version": 1})
        northwind.refresh_from_db()
        assert northwind.position == (31.2304, 121.4737)
        assert "31.2304" in client.get(address).content.decode()

        client.post(address, given | {"version": 2})
        northwind.refresh_from_db()
        assert northwind.position is None

    def test_comes_with_a_file(self, ana):
        row = {"name": "Acme", "latitude": "31.2304", "longitude": "121.4737"}

        made, half = CUSTOMERS.create_many([row, {"name": "Half", "latitude": "31"}], by=ana, at=MONDAY)

        assert made.position == (31.2304, 121.4737)
        assert isinstance(half, Invalid)

    def test_comes_from_a_program(self, client, ana):
        _token, secret = create_token(person=ana, name="Test", scope="write", by=ana, at=now())
        body = json.dumps({"name": "Acme", **SHANGHAI})

        answer = client.post(
            "/api/v1/customers", body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
        )

        assert (answer.json()["latitude"], answer.json()["longitude"]) == (31.2304, 121.4737)


class TestPlansOfMergedCustomers:
    @pytest.fixture
    def kept(self, ana):
        return customers.create_customer(name="Kept", owner=ana, by=ana, at=MONDAY)

    def plan(self, customer, ana, planned: int) -> VisitPlan:
        return customers.set_visit_plan(customer, owner=ana, month=MARCH, planned=planned, by=ana, at=MONDAY)

    def test_follow_to_the_one_that_is_kept(self, northwind, kept, ana):
        plan = self.plan(northwind, ana, 2)

        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        plan.refresh_from_db()
        assert plan.customer == kept

    def test_of_the_same_month_become_the_larger_one_with_all_visits(self, northwind, kept, ana):
        self.plan(northwind, ana, 3)
        former = self.plan(kept, ana, 1)

        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        (plan,) = VisitPlan.objects.all()
        assert (plan.pk, plan.planned) == (former.pk, 3)
        assert set(Visit.objects.values_list("plan", "customer")) == {(former.pk, kept.pk)}
        assert Customer.objects.get(merged_into=None) == kept
