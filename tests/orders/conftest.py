"""An order of Northwind's."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.orders import operations as orders
from salesmode.orders.models import Order
from tests.conftest import MONDAY


@pytest.fixture
def draft(ana, northwind) -> Order:
    """Written down, not signed."""
    return orders.draft_order(customer=northwind, title="Renewal", amount=Decimal("500.00"), by=ana, at=MONDAY)


@pytest.fixture
def signed(draft, ana) -> Order:
    """Signed on Monday."""
    return orders.sign_order(draft, on=date(2026, 3, 2), by=ana, at=MONDAY)
