"""What the catalogue adds to numbers: products to break them down by."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.dimensions import Dimension, register
from salesmode.catalog.models import Product
from salesmode.kernel import rows


def product_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what products are called."""
    return rows.names_of(Product, keys)


def product_called(name: str) -> int | None:
    """Return the product of that name or code."""
    called = Product.objects.filter(Q(name__iexact=name) | Q(code__iexact=name))
    return called.values_list("pk", flat=True).first()


register(
    Dimension(
        "product",
        _("Product"),
        "product_id",
        is_number=True,
        labels=product_names,
        named=product_called,
        list_filter="product",
    )
)
