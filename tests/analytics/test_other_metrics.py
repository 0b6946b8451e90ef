"""The numbers about customers, leads and orders: known things in, known numbers out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesmode.customers import operations as customers
from salesmode.orders import operations as orders
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY


class TestContacts:
    def test_are_counted_per_person_and_without_notes(self, numbers, northwind, ana, ed):
        for channel in ("call", "visit", "note"):
            customers.log_interaction(northwind, channel=channel, content="x", by=ana, at=TUESDAY)
        customers.log_interaction(northwind, channel="email", content="x", by=ed, at=TUESDAY)

        assert numbers("interactions").value == 3
        assert numbers("interactions_per_person").value == 1.5
        assert numbers("customers_touched").value == 1
        assert {one.key: one.value for one in numbers("interactions", by="channel").breakdown} == {
            "call": 1,
            "visit": 1,
            "email": 1,
        }

    def test_new_customers_belong_to_the_month_we_got_to_know_them(self, numbers, northwind, ana):
        customers.create_customer(name="Contoso", owner=ana, by=ana, at=MONDAY + timedelta(days=40))

        april = numbers("new_customers", "2026-04", compare="previous")
        assert (april.value, april.previous) == (1, 1)


class TestOverdueFollowUps:
    @pytest.fixture
    def planned(self, northwind, ana):
        """Ana plans to call Northwind on the tenth."""
        return customers.schedule_follow_up(northwind, next_contact_at=MONDAY + timedelta(days=8), by=ana, at=MONDAY)

    def test_are_those_planned_before_the_day_and_not_kept(self, numbers, planned):
        assert numbers("overdue_follow_ups", "2026-03-05").value == 0
        assert numbers("overdue_follow_ups", "2026-03-20").value == 1

    def test_end_with_the_contact(self, numbers, planned, ana):
        customers.log_interaction(planned, channel="call", content="x", by=ana, at=MONDAY + timedelta(days=12))

        assert numbers("overdue_follow_ups", "2026-03-11").value == 1
        assert numbers("overdue_follow_ups", "2026-03-20").value == 0

    def test_go_along_to_the_new_owner(self, numbers, planned, cy, ed):
        customers.hand_over_customer(planned, to=cy, by=ed, at=TUESDAY)

        assert [(one.label, one.value) for one in numbers("overdue_follow_ups", by="person").breakdown] == [("Cy", 1)]
        assert [(one.label, one.value) for one in numbers("overdue_follow_ups", by="team").breakdown] == [("South", 1)]

    def test_are_nobodys_while_the_customer_is(self, numbers, planned, ana, ed):
        customers.release_customer(planned, by=ana, at=TUESDAY)
        customers.schedule_follow_up(planned, next_contact_at=MONDAY + timedelta(days=9), by=ed, at=TUESDAY)

        assert [(one.key, one.value) for one in numbers("overdue_follow_ups", by="person").breakdown] == [(None, 1)]


class TestLeads:
    def test_convert_by_the_month_they_came_in(self, numbers, ana, process):
        first, second = (selling.create_lead(name=name, owner=ana, by=ana, at=MONDAY) for name in ("One", "Two"))
        selling.convert_lead(first, by=ana, at=MONDAY + timedelta(days=45))

        assert numbers("new_leads").value == 2
        assert numbers("lead_conversion", "2026-03").value == 0.5
        assert numbers("lead_conversion", "2026-04").value is None
        assert second.is_open

    def test_wait_until_the_first_response(self, numbers, ana):
        for hours in (1, 3, 30):
            lead = selling.create_lead(name="L", owner=ana, by=ana, at=MONDAY)
            selling.respond_to_lead(lead, by=ana, at=MONDAY + timedelta(hours=hours))

        assert numbers("first_response").value == 3


class TestMoney:
    @pytest.fixture
    def order(self, northwind, ana, gil):
        """Northwind signs for 900 in March, to be paid in three parts until May."""
        order = orders.draft_order(customer=northwind, title="Licences", amount=Decimal(900), by=ana, at=MONDAY)
        parts = [(date(2026, month, 15), Decimal(300)) for month in (3, 4, 5)]
        orders.plan_instalments(order, instalments=parts, by=ana, at=MONDAY)
        return orders.sign_order(order, on=date(2026, 3, 3), by=ana, at=TUESDAY)

    def test_received_is_what_came_less_what_went_back(self, numbers, order, gil):
        paid = orders.receive_payment(order, amount=Decimal(400), received_on=date(2026, 4, 2), by=gil, at=TUESDAY)
        orders.reverse_payment(paid, reason="Twice", received_on=date(2026, 5, 4), by=gil, at=TUESDAY)

        assert numbers("order_amount").value == 900
        assert [numbers("payments_received", f"2026-0{month}").value for month in (3, 4, 5)] == [0, 400, -400]

    def test_overdue_is_what_was_due_and_not_paid(self, numbers, order, gil):
        orders.receive_payment(order, amount=Decimal(400), received_on=date(2026, 4, 2), by=gil, at=TUESDAY)

        values = [numbers("receivables_overdue", f"2026-0{month}").value for month in (3, 4, 5)]
        assert values == [300, 200, 500]

    def test_a_cancelled_order_is_not_overdue(self, numbers, order, ed):
        orders.cancel_order(order, reason="No", by=ed, at=TUESDAY + timedelta(days=1))

        assert not numbers("receivables_overdue", "2026-05").value
        assert numbers("order_amount").value == 0
