"""Products as rows of a file, and how a name or code in any file finds a product."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.catalog import operations
from salesmode.catalog.models import Product
from salesmode.exchange.sheet import Column, Reference, Sheet, Values, by_text, register
from salesmode.people.models import Person
from salesmode.people.permissions import may


def find_products(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Product]]:
    """Return the products that answer to a name, a code or a key of the former system."""
    wanted = [text.casefold() for text in texts]
    products = Product.objects.visible_to(by).annotate(low=Lower("name"))
    found = [
        *products.filter(low__in=wanted),
        *products.filter(code__in=texts),
        *products.filter(external_key__in=texts),
    ]
    return by_text(
        (text, product) for product in found for text in (product.name, product.code, product.external_key) if text
    )


def product_names(by: Person) -> list[str]:
    """Return the names of all products."""
    return list(Product.objects.visible_to(by).values_list("name", flat=True))


product_reference = Reference("product", find_products, product_names)


def _find(key: str, values: Sequence[Any], by: Person) -> dict[Any, Product]:
    products = Product.objects.visible_to(by)
    if key == "name":
        found = {
            product.name.casefold(): product
            for product in products.annotate(low=Lower("name")).filter(
                low__in=[str(value).casefold() for value in values]
            )
        }
        return {value: found[str(value).casefold()] for value in values if str(value).casefold() in found}
    return {getattr(product, key): product for product in products.filter(**{f"{key}__in": values})}


def _create(values: Values, *, by: Person, at: datetime) -> Product:
    return operations.create_product(**values, by=by, at=at)


def _amend(product: Product, values: Values, *, by: Person, at: datetime) -> Product:
    return operations.amend_product(product, **values, by=by, at=at)


SHEET = register(
    Sheet(
        kind="product",
        title=_("Products"),
        words=("product", "产品", "商品", "item"),
        order=20,
        keys=("external_key", "code", "name"),
        notes="description",
        columns=(
            Column(
                "name",
                _("Product"),
                aliases=("产品名称", "商品名称", "product", "产品", "名称", "品名", "item", "product name", "name"),
                required=True,
                length=200,
            ),
            Column(
                "code",
                _("Code"),
                aliases=("产品编码", "编码", "编号", "sku", "item code", "product code", "part number"),
                length=60,
            ),
            Column(
                "series",
                _("Series"),
                aliases=("产品类型", "系列", "类别", "分类", "产品分类", "category", "product line", "family"),
                length=120,
            ),
            Column("unit", _("Unit"), aliases=("产品单位", "单位"), length=20),
            Column(
                "price",
                _("List price"),
                "money",
                ("价格", "单价", "标准价格", "售价", "price", "sales price", "unit price", "list price"),
                least=0,
            ),
            Column("currency", _("Currency"), aliases=("币种", "货币"), length=3),
            Column("description", _("Description"), aliases=("产品描述", "描述", "说明", "备注", "notes")),
            Column("is_active", _("On sale"), "flag", ("是否上架", "上架", "active", "在售")),
            Column("external_key", _("Key in the former system"), aliases=("product id", "record id", "id"), length=80),
        ),
        find=_find,
        create=_create,
        amend=_amend,
        may_create=lambda by: may(by, "catalog.create_product"),
    )
)
