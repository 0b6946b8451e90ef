"""What the catalogue tells the world."""

from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class ProductEvent(Event):
    """Something happened to a product; the facts are its state after it."""

    product_id: int
    price: Decimal | None = None
    currency: str = ""
    series: str = ""
    is_active: bool = True


class ProductCreated(ProductEvent):
    """We sell something new."""

    name: ClassVar[str] = "product.created"


class ProductAmended(ProductEvent):
    """A product's details or price changed."""

    name: ClassVar[str] = "product.amended"
    changed: list[str] = []
    former_price: Decimal | None = None


class ProductRetired(ProductEvent):
    """A product can no longer be put on deals."""

    name: ClassVar[str] = "product.retired"


class ProductOffered(ProductEvent):
    """A retired product is on sale again."""

    name: ClassVar[str] = "product.offered"
