"""What selling costs, counted from the event log: the company's numbers agree with the ledger and tell of nobody."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db.models import Sum

from salesmode.kernel.refusals import Invalid
from salesmode.orders import operations as orders
from salesmode.pay import operations as pay
from salesmode.pay.metrics import EARNED
from salesmode.pay.models import LedgerEntry
from tests.pay.conftest import noon, receive

LATER = noon(date(2026, 4, 20))


class TestCommissionEarned:
    def test_is_what_the_ledger_says_for_the_month(self, plan, order, ana, gil, numbers):
        receive(order, 400, gil)
        receive(order, 100, gil, on=date(2026, 4, 2))
        pay.post_commission([ana], by=gil, at=LATER)

        assert numbers("commission_earned", "2026-03").value == D(20)
        assert numbers("commission_earned", "2026-04").value == D(5)
        standing = LedgerEntry.objects.filter(rule__in=EARNED).aggregate(total=Sum("amount"))["total"]
        assert numbers("commission_earned", "2026").value == standing

    def test_follows_corrections_and_refunds(self, plan, order, ana, cy, gil, numbers):
        payment = receive(order, 400, gil)
        pay.post_commission([ana, cy], by=gil, at=LATER)
        pay.split_credit(order, shares=[(ana, D(50)), (cy, D(50))], by=gil, at=LATER)
        pay.post_commission([ana, cy], by=gil, at=LATER)
        assert numbers("commission_earned", "2026-03").value == D(20)

        orders.reverse_payment(payment, reason="Back", received_on=date(2026, 4, 20), by=gil, at=LATER)
        pay.post_commission([ana, cy], by=gil, at=LATER)

        assert (numbers("commission_earned", "2026-03").value, numbers("commission_earned", "2026-04").value) == (
            20,
            -20,
        )

    def test_counts_what_an_answer_corrected(self, march, ana, gil, numbers):
        dispute = pay.dispute_statement(march, question="Why not 6 %?", by=ana, at=LATER)
        pay.answer_dispute(dispute, answer="You are right.", correction=D(4), by=gil, at=LATER)

        assert numbers("commission_earned", "2026-04").value == D(4)
        assert LedgerEntry.objects.get(rule="correction").period == date(2026, 4, 1)

    def test_is_unknown_before_anything_was_posted(self, plan, numbers):
        assert numbers("commission_earned").value is None

    def test_tells_of_nobody(self, march, ana, bo, numbers):
        assert numbers("commission_earned", seen_by_owners=[ana.pk, bo.pk]).value is None
        with pytest.raises(Invalid):
            numbers("commission_earned", by="person")


class TestCommissionPaid:
    def test_is_what_was_settled_in_the_period(self, march, ana, di, gil, numbers):
        pay.settle_statement(pay.approve_statement(march, by=di, at=LATER), by=gil, at=LATER)

        assert numbers("commission_paid", "2026-04").value == D(20)
        assert numbers("commission_paid", "2026-03").value is None


class TestRates:
    def test_set_commission_against_what_came_in_and_was_signed(self, march, di, gil, numbers):
        pay.settle_statement(pay.approve_statement(march, by=di, at=LATER), by=gil, at=LATER)

        assert numbers("commission_rate", "2026-03").value == pytest.approx(0.05)
        assert numbers("effective_commission_rate", "2026").value == pytest.approx(0.02)

    def test_are_unknown_without_money(self, march, numbers):
        assert numbers("commission_rate", "2026-02").value is None
        assert numbers("effective_commission_rate", "2026-03").value is None
