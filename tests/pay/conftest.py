"""A plan that pays when money comes in, and something to be paid for."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesmode.orders import operations as orders
from salesmode.pay import operations as pay
from salesmode.pay.models import LedgerEntry, PayPlan
from tests.conftest import MONDAY

JANUARY, MARCH, APRIL = date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 1)


def noon(day: date) -> datetime:
    """A moment at which nobody wonders which day it is."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def make_plan(by, *, name="On payment", assigned_from=JANUARY, team=None, person=None, **terms) -> PayPlan:
    """A published plan that holds for the whole company, or for a team or a person."""
    plan = pay.define_plan(name=name, terms={"rate": 5, **terms}, by=by, at=MONDAY)
    pay.publish_version(plan.versions.get(), valid_from=JANUARY, by=by, at=MONDAY)
    pay.assign_plan(plan, team=team, person=person, valid_from=assigned_from, by=by, at=MONDAY)
    return plan


def sign(customer, owner, amount, *, on=date(2026, 3, 2), deal=None, title="Order"):
    """An order, signed."""
    order = orders.draft_order(
        customer=customer, title=title, amount=Decimal(amount), owner=owner, deal=deal, by=owner, at=noon(on)
    )
    return orders.sign_order(order, on=on, by=owner, at=noon(on))


def receive(order, amount, by, *, on=date(2026, 3, 3)):
    """Money that came in."""
    return orders.receive_payment(order, amount=Decimal(amount), received_on=on, by=by, at=noon(on))


def balance(owner) -> Decimal:
    """What somebody's account says."""
    return sum(LedgerEntry.objects.filter(owner=owner).values_list("amount", flat=True), Decimal())


@pytest.fixture
def plan(gil) -> PayPlan:
    """Five percent of what comes in, for everybody."""
    return make_plan(gil)


@pytest.fixture
def order(northwind, ana):
    """Signed in March, for 1,000."""
    return sign(northwind, ana, 1000)


@pytest.fixture
def march(plan, order, ana, gil):
    """Ana's statement for March: 20.00 for a payment of 400."""
    receive(order, 400, gil)
    pay.close_period(MARCH, by=gil, at=noon(date(2026, 4, 3)))
    return ana.statements.get()
