"""What every event about a visit says."""

from typing import Any

from salesmode.customers.models import Visit


def visit_facts(visit: Visit) -> dict[str, Any]:
    """Return the facts shared by all events of a visit; the team is the visitor's."""
    return {
        "visit_id": visit.pk,
        "customer_id": visit.customer_id,
        "owner_id": visit.owner_id,
        "team_id": visit.owner.team_id,
        "grade": visit.customer.grade,
        "type_id": visit.type_id,
        "planned_on": visit.planned_on,
        "was_planned": visit.was_planned,
    }
