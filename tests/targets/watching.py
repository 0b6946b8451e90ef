"""Histories with known numbers, for tests of alerts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from salesmode.customers import operations as customers
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets.models import Target, Whose

_number = count(1)


def on(day: date, hour: int = 1) -> datetime:
    """A moment of a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def win(person: Person, amount: int, day: date | datetime) -> Any:
    """Let somebody win a deal of an amount on a day, or at a moment."""
    at = day if isinstance(day, datetime) else on(day)
    name = f"Customer {next(_number)}"
    customer = customers.create_customer(name=name, owner=person, by=person, at=at - timedelta(hours=1))
    deal = selling.open_deal(
        title=name, customer=customer, owner=person, amount=Decimal(amount), by=person, at=at - timedelta(hours=1)
    )
    return selling.win_deal(deal, by=person, at=at)


def aim(person: Person, year: int, amount: int, by: Person) -> Target:
    """Let somebody have a target for a year, the same each month."""
    at = on(date(year, 1, 1))
    drafted = targets.set_target(
        metric="won_amount", year=year, whose=Whose("person", person=person), base=Decimal(amount), by=by, at=at
    )
    return targets.approve_target(drafted, by=by, at=at)
