"""Ana's customer and what hangs on it."""

from datetime import date
from typing import Any

from salesmode.customers import operations as customers
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return Ana's customer, somebody there, and a call with them."""
    ana, northwind = cast["ana"], cast["northwind"]
    contact = customers.create_contact(customer=northwind, name="Nora", by=ana, at=MONDAY)
    interaction = customers.log_interaction(northwind, content="Called", by=ana, at=MONDAY)
    kind = customers.define_visit_type(name="Store check", by=cast["system"], at=MONDAY)
    visit = customers.plan_visit(northwind, planned_on=date(2026, 3, 3), type=kind, by=ana, at=MONDAY)
    visits = {"visit_id": visit.pk, "visit_type_id": kind.pk}
    return visits | {"customer_id": northwind.pk, "contact_id": contact.pk, "interaction_id": interaction.pk}
