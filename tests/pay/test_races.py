"""Several clerks at once: one effect, and a control that shows what the guards are for."""

from datetime import date
from decimal import Decimal as D
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from salesmode.kernel.refusals import Refusal
from salesmode.pay import operations as pay
from salesmode.pay.models import LedgerEntry, PayPeriod, PaySettings, Statement
from salesmode.pay.operations import periods, posting, statements
from salesmode.people.models import Person
from tests.conftest import MONDAY
from tests.kernel.racing import race
from tests.pay.conftest import MARCH, make_plan, noon, receive, sign

LATER = noon(date(2026, 4, 20))
ROUNDS, CLERKS = 50, 3


def pause() -> None:
    """Leave the others the time to look before this one writes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.01)")


@pytest.fixture
def paid(transactional_db, gil, ana, northwind):
    """A payment of 400 that pays Ana 20."""
    with transaction.atomic():
        make_plan(gil)
        order = sign(northwind, ana, 1000)
        receive(order, 400, gil)
    return order


def closed_statements(ana, number: int) -> list[Statement]:
    """Statements as if so many months had been closed."""
    made = [
        Statement(
            owner=ana, month=date(2000 + n // 12, n % 12 + 1, 1), currency="CNY", due=D(10),
            created_at=MONDAY, updated_at=MONDAY,
        )
        for n in range(number)
    ]  # fmt: skip
    return Statement.objects.bulk_create(made)


def at_once(act) -> int:
    """Let all clerks act at the same moment; return how many were not refused."""
    answers = race(CLERKS, act)
    wrong = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refusal)]
    assert wrong == []
    return sum(not isinstance(answer, Refusal) for answer in answers)


def _check_then_save(statement, before, after, **changes) -> None:
    """What the guard replaced: look, then write."""
    fresh = Statement.objects.get(pk=statement.pk)
    if fresh.status != before:
        raise statements.StatementNot(fresh)
    pause()
    Statement.objects.filter(pk=statement.pk).update(status=after, **changes)
    statement.refresh_from_db()


def _fresh(row: Statement) -> Statement:
    return Statement.objects.get(pk=row.pk)


class TestApproving:
    def test_happens_once(self, paid, ana, gil):
        for statement in closed_statements(ana, ROUNDS):

            def approve(number, pk=statement.pk):
                pay.approve_statement(Statement.objects.get(pk=pk), by=gil, at=LATER)

            assert at_once(approve) == 1

    def test_would_happen_twice_without_the_guard(self, paid, ana, gil):
        with patch.object(statements, "_step", _check_then_save):
            twice = sum(
                at_once(lambda n, pk=each.pk: pay.approve_statement(Statement.objects.get(pk=pk), by=gil, at=LATER)) > 1
                for each in closed_statements(ana, 10)
            )

        assert twice > 0


class TestSettling:
    def test_pays_once(self, paid, ana, gil):
        rows = closed_statements(ana, ROUNDS)
        Statement.objects.update(status="approved")
        for statement in rows:

            def settle(number, pk=statement.pk):
                pay.settle_statement(Statement.objects.get(pk=pk), by=gil, at=LATER)

            assert at_once(settle) == 1
        entries = LedgerEntry.objects.filter(rule="paid")
        assert (entries.count(), sum(entries.values_list("amount", flat=True))) == (ROUNDS, D(-10 * ROUNDS))

    def test_would_pay_twice_without_the_guards(self, paid, ana, gil):
        rows = closed_statements(ana, 10)
        Statement.objects.update(status="approved")
        columns = "(owner_id, key, turn) where reversal_of_id is null"
        once = f"create unique index ledger_entry_once on pay_ledgerentry {columns}"
        with connection.cursor() as cursor:
            cursor.execute("alter table pay_ledgerentry drop constraint if exists ledger_entry_once")
            cursor.execute("drop index if exists ledger_entry_once")
        try:
            with patch.object(statements, "_step", _check_then_save):
                for statement in rows:
                    at_once(lambda n, row=statement: pay.settle_statement(_fresh(row), by=gil, at=LATER))

            assert LedgerEntry.objects.filter(rule="paid").count() > 10
        finally:
            with connection.cursor() as cursor:
                cursor.execute("truncate pay_ledgerentry cascade")
                cursor.execute(once)


class TestPosting:
    def test_posts_once(self, paid, ana, gil):
        for round_number in range(ROUNDS):
            with transaction.atomic():
                receive(paid, 10, gil, on=date(2026, 3, 4))

            assert at_once(lambda n: pay.post_commission([ana], by=gil, at=LATER)) == CLERKS
            amounts = LedgerEntry.objects.values_list("amount", flat=True)
            assert sum(amounts) == D(20) + (round_number + 1) * D("0.5")
        assert LedgerEntry.objects.count() == ROUNDS + 1

    def test_would_collide_without_the_guard(self, paid, ana, gil):
        def hold_nothing(owner_ids):
            from salesmode.pay.models import PayAccount

            found = list(PayAccount.objects.filter(owner__in=owner_ids))
            pause()
            return found

        pay.post_commission([ana], by=gil, at=LATER)
        collided = 0
        with patch.object(posting, "hold_accounts", hold_nothing):
            for _round in range(10):
                with transaction.atomic():
                    receive(paid, 10, gil, on=date(2026, 3, 4))
                answers = race(CLERKS, lambda n: pay.post_commission([ana], by=gil, at=LATER))
                collided += any(isinstance(answer, Exception) for answer in answers)

        assert collided > 0


class TestClosing:
    def test_happens_once(self, paid, ana, gil):
        for _round in range(ROUNDS):
            assert at_once(lambda n: pay.close_period(MARCH, by=gil, at=LATER)) == 1
            assert (PayPeriod.objects.count(), Statement.objects.filter(owner=ana).count()) == (1, 1)
            self._open_again()

    def test_would_collide_without_the_guard(self, paid, ana, gil):
        def hold_nothing(*, to_close=False):
            found = PaySettings.objects.get(pk=1)
            pause()
            return found

        posting.hold_settings()
        collided = 0
        with patch.object(periods, "hold_settings", hold_nothing):
            for _round in range(10):
                answers = race(CLERKS, lambda n: self._close_unguarded(gil))
                collided += sum(not isinstance(each, Refusal) for each in answers) > 1
                self._open_again()

        assert collided > 0

    @staticmethod
    @transaction.atomic
    def _close_unguarded(gil) -> None:
        """What the guard replaced: look, then write, then find the month closed by somebody else."""
        periods._is_next(periods.hold_settings(), MARCH)
        PaySettings.objects.filter(pk=1).update(closed_through=MARCH)

    def test_shuts_out_whoever_posts_meanwhile(self, paid, ana, gil):
        """Whatever is posted while a month closes is in the statement, or in the next month: never lost between."""
        for round_number in range(10):
            with transaction.atomic():
                receive(paid, 10, gil, on=date(2026, 3, 4))

            def either(number):
                if number:
                    return pay.post_commission([ana], by=Person.objects.get(pk=gil.pk), at=LATER)
                return pay.close_period(MARCH, by=gil, at=LATER)

            assert at_once(either) == CLERKS
            statement = Statement.objects.get(owner=ana)
            in_march = LedgerEntry.objects.filter(owner=ana, period=MARCH).values_list("amount", flat=True)
            assert statement.earned == sum(in_march) == D(20) + (round_number + 1) * D("0.5")
            self._open_again()

    @staticmethod
    def _open_again() -> None:
        with connection.cursor() as cursor:
            cursor.execute("truncate pay_statement, pay_payperiod cascade")
            cursor.execute("update pay_paysettings set closed_through = null")
