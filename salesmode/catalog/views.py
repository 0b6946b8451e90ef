"""The web door of products."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.catalog import operations, policies
from salesmode.catalog.forms import ProductForm
from salesmode.catalog.models import Product
from salesmode.kernel import lists
from salesmode.kernel.lists_page import listing_facts
from salesmode.kernel.models import EventRecord
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer

FACTS = ["code", "series", "price", "unit", "status", "description"]
CHANGES_SHOWN = 20


def _load(request: HttpRequest, product_id: int) -> Product:
    return get_object_or_404(Product.objects.visible_to(request.user), pk=product_id)


@login_required
def products(request: HttpRequest) -> HttpResponse:
    """List products."""

    return lists.show(request, "product")


@require_GET
@login_required
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Show a product and how its price went."""
    found = _load(request, product_id)
    person = viewer(request)
    prices = EventRecord.objects.about("product", found.pk).filter(name__in=["product.created", "product.amended"])
    context = {
        "record": found,
        "title": found.name,
        "facts": listing_facts("product", found, FACTS),
        "prices": _prices(prices.order_by("-happened_at", "-pk")[:CHANGES_SHOWN]),
        "may_amend": policies.may_amend_product(person, found),
        "may_retire": policies.may_retire_product(person, found),
    }
    return render(request, "catalog/product.html", context)


def _prices(events: Any) -> list[dict[str, Any]]:
    changes = [
        event for event in events if event.name == "product.created" or "price" in event.facts.get("changed", [])
    ]
    return [
        {"at": event.happened_at, "price": event.facts.get("price"), "currency": event.facts.get("currency", "")}
        for event in changes
    ]


@login_required
def create_product(request: HttpRequest) -> HttpResponse:
    """Write a new product down."""
    form = ProductForm(request.POST or None)
    if form.is_bound and (made := carry_out(form, operations.create_product, by=viewer(request), at=now())) is not None:
        toast(request, _("%(product)s was added.") % {"product": made.name})
        return redirect("catalog:product", made.pk)
    return _ask(request, form, _("New product"), reverse("catalog:products"))


@login_required
def amend_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Change a product or its price."""
    found = _load(request, product_id)
    initial = {name: getattr(found, name) for name in ProductForm.base_fields}
    form = ProductForm(request.POST or None, product=found, initial=initial)
    act = partial(_amend, product=found, version=version_of(request))
    if form.is_bound and carry_out(form, act, by=viewer(request), at=now()) is not None:
        toast(request, _("Saved."))
        return redirect("catalog:product", found.pk)
    return _ask(request, form, _("Edit product"), reverse("catalog:product", args=[found.pk]), found.version)


def _amend(*, product: Product, **changes: Any) -> Product:
    return operations.amend_product(product, **changes)


def _ask(request: HttpRequest, form: ProductForm, title: Any, back: str, version: int | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": back, "version": version}
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def retire_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Take a product off sale."""
    found = operations.retire_product(_load(request, product_id), by=viewer(request), at=now())
    toast(request, _("%(product)s is no longer on sale.") % {"product": found.name})
    return redirect("catalog:product", found.pk)


@require_POST
@login_required
def offer_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Put a retired product on sale again."""
    found = operations.offer_product(_load(request, product_id), by=viewer(request), at=now())
    toast(request, _("%(product)s is on sale again.") % {"product": found.name})
    return redirect("catalog:product", found.pk)
