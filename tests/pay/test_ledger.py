"""The ledger: what should be and what stands are made equal, by adding only."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction

from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.orders import operations as orders
from salesmode.pay import operations as pay
from salesmode.pay import queries, schedule
from salesmode.pay.models import LedgerEntry, PayAccount
from salesmode.pay.models.earning import canonical, earn
from salesmode.pay.models.ledger import PeriodIsClosed
from salesmode.pay.operations.periods import MonthBeforeIsOpen
from salesmode.people import operations as people
from salesmode.selling import operations as selling
from tests.conftest import MONDAY
from tests.pay.conftest import APRIL, MARCH, balance, make_plan, noon, receive, sign

LATER = noon(date(2026, 4, 20))


class TestPostCommission:
    def test_pays_for_what_came_in(self, plan, order, ana, gil):
        payment = receive(order, 400, gil)

        posted = pay.post_commission([ana], by=gil, at=LATER)

        entry = LedgerEntry.objects.get()
        assert (posted, entry.owner, entry.amount, entry.base, entry.rate) == (1, ana, D(20), D(400), D(5))
        assert (entry.payment, entry.order, entry.period, entry.reversal_of) == (payment, order, MARCH, None)
        assert EventRecord.objects.get(pk=entry.event_id).name == "payment.received"

    def test_changes_nothing_when_told_again(self, plan, order, ana, gil):
        receive(order, 400, gil)
        pay.post_commission([ana], by=gil, at=LATER)

        assert pay.post_commission([ana], by=gil, at=LATER) == 0
        assert EventRecord.objects.filter(name="pay_account.posted").count() == 1

    def test_takes_a_refund_back_and_never_adds_it(self, plan, order, ana, gil):
        payment = receive(order, 400, gil)
        pay.post_commission([ana], by=gil, at=LATER)
        orders.reverse_payment(payment, reason="Back", received_on=date(2026, 4, 20), by=gil, at=LATER)

        pay.post_commission([ana], by=gil, at=LATER)

        assert balance(ana) == 0
        clawback = LedgerEntry.objects.get(rule="clawback")
        assert (clawback.amount, clawback.period) == (D(-20), APRIL)

    def test_corrects_by_reversal_and_a_new_entry(self, plan, order, ana, cy, gil):
        receive(order, 400, gil)
        pay.post_commission([ana, cy], by=gil, at=LATER)
        pay.split_credit(order, shares=[(ana, D(25)), (cy, D(75))], by=gil, at=LATER)

        pay.post_commission([ana, cy], by=gil, at=LATER)

        old, reversal, new = LedgerEntry.objects.filter(owner=ana).order_by("pk")
        assert (old.amount, reversal.amount, reversal.reversal_of, new.amount) == (D(20), D(-20), old, D(5))
        assert (balance(ana), balance(cy)) == (D(5), D(15))

    def test_is_refused_to_a_seller(self, plan, order, ana, gil):
        receive(order, 400, gil)
        with pytest.raises(NotAllowed):
            pay.post_commission([ana], by=ana, at=LATER)

        assert not LedgerEntry.objects.exists()

    def test_leaves_what_was_earned_with_whoever_signed(self, ana, bo, cy, ed, gil, northwind):
        make_plan(gil, measure="signed", rate=10)
        order = sign(northwind, ana, 1000)
        orders.hand_over_order(order, to=cy, by=ed, at=LATER)

        pay.post_commission([ana, cy], by=gil, at=LATER)

        assert (balance(ana), balance(cy)) == (D(100), D(0))

    def test_moves_with_a_won_deal(self, ana, cy, ed, gil, renewal):
        make_plan(gil, measure="won", rate=10)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        pay.post_commission([ana, cy], by=gil, at=LATER)
        assert balance(ana) == 120

        selling.hand_over_deal(renewal, to=cy, by=ed, at=LATER)
        pay.post_commission([ana, cy], by=gil, at=LATER)

        assert (balance(ana), balance(cy)) == (D(0), D(120))

    def test_pays_by_the_team_in_which_somebody_was(self, ana, ed, gil, north, south, northwind):
        make_plan(gil, team=north)
        receive(sign(northwind, ana, 1000), 400, gil)
        people.amend_person(ana, team=south, by=ed, at=LATER)

        pay.post_commission([ana], by=gil, at=LATER)

        assert balance(ana) == 20

    def test_pays_a_manager_for_the_people_below(self, ana, bo, gil, northwind):
        make_plan(gil, rate=0, override_rate=1)
        receive(sign(northwind, ana, 1000), 400, gil)

        pay.post_commission([ana, bo], by=gil, at=LATER)

        assert (balance(ana), balance(bo)) == (D(0), D(4))


class TestWhatHappensElsewhere:
    def test_is_noted_and_looked_at_soon(self, plan, order, ana, gil):
        run_waiting_jobs()
        schedule.post_what_was_noted(at=LATER)
        receive(order, 400, gil)

        run_waiting_jobs()
        assert PayAccount.objects.get(owner=ana).is_stale
        schedule.post_what_was_noted(at=LATER)

        assert balance(ana) == 20
        assert not PayAccount.objects.filter(is_stale=True).exists()

    def test_closes_the_month_before_on_its_day_and_once(self, plan, order, ana, gil):
        receive(order, 400, gil)

        schedule.close_the_month_before(at=noon(date(2026, 4, 2)))
        assert not ana.statements.exists()
        for _again in range(2):
            schedule.close_the_month_before(at=noon(date(2026, 4, 3)))

        assert [statement.month for statement in ana.statements.all()] == [MARCH]


class TestTheLedger:
    @pytest.mark.parametrize("change", ["update pay_ledgerentry set amount = 1", "delete from pay_ledgerentry"])
    def test_is_never_rewritten(self, march, change):
        from django.db import connection

        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

        assert balance(march.owner) == 20

    def test_takes_no_entry_in_a_closed_month(self, march):
        entry = LedgerEntry.objects.get()
        entry.pk, entry.key = None, "another"

        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            entry.save(force_insert=True)

    def test_is_the_same_bytes_when_worked_out_again(self, plan, order, ana, gil):
        for day in (3, 9, 27):
            receive(order, 100, gil, on=date(2026, 3, day))
        pay.post_commission([ana], by=gil, at=LATER)

        again = [canonical(earn(queries.book_of(who, as_of=LATER.date()), ana.pk)) for who in ([ana.pk], None)]

        assert again[0] == again[1]
        assert canonical(queries.standing_lines(ana.pk)) == again[0] != canonical([])


class TestClosePeriod:
    def test_writes_statements(self, march, ana):
        assert (march.owner, march.opening, march.earned, march.due, march.closing) == (ana, 0, D(20), D(20), D(20))

    def test_corrects_a_closed_month_in_the_open_one(self, march, order, ana, cy, gil):
        before = list(LedgerEntry.objects.filter(period=MARCH).values())
        pay.split_credit(order, shares=[(ana, D(50)), (cy, D(50))], by=gil, at=LATER)

        pay.post_commission([ana, cy], by=gil, at=LATER)

        assert list(LedgerEntry.objects.filter(period=MARCH).values()) == before
        reversal, new = LedgerEntry.objects.filter(owner=ana, period=APRIL).order_by("pk")
        assert (reversal.amount, reversal.reversal_of_id) == (D(-20), before[0]["id"])
        assert (new.amount, new.belongs_to, new.corrects_id) == (D(10), MARCH, before[0]["id"])

    def test_happens_once_and_in_order(self, march, gil):
        with pytest.raises(PeriodIsClosed):
            pay.close_period(MARCH, by=gil, at=LATER)
        with pytest.raises(MonthBeforeIsOpen):
            pay.close_period(date(2026, 5, 1), by=gil, at=noon(date(2026, 7, 1)))

    def test_waits_until_the_month_is_over(self, plan, gil):
        with pytest.raises(Invalid):
            pay.close_period(APRIL, by=gil, at=LATER)

    def test_carries_what_was_taken_back_beyond_what_was_earned(self, march, order, ana, gil):
        pay.approve_statement(march, by=gil, at=LATER)
        pay.settle_statement(march, by=gil, at=LATER)
        payment = order.payments.get()
        orders.reverse_payment(payment, reason="Back", received_on=date(2026, 4, 22), by=gil, at=LATER)
        pay.close_period(APRIL, by=gil, at=noon(date(2026, 5, 3)))
        receive(order, 1000, gil, on=date(2026, 5, 10))
        pay.close_period(date(2026, 5, 1), by=gil, at=noon(date(2026, 6, 3)))

        april, may = ana.statements.order_by("month")[1:]
        assert (april.earned, april.paid, april.due, april.closing) == (D(-20), D(-20), 0, D(-20))
        assert (may.opening, may.earned, may.due) == (D(-20), D(50), D(30))

    def test_is_refused_to_a_manager(self, plan, bo):
        with pytest.raises(NotAllowed):
            pay.close_period(MARCH, by=bo, at=LATER)
