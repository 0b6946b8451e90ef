"""Changing one field of one row in place: a small form, the operation of the row's app, the new value."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from salesmode.kernel.lists_cells import cell
from salesmode.kernel.lists_table import edit_url
from salesmode.kernel.pages import way_back

if TYPE_CHECKING:
    from salesmode.kernel.lists import Listing


def answer(request: HttpRequest, listing: "Listing", row: Any, name: str) -> HttpResponse:
    """Show the form of one field, or save what was typed through the row's operation and show the new value."""
    how = listing.inline[name]
    column = listing.column(name)
    value = how.value(row) if how.value else column.of(row)
    initial = _typed(value)
    form = _form(name, how.field(row, request.user), column.label, initial)(
        request.POST or None, initial={name: initial}
    )
    context = {
        "form": form,
        "field": form[name],
        "row": row,
        "column": column,
        "title": row,
        "action": edit_url(listing.kind, row.pk, name),
        "next": _where_from(request, listing, row),
    }
    htmx = bool(request.headers.get("HX-Request"))
    if request.method == "POST" and form.is_valid():
        former = getattr(row, "version", None)
        saved = how.save(row, form.cleaned_data[name], by=request.user, at=now())
        fresh = listing.base(request.user).filter(pk=row.pk).first() or saved or row
        if htmx:
            told = {"html": cell(column, fresh), "former": former, "version": getattr(fresh, "version", None)}
            return _piece(render(request, "ui/inline.html#value", {**context, **told}))
        return redirect(context["next"])
    status = 422 if form.is_bound else 200
    if htmx:
        if request.GET.get("value"):
            return _piece(render(request, "ui/inline.html#value", {**context, "html": cell(column, row)}))
        return _piece(render(request, "ui/inline.html#form", context, status=status))
    return render(request, "ui/inline.html", context, status=status)


def _typed(value: Any) -> Any:
    """Return a value as somebody would type it: 777, not 777.000."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.pk if hasattr(value, "pk") else value


def _piece(response: HttpResponse) -> HttpResponse:
    response.headers["Vary"] = "HX-Request"
    return response


def _form(name: str, field: forms.Field, label: Any, initial: Any) -> type[forms.Form]:
    field.label = field.label or label
    return type("InlineForm", (forms.Form,), {name: field})


def _where_from(request: HttpRequest, listing: "Listing", row: Any) -> str:
    """Return the page to go back to: the one that the form came from, else the record's own."""
    own = listing.row_url(row) if listing.row_url else "/"
    parts = urlsplit(way_back(request, otherwise=request.META.get("HTTP_REFERER", "")))
    if not parts.path.startswith("/") or parts.path.startswith("/inline/"):
        return own
    return parts.path + (f"?{parts.query}" if parts.query else "")
