"""Leads: in, claimed, answered, converted or rejected."""

from datetime import timedelta

import pytest

from salesmode.customers import operations as customers
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from salesmode.selling.models.lead import LeadAlreadyClosed, LeadAlreadyOwned
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def li(system):
    """Somebody who might become a customer; nobody looks after them yet."""
    return selling.create_lead(name="Li", company_name="Acme", phone="123", source="web", by=system, at=MONDAY)


class TestClaimLead:
    def test_makes_it_mine_and_is_remembered(self, li, ana):
        selling.claim_lead(li, by=ana, at=TUESDAY)

        assert (li.owner, li.claimed_at, li.version) == (ana, TUESDAY, 2)
        facts = EventRecord.objects.get(name="lead.claimed").facts
        assert (facts["owner_id"], facts["source"], facts["team_id"]) == (ana.pk, "web", ana.team_id)

    def test_is_refused_to_who_comes_late(self, li, ana, cy):
        selling.claim_lead(Lead.objects.get(pk=li.pk), by=ana, at=TUESDAY)

        with pytest.raises(LeadAlreadyOwned):
            selling.claim_lead(li, by=cy, at=TUESDAY)
        assert Lead.objects.get(pk=li.pk).owner == ana

    @pytest.mark.parametrize("somebody", ["fay", "gil"])
    def test_is_refused_to_people_who_do_not_sell(self, somebody, li, request):
        with pytest.raises(NotAllowed):
            selling.claim_lead(li, by=request.getfixturevalue(somebody), at=TUESDAY)

    def test_hides_it_from_the_others(self, li, ana, cy):
        assert list(Lead.objects.visible_to(cy)) == [li]

        selling.claim_lead(li, by=ana, at=TUESDAY)

        assert not Lead.objects.visible_to(cy).exists()

    def test_can_be_taken_back(self, li, ana, cy):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        selling.release_lead(li, by=ana, at=TUESDAY)

        assert EventRecord.objects.get(name="lead.released").facts["former_owner_id"] == ana.pk
        assert selling.claim_lead(li, by=cy, at=TUESDAY).owner == cy


class TestTheFirstResponse:
    def test_comes_from_an_interaction_and_counts_once(self, li, ana):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        for hours in (1, 5):
            moment = TUESDAY + timedelta(hours=hours)
            customers.log_interaction(channel="call", content="Hello", about=li, by=ana, at=moment)
        run_waiting_jobs()

        li.refresh_from_db()
        assert (li.first_response_at, li.status) == (TUESDAY + timedelta(hours=1), "working")
        assert EventRecord.objects.filter(name="lead.responded").count() == 1

    def test_is_not_what_the_lead_says(self, li, ana):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        customers.log_interaction(channel="call", is_inbound=True, about=li, by=ana, at=TUESDAY)
        run_waiting_jobs()

        li.refresh_from_db()
        assert li.first_response_at is None


class TestConvertLead:
    def test_makes_customer_contact_and_deal_together(self, li, ana, process):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        selling.convert_lead(li, deal=selling.DealDraft("First order"), by=ana, at=TUESDAY)

        assert (li.customer.name, li.customer.owner, li.contact.name) == ("Acme", ana, "Li")
        assert (li.deal.customer, li.deal.contact, li.deal.source) == (li.customer, li.contact, "web")
        event = EventRecord.objects.get(name="lead.converted")
        assert f"deal:{li.deal_id}" in event.related

    def test_joins_a_customer_we_have(self, li, ana, northwind):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        selling.convert_lead(li, customer=northwind, by=ana, at=TUESDAY)

        assert (li.customer, li.contact.customer, li.deal) == (northwind, northwind, None)

    def test_refuses_a_customer_one_may_not_see(self, li, cy, northwind):
        selling.claim_lead(li, by=cy, at=TUESDAY)

        with pytest.raises(Invalid):
            selling.convert_lead(li, customer=northwind, by=cy, at=TUESDAY)
        assert Lead.objects.get(pk=li.pk).is_open

    def test_leaves_nothing_when_a_part_fails(self, li, ana):
        selling.claim_lead(li, by=ana, at=TUESDAY)

        with pytest.raises(Invalid):  # there is no process yet
            selling.convert_lead(li, deal=selling.DealDraft("First order"), by=ana, at=TUESDAY)

        assert Lead.objects.get(pk=li.pk).customer is None
        assert not Deal.objects.exists()
        assert not EventRecord.objects.filter(name="customer.created").exists()

    def test_is_done_once(self, li, ana, northwind):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        selling.convert_lead(li, customer=northwind, by=ana, at=TUESDAY)

        with pytest.raises(LeadAlreadyClosed):
            selling.convert_lead(li, customer=northwind, by=ana, at=TUESDAY)


class TestRejectLead:
    def test_needs_a_reason(self, li, ana):
        selling.claim_lead(li, by=ana, at=TUESDAY)

        with pytest.raises(Invalid):
            selling.reject_lead(li, reason=" ", by=ana, at=TUESDAY)
        assert selling.reject_lead(li, reason="Spam", by=ana, at=TUESDAY).rejected_reason == "Spam"


class TestThePages:
    @pytest.mark.parametrize("verb", ["edit", "claim", "release", "respond", "convert", "reject", "hand-over"])
    def test_are_missing_for_strangers(self, verb, client, cy, ana, li):
        selling.claim_lead(li, by=ana, at=TUESDAY)
        client.force_login(cy)

        assert client.post(f"/leads/{li.pk}/{verb}").status_code == 404

    def test_claim_and_convert(self, client, ana, li, process):
        client.force_login(ana)

        assert b"Claim" in client.get(f"/leads/{li.pk}").content
        client.post(f"/leads/{li.pk}/claim")
        answer = client.post(f"/leads/{li.pk}/convert", {"customer_name": "Acme", "deal_title": "Big"})

        li.refresh_from_db()
        assert answer.headers["Location"] == f"/deals/{li.deal_id}"

    def test_warn_of_a_customer_it_might_be(self, client, ana, li):
        customers.create_customer(name="Acme", owner=ana, by=ana, at=MONDAY)
        selling.claim_lead(li, by=ana, at=TUESDAY)
        client.force_login(ana)

        assert "might be a customer you have already" in client.get(f"/leads/{li.pk}/convert").content.decode()

    def test_write_a_lead_down(self, client, ana):
        client.force_login(ana)

        client.post("/leads/new", {"name": "Wang", "mine": "on"})

        assert Lead.objects.get(name="Wang").owner == ana
