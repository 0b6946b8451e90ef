"""Take lists out."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesmode.exchange import operations
from salesmode.exchange.sheet import SHEETS
from salesmode.exchange.taking_out import listing_of, take_out
from salesmode.exchange.writing import FORMS
from salesmode.kernel.api import BadRequest

OURS = ("kind", "format", "complete", "csrfmiddlewaretoken")
CHUNK = 256 * 1024
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


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
    handle, name = tempfile.mkstemp(suffix=f".{form}")
    os.close(handle)
    path = Path(name)
    try:
        rows = taken.write(path, form)
        query = params.urlencode()
        operations.note_export(kind=kind, query=query, form=form, rows=rows, by=request.user, at=now())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _handed_out(request, path, f"{kind}-{localdate():%Y-%m-%d}.{form}", TYPES[form])


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


def _handed_out(request: HttpRequest, path: Path, name: str, content_type: str) -> HttpResponse:
    """Answer with a file in pieces and remove it afterwards."""
    pieces = _pieces_later(path) if isinstance(request, ASGIRequest) else _pieces(path)
    answer = StreamingHttpResponse(pieces, content_type=content_type)
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer  # type: ignore[return-value]


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    finally:
        path.unlink(missing_ok=True)


async def _pieces_later(path: Path) -> AsyncIterator[bytes]:
    try:
        async with await anyio.open_file(path, "rb") as file:
            while chunk := await file.read(CHUNK):
                yield chunk
    finally:
        path.unlink(missing_ok=True)
