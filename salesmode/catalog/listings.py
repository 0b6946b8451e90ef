"""The list of products: page, API and export."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.models import Product
from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.kernel.wording import full_price
from salesmode.people.models import Person


def _status(row: Product) -> Any:
    return _("On sale") if row.is_active else _("Retired")


def _list_price(row: Product) -> str:
    return full_price(row.price, row.currency)


def _series(viewer: Person) -> list[tuple[str, str]]:
    used = Product.objects.visible_to(viewer).exclude(series="").order_by("series").values_list("series", flat=True)
    return [(name, name) for name in used.distinct()[:200]]


register(
    Listing(
        kind="product",
        title=_("Products"),
        model=Product,
        base=lambda person: Product.objects.visible_to(person),
        columns=[
            Column("name", _("Product"), "text", sort="name"),
            Column("code", _("Code"), "text", sort="code"),
            Column("series", _("Series"), "text", sort="series"),
            Column("price", _("List price"), "money", sort="price", says=_list_price),
            Column("unit", _("Unit"), "text"),
            Column("status", _("Status"), "chip", value=_status, tone=lambda row: "good" if row.is_active else ""),
            Column("currency", _("Currency"), "text", default=False),
            Column("description", _("Description"), "text", default=False),
            Column("created_at", _("Created"), "date", sort="created_at", default=False),
        ],
        filters=[
            Filter("series", _("Series"), "choice", choices=_series),
            Filter("on_sale", _("On sale"), "bool", field="is_active"),
            Filter("price", _("List price"), "number"),
        ],
        sorts={
            "name": ("name", "id"),
            "price": ("price", "id"),
            "-created_at": ("-created_at", "-id"),
        },
        default_sort="name",
        row_url=lambda row: reverse("catalog:product", args=[row.pk]),
        groups={"series": "series"},
        create_route="catalog:create_product",
        create_label=_("New product"),
        empty=_("Products are what you sell; deals and orders take their prices from here."),
        search_fields=("name", "code", "series"),
        card=("series", "price", "status"),
    )
)
