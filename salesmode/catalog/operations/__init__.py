"""Everything that changes what we sell."""

from salesmode.catalog.operations.products import amend_product, create_product, offer_product, retire_product

__all__ = ["amend_product", "create_product", "offer_product", "retire_product"]
