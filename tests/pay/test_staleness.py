"""Whoever's pay has to be looked at again is noted, and nobody reads a former plan's entries as if all were done."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, transaction

from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models import LedgerEntry, PayAccount
from salesmode.pay.operations import staleness
from salesmode.pay.queries import statements
from salesmode.pay.queries.holding import Holding
from salesmode.pay.schedule import look_at_everybody, post_what_was_noted
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.targets import operations as targets
from salesmode.targets.models import Whose
from tests.conftest import MONDAY
from tests.kernel.racing import race
from tests.pay.conftest import JANUARY, MARCH, balance, make_plan, noon, receive, sign

LATER = noon(date(2026, 4, 20))
ROUNDS = 50


class TestANewPlan:
    def test_is_noted_for_whoever_has_left_with_an_account(self, plan, order, ana, bo, gil, ed):
        receive(order, 400, gil)
        pay.post_commission([ana], by=gil, at=LATER)
        people.deactivate_person(ana, by=ed, at=MONDAY)
        other = make_plan(gil, name="Other", person=bo)

        pay.assign_plan(other, person=ana, valid_from=JANUARY, by=gil, at=MONDAY)

        assert PayAccount.objects.get(owner=ana).is_stale
        assert queries.statement_page(ana, MARCH).is_stale

    def test_that_begins_later_needs_no_more_than_the_night(self, plan, order, ana, gil):
        other = pay.define_plan(name="Later", terms={"rate": 10}, by=gil, at=MONDAY)
        pay.publish_version(other.versions.get(), valid_from=JANUARY, by=gil, at=MONDAY)
        pay.assign_plan(other, valid_from=date(2026, 5, 1), replacing=True, by=gil, at=MONDAY)
        receive(order, 400, gil, on=date(2026, 4, 30))
        receive(order, 400, gil, on=date(2026, 5, 2))

        look_at_everybody(at=noon(date(2026, 5, 3)))

        assert balance(ana) == D(20) + D(40)

    def test_leaves_nobody_out_whose_plan_has_ended(self, gil, ana):
        Person.objects.filter(pk=ana.pk).update(started_on=JANUARY)
        plan = make_plan(gil, draw=300)
        pay.post_commission([ana], by=gil, at=noon(date(2026, 4, 20)))
        pay.withdraw_plan(plan.assignments.get(), valid_until=date(2026, 5, 1), by=gil, at=MONDAY)

        look_at_everybody(at=noon(date(2026, 5, 1)))

        assert LedgerEntry.objects.filter(owner=ana, rule="draw", period=date(2026, 4, 1)).exists()


class TestANewTarget:
    def test_is_looked_at_within_the_minute(self, gil, ana, bo, northwind):
        tiers = [{"starts_at": 0, "rate": 5}, {"starts_at": 100, "rate": 10}]
        make_plan(gil, style="best_tier", tiers=tiers, counted_in="attainment", quota_from="target")
        receive(sign(northwind, ana, 1000), 1000, gil)
        pay.post_commission([ana], by=gil, at=LATER)
        run_waiting_jobs()
        pay.post_commission([ana], by=gil, at=LATER)
        assert balance(ana) == 0

        target = targets.set_target(
            metric="payments_received", year=2026, whose=Whose("person", person=ana), base=D(6000), by=bo, at=MONDAY
        )
        targets.approve_target(target, by=bo, at=MONDAY)
        run_waiting_jobs()

        assert PayAccount.objects.get(owner=ana).is_stale
        post_what_was_noted(at=LATER)
        assert balance(ana) == D(100)


def slow_holding() -> Holding:
    """Read which plan holds, a little later: time enough for others to write."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.004)")
    return Holding()


def read_in_turn(person: Person, month: date) -> statements.StatementPage:
    """What the guard replaced: entries, then the plan, then whether work waits."""
    page = statements._read(person, month, is_stale=False)
    return replace(page, is_stale=PayAccount.objects.filter(owner=person, is_stale=True).exists())


@pytest.fixture
def sold(transactional_db, gil, ana, northwind):
    """A payment of 400, and two plans that could pay it."""
    with transaction.atomic():
        first = make_plan(gil)
        receive(sign(northwind, ana, 1000), 400, gil)
        second = pay.define_plan(name="Second", terms={"rate": 6}, by=gil, at=MONDAY)
        pay.publish_version(second.versions.get(), valid_from=JANUARY, by=gil, at=MONDAY)
        pay.post_commission([ana], by=gil, at=LATER)
    return first, second


class TestAStatementReadMeanwhile:
    def breaches(self, sold, ana, gil, read, rounds) -> int:
        """How often a page shows a plan, and entries of another one, and does not say that work waits."""
        done, found = threading.Event(), []

        def act(number):
            if number:
                while not done.is_set():
                    page = read(ana, MARCH)
                    standing = [row.entry.plan_version_id for group in page.groups for row in group.standing]
                    if not page.is_stale and {*standing} != {page.plan.version_id}:
                        found.append(standing)
                return
            try:
                for turn in range(rounds):
                    plan = sold[(turn + 1) % 2]
                    pay.assign_plan(plan, valid_from=JANUARY, replacing=True, by=gil, at=MONDAY)
                    pay.post_commission([ana], by=gil, at=LATER + timedelta(seconds=turn))
            finally:
                done.set()

        with patch.object(statements, "Holding", slow_holding):
            answers = race(2, act)
        assert [answer for answer in answers if answer is not None] == []
        return len(found)

    def test_says_that_work_waits_or_shows_one_plan(self, sold, ana, gil):
        assert self.breaches(sold, ana, gil, statements.statement_page, ROUNDS) == 0

    def test_would_mix_two_plans_without_the_guard(self, sold, ana, gil):
        assert self.breaches(sold, ana, gil, read_in_turn, ROUNDS) > 0


class TestMarkingEverybody:
    @pytest.fixture
    def accounts(self, transactional_db, ana, bo, cy, gil):
        """Accounts of four people, in the order of their ids."""
        pay.mark_stale([ana.pk, bo.pk, cy.pk, gil.pk])
        return sorted([ana.pk, bo.pk, cy.pk, gil.pk])

    def others_are_free(self, accounts) -> bool:
        """Hold the first account while everybody is marked; say whether the last one can still be taken."""
        marking = threading.Thread(target=lambda: (staleness.mark_everybody_stale(), connection.close()))
        try:
            with transaction.atomic():
                PayAccount.objects.select_for_update().get(owner_id=accounts[0])
                marking.start()
                self.wait_for_the_other()
                return PayAccount.objects.select_for_update(nowait=True).get(owner_id=accounts[-1]) is not None
        except OperationalError:
            return False
        finally:
            marking.join()

    @staticmethod
    def wait_for_the_other() -> None:
        waits = "select exists (select 1 from pg_stat_activity where datname = current_database()"
        waits += " and wait_event_type = 'Lock')"
        for _look in range(2000):
            with connection.cursor() as cursor:
                cursor.execute(f"select pg_sleep(0.005), ({waits})")
                if cursor.fetchone()[1]:
                    return
        raise AssertionError("Nobody waits")

    def test_keeps_nobody_waiting_who_keeps_it_waiting(self, accounts):
        assert self.others_are_free(accounts)

    def test_would_in_another_order(self, accounts):
        """As the rows may lie: who is changed last lies last."""
        as_they_lie = staleness._EVERYBODY.replace("order by person.id", "order by person.id desc")
        with patch.object(staleness, "_EVERYBODY", as_they_lie):
            assert not self.others_are_free(accounts)
