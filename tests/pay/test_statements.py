"""Statements: approved, paid, questioned and answered, each once."""

from datetime import date
from decimal import Decimal as D

import pytest

from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.pay import operations as pay
from salesmode.pay.models import LedgerEntry
from salesmode.pay.models.statement import OpenQuestions, StatementNot
from salesmode.pay.operations.statements import AlreadyAnswered
from tests.pay.conftest import APRIL, balance, noon

LATER = noon(date(2026, 4, 20))


class TestApproveAndSettle:
    def test_pay_what_is_due_once(self, march, ana, gil):
        pay.approve_statement(march, by=gil, at=LATER)
        pay.settle_statement(march, by=gil, at=LATER)

        with pytest.raises(StatementNot):
            pay.settle_statement(march, by=gil, at=LATER)
        paid = LedgerEntry.objects.get(rule="paid")
        assert (paid.amount, paid.period, balance(ana), march.status) == (D(-20), APRIL, 0, "settled")

    def test_come_in_order(self, march, gil):
        with pytest.raises(StatementNot):
            pay.settle_statement(march, by=gil, at=LATER)

    @pytest.mark.parametrize("somebody", ["ana", "bo", "cy", "fay"])
    def test_are_refused_to_anyone_but_finance_and_heads(self, march, somebody, request):
        with pytest.raises(NotAllowed):
            pay.approve_statement(march, by=request.getfixturevalue(somebody), at=LATER)

        march.refresh_from_db()
        assert (march.status, march.version) == ("closed", 1)


class TestDisputes:
    def test_keep_a_statement_from_being_approved_until_answered(self, march, ana, gil):
        entry = LedgerEntry.objects.get()
        dispute = pay.dispute_statement(march, question="Why 5 %?", entry=entry, by=ana, at=LATER)
        with pytest.raises(OpenQuestions):
            pay.approve_statement(march, by=gil, at=LATER)

        pay.answer_dispute(dispute, answer="As agreed.", by=gil, at=LATER)

        march.refresh_from_db()
        assert (dispute.status, march.questions) == ("declined", 0)
        assert pay.approve_statement(march, by=gil, at=LATER).status == "approved"

    def test_end_with_a_correction_in_an_open_month(self, march, ana, gil):
        dispute = pay.dispute_statement(march, question="A payment is missing.", by=ana, at=LATER)

        pay.answer_dispute(dispute, answer="So it is.", correction=D("12.50"), by=gil, at=LATER)

        entry = dispute.correction
        assert (entry.amount, entry.period, entry.rule, balance(ana)) == (D("12.50"), APRIL, "correction", D("32.50"))
        assert pay.post_commission([ana], by=gil, at=LATER) == 0

    @pytest.mark.parametrize(("amount", "says"), [("0", "above or below zero"), ("0.005", "at most 2 decimals")])
    def test_are_corrected_by_what_the_currency_can_pay(self, march, ana, gil, amount, says):
        dispute = pay.dispute_statement(march, question="A payment is missing.", by=ana, at=LATER)

        with pytest.raises(Invalid) as refusal:
            pay.answer_dispute(dispute, answer="So it is.", correction=D(amount), by=gil, at=LATER)

        assert says in refusal.value.fields["correction"][0]
        assert not LedgerEntry.objects.filter(rule="correction").exists()

    def test_are_answered_once(self, march, ana, gil):
        dispute = pay.dispute_statement(march, question="Why?", by=ana, at=LATER)
        pay.answer_dispute(dispute, answer="So.", correction=D(1), by=gil, at=LATER)

        with pytest.raises(AlreadyAnswered):
            pay.answer_dispute(dispute, answer="So.", correction=D(1), by=gil, at=LATER)
        assert LedgerEntry.objects.filter(rule="correction").count() == 1

    @pytest.mark.parametrize("somebody", ["cy", "bo", "fay", "gil"])
    def test_are_for_whose_statement_it_is(self, march, somebody, request):
        with pytest.raises(NotAllowed):
            pay.dispute_statement(march, question="Why?", by=request.getfixturevalue(somebody), at=LATER)

    def test_are_not_answered_by_whoever_asked(self, march, ana):
        dispute = pay.dispute_statement(march, question="Why?", by=ana, at=LATER)
        with pytest.raises(NotAllowed):
            pay.answer_dispute(dispute, answer="More.", correction=D(100), by=ana, at=LATER)

    def test_need_words(self, march, ana):
        with pytest.raises(Invalid):
            pay.dispute_statement(march, question="  ", by=ana, at=LATER)
