"""Whose a customer is."""

import threading
from io import BytesIO

import pytest
from django.db import connection

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.customers.models.customer import CustomerAlreadyInPool, CustomerAlreadyOwned
from salesmode.customers.queries import story_of
from salesmode.kernel.models import EventRecord, StoredFile
from salesmode.kernel.operations import attach_file
from salesmode.kernel.refusals import Invalid, NotAllowed
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def li(northwind, ana):
    """Somebody at Northwind."""
    return customers.create_contact(name="Li", customer=northwind, by=ana, at=MONDAY)


@pytest.fixture
def called(northwind, ana):
    """A call with Northwind."""
    return customers.log_interaction(northwind, content="Called.", by=ana, at=MONDAY)


class TestHandOverCustomer:
    def test_takes_contacts_calls_and_deals_along_at_the_same_instant(
        self, northwind, li, called, renewal, ana, bo, cy
    ):
        customers.hand_over_customer(northwind, to=cy, by=bo, at=TUESDAY)

        renewal.refresh_from_db()
        assert Contact.objects.get(pk=li.pk).owner == Interaction.objects.get(pk=called.pk).owner == cy
        assert renewal.account_owner == cy
        assert renewal.owner == ana

    def test_remembers_from_whom_and_since_when(self, northwind, ana, bo, cy):
        customers.hand_over_customer(northwind, to=cy, by=bo, at=TUESDAY)

        facts = EventRecord.objects.get(name="customer.handed_over").facts
        assert (facts["former_owner_id"], facts["owner_id"]) == (ana.id, cy.id)
        assert facts["owned_since"] == "2026-03-02T01:00:00Z"

    def test_is_refused_to_strangers(self, northwind, cy):
        with pytest.raises(NotAllowed):
            customers.hand_over_customer(northwind, to=cy, by=cy, at=TUESDAY)

    def test_is_refused_towards_who_only_reads(self, northwind, ana, fay):
        with pytest.raises(Invalid):
            customers.hand_over_customer(northwind, to=fay, by=ana, at=TUESDAY)


class TestReleaseAndClaim:
    def test_a_released_customer_is_for_who_claims_it(self, northwind, li, ana, cy):
        customers.release_customer(northwind, reason="No budget", by=ana, at=TUESDAY)
        assert not Contact.objects.visible_to(ana).exists()

        customers.claim_customer(northwind, by=cy, at=TUESDAY)

        assert northwind.owner == cy
        assert Contact.objects.get().owner == cy
        assert EventRecord.objects.get(name="customer.released").facts["reason"] == "No budget"

    def test_an_owned_one_cannot_be_claimed(self, northwind, cy):
        with pytest.raises(CustomerAlreadyOwned):
            customers.claim_customer(northwind, by=cy, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.owner != cy

    def test_one_in_the_pool_cannot_be_released(self, ana):
        with pytest.raises(CustomerAlreadyInPool):
            customers.release_customer(customers.create_customer(name="Pool", by=ana, at=MONDAY), by=ana, at=TUESDAY)

    def test_claiming_is_for_those_who_sell(self, ana, gil):
        pooled = customers.create_customer(name="Pool", by=ana, at=MONDAY)

        with pytest.raises(NotAllowed):
            customers.claim_customer(pooled, by=gil, at=TUESDAY)


def _race(pooled, claim, claimants) -> int:
    """Let everybody claim one customer at once; return how many believe that they got it."""
    start, won = threading.Barrier(len(claimants)), []

    def run(person):
        try:
            mine = Customer.objects.get(pk=pooled.pk)
            start.wait()
            claim(mine, person)
            won.append(person)
        except CustomerAlreadyOwned:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[person]) for person in claimants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def _claim_unguarded(customer, person) -> None:
    """Check, then save: the control of the race."""
    if customer.owner_id is not None:
        raise CustomerAlreadyOwned
    customer.belong_to(person, at=TUESDAY)
    customer.save()


@pytest.mark.django_db(transaction=True)
class TestTheRaceForACustomer:
    def test_has_one_winner_in_every_round(self, ana, bo, cy, di):
        for number in range(50):
            pooled = customers.create_customer(name=f"Pool {number}", by=ana, at=MONDAY)

            wins = _race(
                pooled, lambda row, person: customers.claim_customer(row, by=person, at=TUESDAY), [ana, bo, cy, di]
            )

            assert wins == 1
        assert EventRecord.objects.filter(name="customer.claimed").count() == 50

    def test_would_have_several_without_the_guard(self, ana, bo, cy, di):
        pools = [customers.create_customer(name=f"Pool {number}", by=ana, at=MONDAY) for number in range(10)]

        assert max(_race(pooled, _claim_unguarded, [ana, bo, cy, di]) for pooled in pools) > 1


class TestShareCustomer:
    def test_shows_it_with_its_people_and_calls(self, northwind, li, called, ana, cy):
        customers.share_customer(northwind, person=cy, by=ana, at=TUESDAY)

        for model in (Customer, Contact, Interaction):
            assert model.objects.visible_to(cy).count() == 1

    def test_lets_only_a_writer_write(self, northwind, ana, cy):
        customers.share_customer(northwind, person=cy, by=ana, at=TUESDAY)
        with pytest.raises(NotAllowed):
            customers.log_interaction(northwind, content="Hello", by=cy, at=TUESDAY)

        customers.share_customer(northwind, person=cy, can_write=True, by=ana, at=TUESDAY)

        assert customers.log_interaction(northwind, content="Hello", by=cy, at=TUESDAY).by == cy

    def test_ends(self, northwind, ana, cy):
        customers.share_customer(northwind, person=cy, by=ana, at=TUESDAY)
        customers.unshare_customer(northwind, person=cy, by=ana, at=TUESDAY)

        assert not Customer.objects.visible_to(cy).exists()


class TestMergeCustomers:
    def test_moves_everything_to_the_one_that_is_kept(self, northwind, li, called, renewal, ana):
        kept = customers.create_customer(name="Northwind Ltd", owner=ana, grade="B", tags=["a"], by=ana, at=MONDAY)
        customers.amend_customer(northwind, grade="A", phone="010-1234567", by=ana, at=MONDAY)

        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        renewal.refresh_from_db()
        assert renewal.customer == Contact.objects.get().customer == Interaction.objects.get().customer == kept
        assert (kept.grade, kept.phone, kept.last_interaction_at) == ("B", "010-1234567", MONDAY)
        assert list(Customer.objects.visible_to(ana)) == [kept]

    def test_takes_files_and_history_along(self, northwind, called, ana, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        attach_file(northwind, name="offer.pdf", content=BytesIO(b"%PDF-1.7 x"), by=ana, at=MONDAY)
        kept = customers.create_customer(name="Kept", owner=ana, by=ana, at=MONDAY)

        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        told = {entry.name for day in story_of("customer", kept.pk, seen_by=ana).days for entry in day.entries}
        assert {"customer.merged", "interaction.logged", "file.attached"} <= told
        assert StoredFile.objects.about("customer", kept.pk).count() == 1

    def test_is_refused_when_one_of_them_is_somebody_elses(self, northwind, ana, cy):
        theirs = customers.create_customer(name="Cy's", owner=cy, by=cy, at=MONDAY)

        with pytest.raises(NotAllowed):
            customers.merge_customers(northwind, [theirs], by=ana, at=TUESDAY)

        assert Customer.objects.filter(merged_into=None).count() == 2

    def test_is_refused_with_itself(self, northwind, ana):
        with pytest.raises(Invalid):
            customers.merge_customers(northwind, [northwind], by=ana, at=TUESDAY)
