"""Add products, change them, and take them off sale."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.catalog import policies
from salesmode.catalog.events import ProductAmended, ProductCreated, ProductOffered, ProductRetired
from salesmode.catalog.models import Product
from salesmode.kernel import search
from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.here import company
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def create_product(
    *, name: str, price: Decimal | None = None, currency: str = "", by: Person, at: datetime, **details: Any
) -> Product:
    """Add something that we sell; without a currency the price is in the company's.

    Raises NotAllowed, Invalid when the name or code is taken.
    """
    require(policies.may_create_product(by))
    details["custom"] = clean_custom("product", details.get("custom"))
    product = Product(name=name.strip(), price=price, currency=currency or company().currency, **details)
    _settle(product)
    _save_once(product, at=at)
    record(ProductCreated(**_facts(product)), by=by, at=at)
    return product


@transaction.atomic
def amend_product(product: Product, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Product:
    """Change a product or its price; deals and orders keep the price they were made with.

    Raises NotAllowed, Stale, Invalid when the name or code is taken.
    """
    lock(product, version=version)
    require(policies.may_amend_product(by, product))
    former_price = product.price
    if "custom" in changes:
        changes["custom"] = clean_custom("product", changes["custom"], former=product.custom)
    names = changed(product, changes)
    if not names:
        return product
    _settle(product)
    _save_once(product, at=at)
    record(ProductAmended(**_facts(product), changed=names, former_price=former_price), by=by, at=at)
    return product


@transaction.atomic
def retire_product(product: Product, *, by: Person, at: datetime, version: int | None = None) -> Product:
    """Take a product off sale; deals that have it keep it.

    Raises NotAllowed, Stale, ProductNotOnSale.
    """
    lock(product, version=version)
    require(policies.may_retire_product(by, product))
    product.mark_retired()
    save(product, at=at)
    record(ProductRetired(**_facts(product)), by=by, at=at)
    return product


@transaction.atomic
def offer_product(product: Product, *, by: Person, at: datetime, version: int | None = None) -> Product:
    """Put a retired product on sale again.

    Raises NotAllowed, Stale, ProductAlreadyOnSale.
    """
    lock(product, version=version)
    require(policies.may_retire_product(by, product))
    product.mark_offered()
    save(product, at=at)
    record(ProductOffered(**_facts(product)), by=by, at=at)
    return product


def _settle(product: Product) -> None:
    """Bring a product into the shape it is kept in, or refuse it."""
    product.ensure_valid()
    fit(product)


def _save_once(product: Product, *, at: datetime) -> None:
    """Save a product whose name and code nobody else has; the database decides."""
    try:
        with transaction.atomic():
            save(product, at=at)
    except IntegrityError as error:
        if "product_code_is_unique" in str(error):
            raise Invalid({"code": [_("Another product has this code.")]}) from None
        if "product_name_is_unique" in str(error):
            raise Invalid({"name": [_("Another product has this name.")]}) from None
        raise
    search.index_record("product", product.pk, **_entry(product))


def _entry(product: Product) -> dict[str, Any]:
    return {
        "title": product.name,
        "subtitle": " · ".join(part for part in (product.code, product.series) if part),
        "text": product.description,
        "is_for_everyone": True,
        "url": f"/products/{product.pk}",
    }


def _facts(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.pk,
        "price": product.price,
        "currency": product.currency,
        "series": product.series,
        "is_active": product.is_active,
    }
