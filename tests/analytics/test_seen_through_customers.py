"""Who owns a customer sees the numbers of all that happens there; a merged customer lives on in one that is left."""

from datetime import timedelta
from decimal import Decimal

import pytest

from salesmode.analytics.metrics import REGISTRY
from salesmode.customers import operations as customers
from salesmode.people import operations as people
from salesmode.people.visibility import seen_owner_ids
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def wu(system):
    """Sells in the west."""
    west = people.create_team(name="West", by=system, at=MONDAY)
    return people.create_person(email="wu@example.com", name="Wu", role="seller", team=west, by=system, at=MONDAY)


@pytest.fixture
def sold_by_cy(northwind, cy, ed, process):
    """Cy won a deal with Ana's customer, and called there."""
    deal = selling.open_deal(title="Valves", customer=northwind, owner=cy, amount=Decimal(500), by=ed, at=MONDAY)
    customers.log_interaction(northwind, channel="call", content="x", by=ed, at=TUESDAY)
    return selling.win_deal(deal, by=cy, at=TUESDAY)


@pytest.fixture
def sees(numbers):
    """What a person sees of a number."""
    return lambda person, code, **how: numbers(code, seen_by_owners=seen_owner_ids(person), **how).value


class TestWhoOwnsTheCustomer:
    def test_sees_what_others_sold_there_and_so_does_her_manager(self, sees, sold_by_cy, ana, bo, cy):
        assert [sees(person, "won_amount") for person in (ana, bo, cy)] == [500, 500, 500]
        assert [sees(person, "new_deals") for person in (ana, bo, cy)] == [1, 1, 1]
        assert sees(ana, "median_cycle") == sees(cy, "median_cycle") is not None
        assert (sees(ana, "interactions"), sees(cy, "interactions")) == (1, 0)

    def test_and_nobody_else_does(self, sees, sold_by_cy, renewal, wu, cy):
        assert [sees(wu, code) for code in ("won_amount", "new_deals", "open_pipeline", "interactions")] == [0, 0, 0, 0]
        assert sees(cy, "open_pipeline") == 0

    def test_is_the_one_to_whom_it_was_handed_over_and_no_longer_the_former(
        self, sees, sold_by_cy, northwind, wu, ana, cy, ed
    ):
        customers.hand_over_customer(northwind, to=wu, by=ed, at=TUESDAY + timedelta(days=1))

        assert [sees(person, "won_amount") for person in (wu, ana, cy)] == [500, 0, 500]
        assert [sees(person, "interactions") for person in (wu, ana)] == [1, 0]

    def test_is_nobody_while_it_lies_in_the_pool(self, sees, sold_by_cy, northwind, wu, ana):
        customers.release_customer(northwind, by=ana, at=TUESDAY + timedelta(days=1))
        assert sees(ana, "won_amount") == 0

        customers.claim_customer(
            northwind.__class__.objects.get(pk=northwind.pk), by=wu, at=TUESDAY + timedelta(days=2)
        )
        assert (sees(wu, "won_amount"), sees(ana, "won_amount")) == (500, 0)

    def test_does_not_see_the_leads_of_others(self, sees, ana, cy, northwind, process):
        lead = selling.create_lead(name="L", owner=cy, by=cy, at=MONDAY)
        selling.convert_lead(lead, by=cy, at=TUESDAY)

        assert (sees(ana, "new_leads"), sees(cy, "new_leads")) == (0, 1)

    def test_can_be_asked_of_every_number(self, sees, sold_by_cy, ana):
        for code in REGISTRY:
            sees(ana, code)


class TestAMergedCustomer:
    @pytest.fixture
    def twins(self, northwind, ana, cy, ed, process):
        """Northwind three times: Ana's, and two of Cy's, who won and called with each; merged one after the other."""
        third, second = (customers.create_customer(name=f"N{n}", owner=cy, by=cy, at=MONDAY) for n in (3, 2))
        for customer, person in ((northwind, ana), (second, cy), (third, cy)):
            customers.log_interaction(customer, channel="call", content="x", by=person, at=MONDAY)
            deal = selling.open_deal(
                title="D", customer=customer, owner=person, amount=Decimal(100), by=person, at=MONDAY
            )
            selling.win_deal(deal, by=person, at=TUESDAY)
        return northwind, second, third

    @pytest.fixture
    def merge(self, twins, ed):
        """Merge the third into the second, and that into Northwind."""
        first, second, third = twins

        def run():
            later = TUESDAY + timedelta(days=1)
            kept = customers.merge_customers(second, [third], by=ed, at=later)
            return customers.merge_customers(first, [kept], by=ed, at=later + timedelta(hours=1))

        return run

    def test_counts_with_the_one_that_is_left(self, numbers, merge):
        asked = {"customers_touched": (3, 1), "first_time_buyers": (3, 1), "repeat_purchase_rate": (0, 1)}
        assert {code: numbers(code).value for code in asked} == {code: before for code, (before, _) in asked.items()}

        merge()

        assert {code: numbers(code).value for code in asked} == {code: after for code, (_, after) in asked.items()}

    def test_is_one_key_of_a_breakdown(self, numbers, merge, northwind):
        assert len(numbers("won_amount", by="customer").breakdown) == 3

        merge()

        parts = numbers("won_amount", by="customer").breakdown
        assert [(part.key, part.label, part.value) for part in parts] == [(northwind.pk, "Northwind", 300)]
        assert numbers("won_amount", where={"customer": northwind.pk}).value == 300
        assert numbers("won_amount").value == 300

    def test_is_seen_by_who_owns_the_one_that_is_left(self, sees, merge, ana, cy, wu):
        assert [sees(person, "won_amount") for person in (ana, cy, wu)] == [100, 200, 0]

        merge()

        assert [sees(person, "won_amount") for person in (ana, cy, wu)] == [300, 200, 0]
        assert sees(ana, "customers_touched") == 1

    def test_keeps_its_planned_contact_apart_until_then(self, numbers, twins, merge, cy):
        customers.schedule_follow_up(twins[1], next_contact_at=MONDAY + timedelta(hours=1), by=cy, at=MONDAY)
        before = numbers("overdue_follow_ups", "2026-03-03").value

        merge()

        assert numbers("overdue_follow_ups", "2026-03-03").value == before
