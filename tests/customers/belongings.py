"""Ana's customer and what hangs on it."""

from typing import Any

from salesmode.customers import operations as customers
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return Ana's customer, somebody there, and a call with them."""
    ana, northwind = cast["ana"], cast["northwind"]
    contact = customers.create_contact(customer=northwind, name="Nora", by=ana, at=MONDAY)
    interaction = customers.log_interaction(northwind, content="Called", by=ana, at=MONDAY)
    return {"customer_id": northwind.pk, "contact_id": contact.pk, "interaction_id": interaction.pk}
