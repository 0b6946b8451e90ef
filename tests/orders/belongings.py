"""Ana's order and what was paid for it."""

from typing import Any

from salesmode.orders import operations as orders
from tests.conftest import MONDAY, TUESDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a draft of Ana's, and a payment for another order that is signed."""
    ana, northwind = cast["ana"], cast["northwind"]
    draft = orders.draft_order(customer=northwind, title="Renewal", amount=100, by=ana, at=MONDAY)
    signed = orders.draft_order(customer=northwind, title="Spare parts", amount=100, by=ana, at=MONDAY)
    orders.sign_order(signed, on=MONDAY.date(), by=ana, at=MONDAY)
    payment = orders.receive_payment(signed, amount=40, received_on=TUESDAY.date(), by=cast["system"], at=TUESDAY)
    return {"order_id": draft.pk, "payment_id": payment.pk}
