"""Create and change customers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.customers import policies
from salesmode.customers.events import CustomerCreated
from salesmode.customers.models import Customer
from salesmode.kernel.events import record
from salesmode.kernel.locking import require, save
from salesmode.people.models import Person


@transaction.atomic
def create_customer(*, name: str, owner: Person | None = None, by: Person, at: datetime, **details: Any) -> Customer:
    """Add a customer; without an owner it goes into the pool.

    Raises NotAllowed.
    """
    require(policies.may_create_customer(by))
    customer = Customer(name=name, owner=owner, owned_since=at if owner else None, **details)
    save(customer, at=at)
    record(CustomerCreated(**customer_facts(customer)), by=by, at=at)
    return customer


def customer_facts(customer: Customer) -> dict[str, Any]:
    """Return the facts shared by all events of a customer."""
    return {
        "customer_id": customer.pk,
        "owner_id": customer.owner_id,
        "team_id": customer.owner.team_id if customer.owner else None,
        "type": customer.type,
        "source": customer.source,
        "industry": customer.industry,
        "province": customer.province,
        "grade": customer.grade,
    }
