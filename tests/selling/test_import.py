"""Bringing in deals and leads from elsewhere, with their dates."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from tests.conftest import MONDAY, TUESDAY

LATER = TUESDAY + timedelta(days=400)


def _row(owner, stages, **more) -> selling.DealRow:
    visits = [(stage, MONDAY + timedelta(days=number)) for number, stage in enumerate(stages)]
    return selling.DealRow(title="Old", owner=owner, visits=visits, amount=Decimal(1000), **more)


class TestImportDeals:
    def test_tells_each_life_at_its_time(self, process, northwind, ana, ed):
        stages = list(process.stages.in_order())[:3]
        end = MONDAY + timedelta(days=9)
        row = _row(ana, stages, customer=northwind, outcome="won", decided_at=end, details={"external_key": "K7"})

        (deal,) = selling.import_deals([row], by=ed, at=LATER)

        events = EventRecord.objects.filter(subject_kind="deal", subject_id=deal.pk).order_by("id")
        assert [(event.name, (event.happened_at - MONDAY).days) for event in events] == [
            ("deal.opened", 0),
            ("deal.moved", 1),
            ("deal.moved", 2),
            ("deal.won", 9),
        ]
        deal.refresh_from_db()
        assert (deal.outcome, deal.decided_at, deal.created_at, deal.external_key) == ("won", end, MONDAY, "K7")
        assert deal.account_owner == ana
        left = deal.stays.order_by("entered_at").values_list("left_at", flat=True)
        assert [(moment - MONDAY).days for moment in left] == [1, 2, 9]

    def test_leaves_the_last_stay_of_an_open_deal_open(self, process, ana, ed):
        (deal,) = selling.import_deals([_row(ana, process.stages.in_order()[:2])], by=ed, at=LATER)

        assert list(deal.stays.order_by("id").values_list("left_at", flat=True))[-1] is None
        assert deal.is_open

    def test_says_which_row_does_not_fit_and_keeps_nothing(self, process, ana, ed):
        good = _row(ana, process.stages.in_order()[:1])
        bad = _row(ana, process.stages.in_order()[:1], outcome="won", decided_at=TUESDAY)

        with pytest.raises(Invalid) as refusal:
            selling.import_deals([good, bad], by=ed, at=LATER)

        assert list(refusal.value.fields) == ["row 2"]
        assert not Deal.objects.exists()

    @pytest.mark.parametrize(
        ("amount", "currency"), [("-1", ""), ("0.005", ""), ("1.5", "JPY"), ("1", "XXY"), ("1", "USD"), ("1e16", "")]
    )
    def test_holds_amounts_to_what_forms_and_programs_ask(self, process, ana, ed, amount, currency):
        stages = process.stages.in_order()[:1]
        odd = replace(_row(ana, stages), amount=Decimal(amount), currency=currency)
        rows = [_row(ana, stages), odd, replace(_row(ana, stages), amount=Decimal("0.05"))]
        told = []

        deals = selling.import_deals(rows, unfit=lambda place, why: told.append((place, why)), by=ed, at=LATER)

        assert [deal.amount for deal in deals] == [Decimal(1000), Decimal("0.05")]
        ((place, why),) = told
        assert (place, set(why.fields) <= {"amount", "company_amount", "currency"}) == (2, True)
        assert Deal.objects.count() == 2
        with pytest.raises(Invalid):
            selling.import_deals(rows, by=ed, at=LATER)

    def test_is_refused_in_a_strangers_name(self, process, ana, cy):
        with pytest.raises(NotAllowed):
            selling.import_deals([_row(ana, process.stages.in_order()[:1])], by=cy, at=LATER)

    def test_needs_a_few_queries_however_many_rows(self, process, ana, ed, django_assert_max_num_queries):
        rows = [_row(ana, process.stages.in_order()[:2]) for _number in range(300)]

        with django_assert_max_num_queries(30):
            selling.import_deals(rows, by=ed, at=LATER)


class TestImportLeads:
    def test_keeps_dates_owners_and_ends(self, ana, ed):
        rows = [
            selling.LeadRow("Li", created_at=MONDAY, owner=ana, rejected_at=TUESDAY, rejected_reason="Spam"),
            selling.LeadRow("Wang", created_at=TUESDAY),
        ]
        selling.import_leads(rows, by=ed, at=LATER)

        assert set(Lead.objects.values_list("name", "status", "created_at")) == {
            ("Li", "rejected", MONDAY),
            ("Wang", "new", TUESDAY),
        }
        names = EventRecord.objects.filter(subject_kind="lead").order_by("id").values_list("name", flat=True)
        assert sorted(names) == ["lead.created", "lead.created", "lead.rejected"]
