"""What every event about a deal says: the deal's state after it."""

from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from salesmode.kernel.asked import Asked
from salesmode.selling.models import Deal, DealLine

FIRST_PRODUCT = DealLine.objects.filter(deal=OuterRef("pk")).order_by("position", "id").values("product_id")[:1]

OUTSIDE = Asked(
    lambda key: Deal.objects.filter(pk=key).values(
        team_id=F("owner__team_id"),
        product_id=Subquery(FIRST_PRODUCT),
        stage_position=F("stage__position"),
        province=Coalesce(F("customer__province"), Value("")),
        industry=Coalesce(F("customer__industry"), Value("")),
    ),
    int,
)


def standing(deal: Deal) -> dict[str, Any] | None:
    """Return how a deal counts in the pipeline before something happens to it; None if it is not open. No query."""
    if not deal.is_open:
        return None
    return {
        "owner_id": deal.owner_id,
        "stage_id": deal.stage_id,
        "category": deal.category,
        "probability": deal.probability,
        "company_amount": deal.company_amount,
        "closes_on": deal.closes_on,
        "source": deal.source,
        "customer_id": deal.customer_id,
    }


def deal_facts(deal: Deal, former: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the facts shared by all events of a deal, and how it counted before; one query."""
    return stated_facts(deal, former=former, **OUTSIDE.first(deal.pk))


def stated_facts(
    deal: Deal,
    *,
    team_id: int | None,
    product_id: int | None,
    former: dict[str, Any] | None = None,
    stage_position: int = 0,
    province: str = "",
    industry: str = "",
) -> dict[str, Any]:
    """Return the same facts when what lies outside the deal's row is known already; no query."""
    return {
        "former": former and {"product_id": product_id, **former},
        "stage_position": stage_position,
        "province": province,
        "industry": industry,
        "deal_id": deal.pk,
        "customer_id": deal.customer_id,
        "contact_id": deal.contact_id,
        "owner_id": deal.owner_id,
        "account_owner_id": deal.account_owner_id,
        "team_id": team_id,
        "process_id": deal.process_id,
        "stage_id": deal.stage_id,
        "category": deal.category,
        "probability": deal.probability,
        "amount": deal.amount,
        "currency": deal.currency,
        "company_amount": deal.company_amount,
        "closes_on": deal.closes_on,
        "source": deal.source,
        "product_id": product_id,
        "opened_at": deal.opened_at,
        "outcome": deal.outcome,
    }
