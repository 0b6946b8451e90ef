"""What every event about a target says."""

from typing import Any

from salesmode.targets.models import Target


def facts_of(target: Target) -> dict[str, Any]:
    """Return a version's state as plain values."""
    return {
        "target_id": target.pk,
        "metric": target.metric,
        "unit": target.unit,
        "team_id": target.team_id,
        "owner_id": target.owner_id,
        "product_id": target.product_id,
        "region": target.key if target.unit == "region" else "",
        "starts_on": target.starts_on,
        "edition": target.edition,
        "base": target.base,
        "currency": target.currency,
    }
