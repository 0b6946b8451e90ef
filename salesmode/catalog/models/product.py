"""What we sell, and for how much."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet


class ProductQuerySet(RecordQuerySet):
    """Words for sets of products."""

    def visible_to(self, person: Any) -> Self:
        """Return the products a person may see: everyone who works here sees them all."""
        return self if getattr(person, "is_active", False) else self.none()

    def on_sale(self) -> Self:
        """Return the products that can be put on a deal."""
        return self.filter(is_active=True)


class Product(Record):
    """Something we sell, with its list price."""

    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Product"), max_length=200)
    series = models.CharField(_("Series"), max_length=120, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    price = models.DecimalField(_("List price"), max_digits=18, decimal_places=3, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3)
    description = models.TextField(_("Description"), blank=True)
    is_active = models.BooleanField(_("On sale"), default=True)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(models.functions.Lower("name"), name="product_name_is_unique"),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="product_code_is_unique"),
            models.CheckConstraint(name="product_price_is_not_negative", condition=models.Q(price__isnull=True) | models.Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name
