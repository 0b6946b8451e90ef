"""What every event about a lead says: the lead's state after it."""

from typing import Any

from salesmode.selling.models import Lead


def lead_facts(lead: Lead) -> dict[str, Any]:
    """Return the facts shared by all events of a lead."""
    return stated_lead_facts(lead, team_id=lead.owner.team_id if lead.owner else None)


def stated_lead_facts(lead: Lead, *, team_id: int | None) -> dict[str, Any]:
    """Return the same facts when the owner's team is known already; no query."""
    return {
        "lead_id": lead.pk,
        "owner_id": lead.owner_id,
        "team_id": team_id,
        "source": lead.source,
        "status": lead.status,
        "created_at": lead.created_at,
        "claimed_at": lead.claimed_at,
        "first_response_at": lead.first_response_at,
        "customer_id": lead.customer_id,
        "deal_id": lead.deal_id,
    }
