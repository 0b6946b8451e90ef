"""A product."""

from typing import Any

from salesmode.catalog import operations as catalog
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a product that is on sale."""
    return {"product_id": catalog.create_product(name="Pump", price=1, by=cast["system"], at=MONDAY).pk}
