"""Products for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema

from salesmode.catalog import operations
from salesmode.catalog.models import Product
from salesmode.kernel.api import (
    In,
    Line,
    MoneyOut,
    Name,
    Paging,
    RecordOut,
    Text,
    UnitPriceIn,
    answer,
    caller,
    expected_version,
    listed,
    load,
    money,
    record_fields,
    responses,
)

products = Router(tags=["products"])
ROUTERS = {"products": products}


class ProductFields(In):
    """What can be said of a product."""

    code: Line = ""
    series: Line = ""
    unit: Line = ""
    price: UnitPriceIn | None = None
    description: Text = ""
    external_key: Line = ""
    custom: dict[str, Any] = {}


class ProductIn(ProductFields):
    """A product to be."""

    name: Name


class ProductChange(ProductFields):
    """What is to be different; what is not named stays."""

    name: Name | None = None


class ProductOut(RecordOut):
    """A product."""

    name: str
    code: str
    series: str
    unit: str
    price: MoneyOut | None
    description: str
    is_active: bool
    external_key: str
    custom: dict[str, Any]


class ProductList(Schema):
    """One page of products."""

    items: list[ProductOut]
    next: str | None


def _product(row: Product) -> dict[str, Any]:
    names = ("name", "code", "series", "unit", "description", "is_active", "external_key")
    return record_fields(row) | {name: getattr(row, name) for name in names} | {"price": money(row.price, row.currency)}


def _details(payload: ProductFields, currency: str) -> dict[str, Any]:
    given = payload.model_dump(exclude_unset=True, exclude={"price"})
    details = {name: value for name, value in given.items() if value is not None}
    if "price" in payload.model_fields_set:
        details["price"] = payload.price.amount if payload.price else None
        if payload.price:
            details["currency"] = payload.price.currency or currency
    return details


@products.get("", response=responses(ProductList), operation_id="list_products")
def list_products(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List what we sell."""
    return listed(request, "product", _product)


@products.post("", response=responses(ProductOut, status=201), operation_id="create_product")
def create_product(request: HttpRequest, payload: ProductIn) -> HttpResponse:
    """Add something that we sell."""
    person = caller(request)
    return answer(_product(operations.create_product(by=person, at=now(), **_details(payload, ""))), status=201)


@products.get("/{int:product_id}", response=responses(ProductOut), operation_id="get_product")
def get_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Read one product."""
    return answer(_product(load(Product.objects.all(), product_id, caller(request))))


@products.patch("/{int:product_id}", response=responses(ProductOut), operation_id="amend_product")
def amend_product(request: HttpRequest, product_id: int, payload: ProductChange) -> HttpResponse:
    """Change a product or its price."""
    person = caller(request)
    product = load(Product.objects.all(), product_id, person)
    version = expected_version(request)
    changes = _details(payload, product.currency)
    return answer(_product(operations.amend_product(product, version=version, by=person, at=now(), **changes)))


@products.post("/{int:product_id}/retire", response=responses(ProductOut), operation_id="retire_product")
def retire_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Take a product off sale."""
    person = caller(request)
    product = load(Product.objects.all(), product_id, person)
    return answer(_product(operations.retire_product(product, by=person, at=now())))


@products.post("/{int:product_id}/offer", response=responses(ProductOut), operation_id="offer_product")
def offer_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Put a retired product on sale again."""
    person = caller(request)
    product = load(Product.objects.all(), product_id, person)
    return answer(_product(operations.offer_product(product, by=person, at=now())))
