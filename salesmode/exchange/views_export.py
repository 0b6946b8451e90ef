"""Take lists out."""

from pathlib import Path

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesmode.exchange import operations
from salesmode.exchange.handing_out import hand_out
from salesmode.exchange.sheet import SHEETS
from salesmode.exchange.taking_out import listing_of, take_out
from salesmode.exchange.writing import FORMS
from salesmode.kernel.api import BadRequest

OURS = ("kind", "format", "complete", "csrfmiddlewaretoken")


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask how a list is to be taken out, and take it out."""
    kind = request.GET.get("kind", "")
    listing = listing_of(kind)
    params = _list_params(request, kind)
    form = request.GET.get("format", "")
    if not form:
        shown = {
            "listing": listing,
            "kind": kind,
            "params": params,
            "count": listing.count(params, seen_by=request.user),
        }
        return render(
            request, "exchange/export.html", shown | {"is_sheet": kind in SHEETS, "hidden": _pairs(request.GET)}
        )
    if form not in FORMS:
        raise BadRequest(_("Choose xlsx or csv."))
    taken = take_out(kind, params, seen_by=request.user, complete=bool(request.GET.get("complete")))

    def make(path: Path) -> None:
        rows = taken.write(path, form)
        operations.note_export(kind=kind, query=params.urlencode(), form=form, rows=rows, by=request.user, at=now())

    return hand_out(request, f"{kind}-{localdate():%Y-%m-%d}", form, make)


def _pairs(params: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in params.lists() if name not in ("format", "complete") for value in values]


def _list_params(request: HttpRequest, kind: str) -> QueryDict:
    params = request.GET.copy()
    for name in OURS:
        params.pop(name, None)
    if "columns" not in params and (remembered := request.COOKIES.get(f"columns-{kind}", "")):
        known = {column.name for column in listing_of(kind).all_columns()}
        params["columns"] = ",".join(part for part in remembered.split(",") if part.partition(":")[0] in known)
    return params
