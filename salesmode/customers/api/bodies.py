"""What the bodies of requests have in common."""

from typing import Any

from salesmode.customers.models import Customer
from salesmode.kernel.api import (
    In,
    visible,
)
from salesmode.people.models import Person


def changes_of(payload: In, person: Person) -> dict[str, Any]:
    """Return what a body names, with its references as records."""
    given = payload.model_dump(exclude_unset=True)
    nullable = {
        "founded_in", "annual_revenue", "employees", "birthday", "minutes", "next_contact_at", "latitude", "longitude",
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None or name in nullable}
    for reference, rows in (("parent", Customer.objects.all()), ("customer", Customer.objects.all())):
        if f"{reference}_id" in given:
            changes.pop(f"{reference}_id", None)
            changes[reference] = visible(rows, given[f"{reference}_id"], f"{reference}_id", person)
    return changes
