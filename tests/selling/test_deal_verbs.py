"""Amending, lining, losing, reopening and handing over deals; winning has a file of its own."""

from datetime import timedelta
from decimal import Decimal

import pytest

from salesmode.catalog import operations as catalog
from salesmode.customers import operations as customers
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.people import operations as people
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from salesmode.selling.models.deal import DealAlreadyDecided, DealStillOpen, StageOfAnotherProcess
from tests.conftest import MONDAY, TUESDAY

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def router(system):
    """A product."""
    return catalog.create_product(name="Router", price=Decimal("19.995"), by=system, at=MONDAY)


def _facts(name: str) -> dict:
    return EventRecord.objects.filter(name=name).latest("id").facts


class TestAmendDeal:
    def test_remembers_what_changed_and_what_was_before(self, renewal, ana):
        selling.amend_deal(renewal, amount=Decimal(900), next_step="Call", by=ana, at=TUESDAY)

        facts = _facts("deal.amended")
        assert facts["changed"] == ["amount", "next_step"]
        assert (Decimal(facts["former_amount"]), Decimal(facts["amount"])) == (1200, 900)

    def test_counts_a_push_only_when_the_close_moves_out(self, renewal, ana):
        for days in (10, 20, 15):
            selling.amend_deal(renewal, closes_on=MONDAY.date() + timedelta(days=days), by=ana, at=TUESDAY)

        assert renewal.push_count == 1

    def test_leaves_no_event_when_nothing_changed(self, renewal, ana):
        selling.amend_deal(renewal, title="Renewal", by=ana, at=TUESDAY)

        assert renewal.version == 1
        assert not EventRecord.objects.filter(name="deal.amended").exists()

    def test_keeps_the_currencys_smallest_unit(self, renewal, ana):
        assert selling.amend_deal(renewal, amount=Decimal("10.010"), by=ana, at=TUESDAY).amount == Decimal("10.01")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": "x" * 201}, "title"),
            ({"amount": Decimal(10) ** 15}, "amount"),
            ({"amount": Decimal(-1)}, "amount"),
            ({"amount": Decimal("10.005")}, "amount"),
            ({"currency": "QQQ"}, "currency"),
            ({"category": "sure"}, "category"),
            ({"probability": Decimal(101)}, "probability"),
            ({"title": "a\x00b"}, "title"),
            ({"outcome": "won"}, "outcome"),
            ({"owner": None}, "owner"),
        ],
    )
    def test_refuses_what_does_not_fit_at_its_field(self, changes, field, renewal, ana):
        with pytest.raises(Invalid) as refusal:
            selling.amend_deal(renewal, **changes, by=ana, at=TUESDAY)

        assert field in refusal.value.fields
        assert Deal.objects.get(pk=renewal.pk).version == 1

    def test_refuses_a_contact_of_another_customer(self, renewal, ana):
        acme = customers.create_customer(name="Acme", owner=ana, by=ana, at=MONDAY)
        li = customers.create_contact(name="Li", customer=acme, by=ana, at=MONDAY)

        with pytest.raises(Invalid):
            selling.amend_deal(renewal, contact=li, by=ana, at=TUESDAY)

    def test_leaves_a_decided_amount_alone_but_not_the_notes(self, renewal, ana):
        selling.win_deal(renewal, by=ana, at=TUESDAY)

        with pytest.raises(DealAlreadyDecided):
            selling.amend_deal(renewal, amount=Decimal(1), by=ana, at=WEDNESDAY)
        assert selling.amend_deal(renewal, notes="Well done", by=ana, at=WEDNESDAY).notes == "Well done"

    def test_is_refused_to_strangers_and_to_older_looks(self, renewal, ana, cy):
        with pytest.raises(NotAllowed):
            selling.amend_deal(renewal, title="Mine", by=cy, at=TUESDAY)
        with pytest.raises(Stale):
            selling.amend_deal(renewal, title="Old", version=7, by=ana, at=TUESDAY)

    def test_lets_the_owner_of_a_new_customer_see_the_deal(self, renewal, ana, cy, system):
        acme = customers.create_customer(name="Acme", owner=cy, by=system, at=MONDAY)

        selling.amend_deal(renewal, customer=acme, by=ana, at=TUESDAY)

        assert list(Deal.objects.visible_to(cy)) == [renewal]


class TestSetDealLines:
    def test_makes_their_sum_the_amount_each_line_rounded(self, renewal, ana, router):
        lines = [selling.LineDraft(router, Decimal(3)), selling.LineDraft(router, Decimal(1), discount=Decimal(50))]
        selling.set_deal_lines(renewal, lines=lines, by=ana, at=TUESDAY)

        assert [line.amount for line in renewal.lines.order_by("position")] == [Decimal("59.99"), Decimal("10.00")]
        assert (renewal.amount, renewal.company_amount) == (Decimal("69.99"), Decimal("69.99"))

    def test_makes_the_amount_theirs_to_change(self, renewal, ana, router):
        selling.set_deal_lines(renewal, lines=[selling.LineDraft(router)], by=ana, at=TUESDAY)

        with pytest.raises(Invalid):
            selling.amend_deal(renewal, amount=Decimal(5), by=ana, at=WEDNESDAY)

    @pytest.mark.parametrize(
        "wrong",
        [{"quantity": Decimal(0)}, {"price": Decimal(-1)}, {"price": Decimal("0.1234567")}, {"discount": Decimal(101)}],
    )
    def test_refuses_a_line_that_cannot_be(self, wrong, renewal, ana, router):
        with pytest.raises(Invalid):
            selling.set_deal_lines(renewal, lines=[selling.LineDraft(router, **wrong)], by=ana, at=TUESDAY)

        assert not renewal.lines.exists()


class TestMoveDeal:
    def test_keeps_when_it_was_where(self, renewal, ana, process):
        first, second, *_rest = process.stages.in_order()
        selling.move_deal(renewal, stage=second, by=ana, at=TUESDAY)

        stays = list(renewal.stays.order_by("id").values_list("stage", "entered_at", "left_at"))
        assert stays == [(first.pk, MONDAY, TUESDAY), (second.pk, TUESDAY, None)]
        assert (_facts("deal.moved")["from_stage_id"], renewal.probability) == (first.pk, 30)

    def test_refuses_a_stage_of_another_process(self, renewal, ana, system):
        other = selling.define_process(name="Other", stages=[selling.StageDraft("Alone")], by=system, at=MONDAY)

        with pytest.raises(StageOfAnotherProcess):
            selling.move_deal(renewal, stage=other.stages.get(), by=ana, at=TUESDAY)

    def test_stays_where_it_is_without_an_event(self, renewal, ana):
        selling.move_deal(renewal, stage=renewal.stage, by=ana, at=TUESDAY)

        assert not EventRecord.objects.filter(name="deal.moved").exists()


class TestLoseAndReopen:
    def test_lose_says_why_and_reopen_begins_a_new_stay(self, renewal, ana, system):
        reason = selling.define_loss_reason(name="Budget", by=system, at=MONDAY)
        selling.lose_deal(renewal, reason=reason, competitor="Acme", by=ana, at=TUESDAY)
        assert (_facts("deal.lost")["loss_reason_id"], _facts("deal.lost")["competitor"]) == (reason.pk, "Acme")

        selling.reopen_deal(renewal, by=ana, at=WEDNESDAY)

        assert (renewal.outcome, renewal.loss_reason, renewal.probability) == ("open", None, 10)
        assert list(renewal.stays.order_by("id").values_list("left_at", flat=True)) == [TUESDAY, None]
        assert _facts("deal.reopened")["former_outcome"] == "lost"

    def test_reopen_is_refused_while_open(self, renewal, ana):
        with pytest.raises(DealStillOpen):
            selling.reopen_deal(renewal, by=ana, at=TUESDAY)

    def test_reopen_leaves_a_retired_stage(self, renewal, ana, system, process):
        last = process.stages.in_order().last()
        selling.move_deal(renewal, stage=last, by=ana, at=TUESDAY)
        selling.lose_deal(renewal, by=ana, at=TUESDAY)
        kept = [selling.StageDraft(stage.name, id=stage.pk) for stage in process.stages.in_order() if stage != last]
        selling.amend_process(process, stages=kept, by=system, at=TUESDAY)

        selling.reopen_deal(renewal, by=ana, at=WEDNESDAY)

        assert renewal.stage == process.stages.in_use().in_order().first()


class TestHandOverDeal:
    def test_keeps_stage_and_history(self, renewal, ana, cy):
        selling.hand_over_deal(renewal, to=cy, by=ana, at=TUESDAY)

        assert (renewal.owner, renewal.stays.count()) == (cy, 1)
        assert _facts("deal.handed_over")["former_owner_id"] == ana.pk

    def test_works_for_decided_deals(self, renewal, ana, cy):
        selling.win_deal(renewal, by=ana, at=TUESDAY)

        assert selling.hand_over_deal(renewal, to=cy, by=ana, at=WEDNESDAY).owner == cy

    def test_refuses_people_who_do_not_sell_or_have_left(self, renewal, ana, fay, cy, ed):
        people.deactivate_person(cy, by=ed, at=TUESDAY)
        for nobody in (fay, cy):
            with pytest.raises(Invalid):
                selling.hand_over_deal(renewal, to=nobody, by=ana, at=TUESDAY)

    def test_many_at_once_says_what_became_of_each(self, renewal, ana, cy, bo, system):
        foreign = selling.open_deal(title="Foreign", owner=cy, by=system, at=MONDAY)

        outcome = selling.hand_over_deals([renewal, foreign], to=bo, by=ana, at=TUESDAY)

        assert (outcome.changed, list(outcome.refused)) == (1, [foreign.pk])
        assert Deal.objects.get(pk=foreign.pk).owner == cy


class TestOpenDeal:
    def test_is_refused_in_a_strangers_name(self, ana, cy, process):
        with pytest.raises(NotAllowed):
            selling.open_deal(title="Not mine", owner=cy, by=ana, at=MONDAY)

    def test_may_be_done_for_ones_people(self, ana, bo, process):
        assert selling.open_deal(title="For Ana", owner=ana, by=bo, at=MONDAY).owner == ana

    def test_needs_a_process(self, ana):
        with pytest.raises(Invalid):
            selling.open_deal(title="Nowhere", by=ana, at=MONDAY)


class TestTheAccount:
    def test_a_customers_new_owner_sees_its_deals(self, renewal, northwind, ana, cy):
        customers.hand_over_customer(northwind, to=cy, by=ana, at=TUESDAY)

        renewal.refresh_from_db()
        assert renewal.account_owner == cy
        assert list(Deal.objects.visible_to(cy)) == [renewal]

    def test_merged_customers_keep_their_deals(self, renewal, northwind, ana):
        kept = customers.create_customer(name="Kept", owner=ana, by=ana, at=MONDAY)

        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        renewal.refresh_from_db()
        assert renewal.customer == kept
