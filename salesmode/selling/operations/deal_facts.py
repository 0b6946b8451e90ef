"""What every event about a deal says: the deal's state after it."""

from typing import Any

from salesmode.selling.models import Deal


def deal_facts(deal: Deal) -> dict[str, Any]:
    """Return the facts shared by all events of a deal."""
    first_line = deal.lines.order_by("position", "id").values_list("product_id", flat=True).first()
    return {
        "deal_id": deal.pk,
        "customer_id": deal.customer_id,
        "contact_id": deal.contact_id,
        "owner_id": deal.owner_id,
        "account_owner_id": deal.account_owner_id,
        "team_id": deal.owner.team_id,
        "process_id": deal.process_id,
        "stage_id": deal.stage_id,
        "category": deal.category,
        "probability": deal.probability,
        "amount": deal.amount,
        "currency": deal.currency,
        "company_amount": deal.company_amount,
        "closes_on": deal.closes_on,
        "source": deal.source,
        "product_id": first_line,
        "opened_at": deal.opened_at,
        "outcome": deal.outcome,
    }
