"""The nouns of the catalogue: what we sell, and for how much."""

from salesmode.catalog.models.product import Product

__all__ = ["Product"]
