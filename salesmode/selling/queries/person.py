"""What leads and deals hold about a contact."""

from typing import Any

from salesmode.selling.models import Deal, Lead


def held_in_selling(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the leads a contact once was, and the deals they are named in, in plain values. Two queries."""
    leads = Lead.objects.filter(contact=contact_id).order_by("pk")
    deals = Deal.objects.filter(contact=contact_id).order_by("pk")
    names = ("id", "name", "company_name", "title", "phone", "email", "source", "notes", "custom", "created_at")
    return {"leads": list(leads.values(*names)), "deals": list(deals.values("id", "title", "created_at"))}
