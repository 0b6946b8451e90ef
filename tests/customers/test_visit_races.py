"""Two phones at once: one check-in begins a visit, and nobody is in two places."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer, Visit
from salesmode.kernel.locking import save
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from tests.conftest import MONDAY, TUESDAY
from tests.kernel.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50
DAY = date(2026, 3, 3)


def _outcomes(results) -> list[str]:
    return sorted("refused" if isinstance(one, Refusal) else "done" if one is not None else "?" for one in results)


@pytest.fixture
def seller(transactional_db, system, ana) -> Person:
    """Ana, in a database whose transactions are real."""
    return ana


class TestCheckingInTwice:
    def _planned(self, seller, northwind) -> list[Visit]:
        visit = customers.plan_visit(northwind, planned_on=DAY, by=seller, at=MONDAY)
        return [Visit.objects.select_related("customer", "owner").get(pk=visit.pk) for _phone in range(2)]

    def _end(self, visit, seller) -> None:
        visit.refresh_from_db()
        customers.check_out_visit(visit, result="Talked", by=seller, at=TUESDAY)

    def test_begins_the_visit_once(self, seller, northwind):
        for _round in range(ROUNDS):
            copies = self._planned(seller, northwind)

            results = race(2, lambda one, copies=copies: customers.check_in_visit(copies[one], by=seller, at=TUESDAY))

            assert _outcomes(results) == ["done", "refused"]
            assert EventRecord.objects.filter(name="visit.begun", subject_id=copies[0].pk).count() == 1
            self._end(copies[0], seller)

    def test_without_its_guard_begins_it_twice(self, seller, northwind):
        def check_in_without_guard(visit: Visit, *, at: datetime) -> Visit:
            with transaction.atomic():
                visit.refresh_from_db()
                visit.mark_checked_in(place=None, accuracy_m=None, radius_m=500, before=None, at=at)
                save(visit, at=at)
            return visit

        twice = 0
        for _round in range(ROUNDS):
            copies = self._planned(seller, northwind)
            results = race(2, lambda one, copies=copies: check_in_without_guard(copies[one], at=TUESDAY))
            twice += _outcomes(results) == ["done", "done"]
            self._end(copies[0], seller)

        assert twice > 0


class TestTwoPlacesAtOnce:
    def test_lets_one_visit_begin(self, seller, northwind):
        other = customers.create_customer(name="Contoso", owner=seller, by=seller, at=MONDAY)
        for _round in range(10):
            visits = [customers.plan_visit(place, planned_on=DAY, by=seller, at=MONDAY) for place in (northwind, other)]

            results = race(2, lambda one, visits=visits: customers.check_in_visit(visits[one], by=seller, at=TUESDAY))

            assert _outcomes(results) == ["done", "refused"]
            begun = Visit.objects.get(status=Visit.Status.UNDER_WAY)
            customers.check_out_visit(begun, result="Talked", by=seller, at=TUESDAY)
            customers.call_off_visit(Visit.objects.get(status=Visit.Status.PLANNED), by=seller, at=TUESDAY)


class TestPlanningTheSameVisitTwice:
    def _run(self, seller, northwind) -> list[list[str]]:
        copies = [Customer.objects.get(pk=northwind.pk) for _phone in range(2)]

        def plan(one: int, day: date) -> Visit:
            return customers.plan_visit(copies[one], planned_on=day, by=seller, at=MONDAY)

        days = [DAY + timedelta(days=number) for number in range(ROUNDS)]
        return [_outcomes(race(2, lambda one, day=day: plan(one, day))) for day in days]

    def test_plans_it_once(self, seller, northwind):
        assert self._run(seller, northwind) == [["done", "refused"]] * ROUNDS
        assert EventRecord.objects.filter(name="visit.planned").count() == ROUNDS

    def test_without_its_guard_plans_it_twice(self, seller, northwind):
        guard = "a_customer_is_planned_once_a_day"
        with connection.cursor() as cursor:
            cursor.execute(f"drop index {guard}")
        try:
            assert ["done", "done"] in self._run(seller, northwind)
        finally:
            Visit.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    f"create unique index {guard} on customers_visit (owner_id, customer_id, planned_on)"
                    " where status = 'planned'"
                )


class TestPlanningTheSameMonthTwice:
    def test_plans_it_once(self, seller, northwind):
        customers.amend_customer(northwind, grade="A", by=seller, at=MONDAY)
        for month in range(4, 10):
            race(2, lambda one, m=month: customers.plan_month(seller, month=date(2026, m, 1), by=seller, at=MONDAY))

            assert Visit.objects.filter(planned_on__month=month).count() == 4
