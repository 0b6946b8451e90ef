"""Whatever happens in whatever order: the ledger is a function of the final state, and closed months stay closed."""

import os
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from salesmode.kernel.periods import add_months
from salesmode.orders import operations as orders
from salesmode.orders.models import Order, Payment
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models import LedgerEntry, PaySettings, PlanVersion, Statement
from salesmode.pay.models.earning import earn
from salesmode.selling import operations as selling
from tests.pay.conftest import make_plan, noon

FIRST = date(2026, 1, 5)
AMOUNTS = st.integers(1, 20).map(lambda number: D(number * 100))


class Selling(RuleBasedStateMachine):
    """Two sellers, one clerk, and time that only goes on."""

    cast: dict = {}
    terms: dict = {}

    def __init__(self):
        super().__init__()
        self.box = transaction.atomic()
        self.box.__enter__()
        self.day, self.closed = FIRST, {}
        self.plan = make_plan(self.gil, **self.terms)

    def __getattr__(self, name):
        return self.cast[name]

    def teardown(self):
        transaction.set_rollback(True)
        self.box.__exit__(None, None, None)

    @property
    def at(self):
        return noon(self.day)

    @rule(days=st.integers(1, 25))
    def time_goes_on(self, days):
        self.day += timedelta(days=days)

    @rule(amount=AMOUNTS, by_cy=st.booleans(), days=st.integers(10, 60))
    def sell(self, amount, by_cy, days):
        seller = self.cy if by_cy else self.ana
        deal = selling.open_deal(
            title="Deal", customer=self.customer, owner=seller, amount=amount, by=self.ed, at=self.at
        )
        selling.win_deal(deal, by=self.ed, at=self.at)
        orders.draft_order_from_deal(deal, by=self.ed, at=self.at)

    @precondition(lambda self: Order.objects.filter(status="draft").exists())
    @rule(amount=AMOUNTS, amends=st.booleans())
    def amend_and_sign(self, amount, amends):
        order = Order.objects.filter(status="draft").order_by("pk").first()
        if amends:
            orders.amend_order(order, amount=amount, by=self.ed, at=self.at)
        parts = [(self.day + timedelta(days=20), order.amount)]
        orders.plan_instalments(order, instalments=parts, by=self.ed, at=self.at)
        orders.sign_order(order, on=self.day, by=self.ed, at=self.at)

    @precondition(lambda self: Order.objects.filter(status="signed").exists())
    @rule(place=st.integers(0, 9), share=st.integers(1, 4))
    def part_pay(self, place, share):
        order = self._one(Order.objects.filter(status="signed"), place)
        if order.open_amount:
            amount = max(D(100), order.open_amount * share / 4 // 100 * 100)
            orders.receive_payment(order, amount=amount, received_on=self.day, by=self.gil, at=self.at)

    @precondition(lambda self: Payment.objects.filter(reverses=None, reversed_by=None).exists())
    @rule(place=st.integers(0, 9))
    def refund(self, place):
        payment = self._one(Payment.objects.filter(reverses=None, reversed_by=None), place)
        orders.reverse_payment(payment, reason="Back", received_on=self.day, by=self.gil, at=self.at)

    @precondition(lambda self: Order.objects.filter(status="signed", received=0).exists())
    @rule(place=st.integers(0, 9))
    def cancel(self, place):
        orders.cancel_order(self._one(Order.objects.filter(status="signed", received=0), place), by=self.ed, at=self.at)

    @precondition(lambda self: Order.objects.filter(status="signed").exists())
    @rule(place=st.integers(0, 9), to_cy=st.booleans())
    def reassign(self, place, to_cy):
        order, to = self._one(Order.objects.filter(status="signed"), place), self.cy if to_cy else self.ana
        orders.hand_over_order(order, to=to, by=self.ed, at=self.at)
        selling.hand_over_deal(order.deal, to=to, by=self.ed, at=self.at)

    @precondition(lambda self: Order.objects.filter(status="signed").exists())
    @rule(place=st.integers(0, 9), percent=st.integers(1, 99))
    def share_the_credit(self, place, percent):
        order = self._one(Order.objects.filter(status="signed"), place)
        shares = [(self.ana, D(percent)), (self.cy, D(100 - percent))]
        pay.split_credit(order.deal, shares=shares, by=self.ed, at=self.at)

    @rule(rate=st.integers(1, 12))
    def change_the_rate(self, rate):
        next_month = add_months(self.day.replace(day=1), 1)
        last = PlanVersion.objects.filter(plan=self.plan).order_by("-number").first()
        if last.valid_from >= next_month or last.terms["rate"] == str(rate):
            return
        pay.end_version(last, valid_until=next_month, by=self.gil, at=self.at)
        if pay.amend_plan(self.plan, terms={**last.terms, "rate": rate}, by=self.gil, at=self.at):
            draft = self.plan.versions.get(status="draft")
            pay.publish_version(draft, valid_from=next_month, from_zero=True, by=self.gil, at=self.at)

    @rule()
    def close_the_month_before(self):
        before = add_months(self.day.replace(day=1), -1)
        closed = PaySettings.current().closed_through
        month = before if closed is None else add_months(closed, 1)
        if month <= before:
            pay.close_period(month, by=self.gil, at=self.at)
            self.closed[month] = self._entries(month)

    @rule()
    def settle_what_is_due(self):
        for statement in Statement.objects.filter(status="closed"):
            pay.approve_statement(statement, by=self.gil, at=self.at)
            pay.settle_statement(statement, by=self.gil, at=self.at)

    @invariant()
    def the_ledger_says_what_should_be(self):
        pay.post_commission([self.ana, self.cy], by=self.gil, at=self.at)
        book = queries.book_of(None, as_of=self.day)
        for person in (self.ana, self.cy):
            should = sum((line.amount for line in earn(book, person.pk)), D(0))
            stands = LedgerEntry.objects.filter(owner=person).exclude(rule="paid").values_list("amount", flat=True)
            assert sum(stands, D(0)) == should
        assert pay.post_commission([self.ana, self.cy], by=self.gil, at=self.at) == 0

    @invariant()
    def closed_months_are_untouched(self):
        for month, entries in self.closed.items():
            assert self._entries(month) == entries

    @invariant()
    def nobody_is_paid_more_than_was_due(self):
        paid = sum(LedgerEntry.objects.filter(rule="paid").values_list("amount", flat=True), D(0))
        assert -paid == sum(Statement.objects.filter(status="settled").values_list("due", flat=True), D(0))

    @staticmethod
    def _entries(month):
        return list(LedgerEntry.objects.filter(period=month).order_by("pk").values())

    @staticmethod
    def _one(rows, place):
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.model.objects.get(pk=keys[place % len(keys)])


class SellingForMoney(Selling):
    """The same, checked against a sum that knows nothing of lines, months or entries."""

    @invariant()
    def commission_is_rate_times_what_stayed(self):
        pay.post_commission([self.ana, self.cy], by=self.gil, at=self.at)
        published = self.plan.versions.filter(status="published")
        rates = [(each.valid_from, each.valid_until or date.max, D(each.terms["rate"])) for each in published]
        should = D(0)
        for payment in Payment.objects.filter(reverses=None, reversed_by=None):
            rate = next(rate for first, until, rate in rates if first <= payment.received_on < until)
            should += payment.amount * rate / 100
        stands = LedgerEntry.objects.exclude(rule="paid").values_list("amount", flat=True)
        assert sum(stands, D(0)) == should


TIERS = [{"starts_at": 0, "rate": 3}, {"starts_at": 1500, "rate": 7}]
# SALESMODE_EXAMPLES=500 tries as many stories of eighty acts each.
EXAMPLES = os.environ.get("SALESMODE_EXAMPLES")
MANY = settings(
    max_examples=int(EXAMPLES or 12),
    stateful_step_count=80 if EXAMPLES else 18,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.mark.django_db
class TestWhateverHappens:
    @pytest.mark.parametrize(
        "terms",
        [
            {"measure": "received"},
            {
                "measure": "signed",
                "hold_back": 60,
                "clawback_on": ["cancelled", "refunded", "overdue"],
                "overdue_days": 15,
            },
            {"measure": "signed", "style": "cumulative", "tiers": TIERS, "frequency": "quarter", "clawback_days": 45},
            {
                "measure": "won",
                "style": "best_tier",
                "tiers": TIERS,
                "cap": 300,
                "draw": 40,
                "draw_is_recoverable": True,
            },
        ],
        ids=["money", "held-back", "tiers", "best-tier"],
    )
    def test_the_ledger_is_a_function_of_the_final_state(self, terms, ana, cy, ed, gil, process, northwind):
        cast = {"ana": ana, "cy": cy, "ed": ed, "gil": gil, "customer": northwind}
        kind = SellingForMoney if terms["measure"] == "received" else Selling
        machine = type(kind.__name__, (kind,), {"cast": cast, "terms": terms})

        run_state_machine_as_test(machine, settings=MANY)
