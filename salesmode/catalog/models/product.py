"""What we sell, and for how much."""

from typing import Any, Self

import pycountry
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.money import UNIT_PRICE, unit_price
from salesmode.kernel.refusals import Invalid, Refusal


class ProductNotOnSale(Refusal):
    """A product is retired once."""

    def __init__(self, product: "Product") -> None:
        super().__init__(_g("%(product)s is not on sale.") % {"product": product.name})


class ProductAlreadyOnSale(Refusal):
    """Only a retired product can be put back on sale."""

    def __init__(self, product: "Product") -> None:
        super().__init__(_g("%(product)s is already on sale.") % {"product": product.name})


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
    price = models.DecimalField(_("List price"), **UNIT_PRICE, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3)
    description = models.TextField(_("Description"), blank=True)
    is_active = models.BooleanField(_("On sale"), default=True)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(models.functions.Lower("name"), name="product_name_is_unique"),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="product_code_is_unique"),
            models.CheckConstraint(
                name="product_price_is_not_negative", condition=models.Q(price__isnull=True) | models.Q(price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ensure_valid(self) -> None:
        """Refuse what no product may be; raises Invalid."""
        wrong = {}
        if not self.name.strip():
            wrong["name"] = [_g("Give the product a name.")]
        if self.price is not None and self.price < 0:
            wrong["price"] = [_g("A price is not negative.")]
        elif self.price is not None:
            unit_price(self.price)
        if pycountry.currencies.get(alpha_3=self.currency) is None:
            wrong["currency"] = [_g("There is no such currency.")]
        if wrong:
            raise Invalid(wrong)

    def mark_retired(self) -> None:
        """Be on sale no longer; raises ProductNotOnSale."""
        if not self.is_active:
            raise ProductNotOnSale(self)
        self.is_active = False

    def mark_offered(self) -> None:
        """Be on sale again; raises ProductAlreadyOnSale."""
        if self.is_active:
            raise ProductAlreadyOnSale(self)
        self.is_active = True
