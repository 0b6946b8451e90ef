"""A draw fills the months of whoever sold there then: not those of others, nor of before, after or another work."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.urls import reverse

from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.orders import operations as orders
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models import LedgerEntry, PayAccount
from salesmode.people import operations as people
from salesmode.people.models import Person
from tests.pay.conftest import make_plan, noon, receive, sign

JUNE = noon(date(2026, 6, 10))


def since(person: Person, day: date | None) -> Person:
    """Somebody who began on a day."""
    Person.objects.filter(pk=person.pk).update(started_on=day)
    return person


def draws(person: Person, at=JUNE) -> dict[date, D]:
    """What somebody was given as draw, month by month, as it stands."""
    pay.post_commission([person], by=Person.objects.system(), at=at)
    found: dict[date, D] = {}
    for month, amount in LedgerEntry.objects.filter(owner=person, rule="draw").values_list("period", "amount"):
        found[month] = found.get(month, D(0)) + amount
    return {month: amount for month, amount in found.items() if amount}


@pytest.fixture
def plan(gil):
    """3,100 a month at least, for the whole company, since January."""
    return make_plan(gil, draw=3100)


class TestADraw:
    def test_is_for_those_who_sell(self, plan, ana, bo, gil, di, fay):
        for person in (ana, bo, gil, di, fay):
            since(person, date(2026, 1, 1))

        assert [len(draws(person)) for person in (ana, bo, gil, di, fay)] == [5, 5, 0, 0, 0]

    def test_asks_for_no_role_when_the_plan_was_given_to_the_person(self, gil, di):
        make_plan(gil, name="Own", person=since(di, date(2026, 1, 1)), draw=1000)

        assert draws(di)[date(2026, 5, 1)] == 1000

    def test_begins_with_the_first_day_and_counts_its_month_by_days(self, plan, ana):
        since(ana, date(2026, 4, 16))

        assert draws(ana) == {date(2026, 4, 1): D(1550), date(2026, 5, 1): D(3100)}
        entry = LedgerEntry.objects.get(owner=ana, period=date(2026, 4, 1))
        assert (entry.inputs["days"], entry.inputs["whole"]) == ("15", "30")
        assert "15" in (said := queries.explanation(entry))
        assert "30" in said

    def test_begins_with_joining_or_the_first_sale_where_nobody_said_since_when(self, plan, ana, northwind, gil):
        joined = queries.Holding().organisation.joined_on(ana.pk)
        assert min(draws(ana)) == joined.replace(day=1)

        receive(sign(northwind, ana, 1000, on=date(2026, 1, 5)), 1000, gil, on=date(2026, 1, 31))

        assert min(draws(ana)) == date(2026, 1, 1)
        assert draws(ana)[date(2026, 1, 1)] == D(50)

    def test_ends_when_somebody_leaves(self, plan, ana, ed):
        since(ana, date(2026, 1, 1))
        people.deactivate_person(ana, by=ed, at=noon(date(2026, 5, 11)))

        assert draws(ana)[date(2026, 4, 1)] == D(3100)
        assert draws(ana)[date(2026, 5, 1)] == D(1000)

        people.reactivate_person(ana, by=ed, at=noon(date(2026, 5, 22)))

        assert draws(ana)[date(2026, 5, 1)] == D(2000)

    def test_of_past_months_stays_when_somebody_does_other_work_later(self, plan, ana, ed):
        since(ana, date(2026, 1, 1))
        before = draws(ana)
        people.amend_person(ana, role="finance", by=ed, at=noon(date(2026, 6, 1)))

        assert draws(ana) == before
        assert date(2026, 6, 1) not in draws(ana, at=noon(date(2026, 7, 2)))

    def test_is_looked_at_again_when_somebody_comes_or_leaves(self, plan, ana, ed):
        run_waiting_jobs()
        draws(ana)
        people.deactivate_person(ana, by=ed, at=noon(date(2026, 5, 11)))

        run_waiting_jobs()

        assert PayAccount.objects.get(owner=ana).is_stale


class TestADrawsPage:
    @pytest.fixture
    def recovered(self, plan, gil, ana, northwind):
        """Nothing earned in January, much in February, all of it taken back in March."""
        pay.withdraw_plan(plan.assignments.get(), valid_until=date(2026, 1, 1), by=gil, at=JUNE)
        since(ana, date(2026, 1, 1))
        make_plan(gil, name="Recoverable", draw=300, draw_is_recoverable=True, clawback_days=90)
        payment = receive(sign(northwind, ana, 20_000), 20_000, gil, on=date(2026, 2, 3))
        orders.reverse_payment(payment, reason="Returned", received_on=date(2026, 3, 5), by=gil, at=JUNE)
        pay.post_commission([ana], by=gil, at=noon(date(2026, 4, 2)))
        return {entry.belongs_to.month: entry for entry in LedgerEntry.objects.filter(rule__in=("draw", "recovery"))}

    def test_shows_what_was_advanced_and_paid_back(self, client, gil, recovered):
        client.force_login(gil)

        page = client.get(reverse("pay:entry", args=[recovered[2].pk])).content.decode()

        assert "Advanced and paid back until now" in page
        assert [recovered[month].amount for month in (1, 2, 3)] == [300, -300, 300]
        assert all(reverse("pay:entry", args=[recovered[month].pk]) in page for month in (1, 3))

    def test_does_not_say_that_less_than_nothing_was_filled_up(self, recovered):
        assert "More was taken back in the month than earned" in queries.explanation(recovered[3])
        assert "filled up to" in queries.explanation(recovered[1])


class TestATeamPool:
    def test_is_not_shared_with_who_has_left(self, gil, ana, bo, ed, northwind):
        make_plan(gil, rate=0, pool_rate=10)
        receive(sign(northwind, ana, 1000), 1000, gil, on=date(2026, 3, 31))
        people.deactivate_person(bo, by=ed, at=noon(date(2026, 4, 15)))
        receive(sign(northwind, ana, 500), 500, gil, on=date(2026, 4, 20))
        pay.post_commission([ana, bo], by=gil, at=JUNE)

        shared = LedgerEntry.objects.filter(rule="pool").order_by("owner__name", "period")
        assert list(shared.values_list("owner__name", "amount")) == [("Ana", D(50)), ("Ana", D(50)), ("Bo", D(50))]

    def test_is_not_shared_with_who_began_later(self, gil, ana, bo, northwind):
        make_plan(gil, rate=0, pool_rate=10)
        since(bo, date(2026, 4, 1))
        receive(sign(northwind, ana, 1000), 1000, gil, on=date(2026, 3, 31))
        receive(sign(northwind, ana, 500), 500, gil, on=date(2026, 4, 1))
        pay.post_commission([ana, bo], by=gil, at=JUNE)

        shared = LedgerEntry.objects.filter(rule="pool").order_by("owner__name", "period")
        assert list(shared.values_list("owner__name", "amount")) == [("Ana", D(100)), ("Ana", D(25)), ("Bo", D(25))]
