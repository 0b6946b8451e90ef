"""What the catalogue adds to numbers: products to break them down by."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.dimensions import Dimension, register
from salesmode.catalog.models import Product


def product_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what products are called."""
    return dict(Product.objects.filter(pk__in=keys).values_list("pk", "name"))


register(Dimension("product", _("Product"), "product_id", is_number=True, labels=product_names, list_filter="product"))
