"""Imports for programs, and the record of exports."""

import base64
import binascii
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.exchange import operations
from salesmode.exchange.handing_out import hand_out
from salesmode.exchange.models import ImportLine, ImportRun, ListExport
from salesmode.exchange.reading import UnreadableFile
from salesmode.exchange.sheet import SHEETS
from salesmode.exchange.taking_out import take_out
from salesmode.kernel.api import (
    In,
    Line,
    Name,
    Paging,
    PlainPaging,
    RecordOut,
    answer,
    caller,
    few,
    listed,
    load,
    responses,
    written_once,
)
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.refusals import Invalid, NotFound

imports = Router(tags=["imports"])
exports = Router(tags=["exports"])
ROUTERS = {"imports": imports, "exports": exports}


class ImportIn(In):
    """A file to bring into a sheet: CSV as text, or any file in base64."""

    sheet: Annotated[str, Field(max_length=40)]
    file_name: Name
    text: Annotated[str, Field(max_length=2_000_000)] = ""
    base64: Annotated[str, Field(max_length=2_600_000)] = ""
    mapping: dict[Line, Line] | None = None
    choices: dict[Line, dict[Line, Line]] | None = None
    mode: ImportRun.Mode = ImportRun.Mode.CREATE
    keys: list[Line] | None = None
    run: bool = True


class ImportOut(RecordOut):
    """How an import is read and how far it has come."""

    sheet: str
    file_name: str
    status: str
    message: str
    mode: str
    keys: list[str]
    mapping: dict[str, str]
    total: int
    done: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    requested_at: datetime | None
    finished_at: datetime | None


class ImportList(Schema):
    """One page of imports."""

    items: list[ImportOut]
    next: str | None


class Failure(Schema):
    """A row that did not come in, and why."""

    row: int
    reason: str


class FailureList(Schema):
    """One page of the rows that did not come in."""

    items: list[Failure]
    next: str | None


class ExportIn(In):
    """Which list to take out, narrowed and sorted as on its page."""

    kind: Annotated[str, Field(max_length=40)]
    form: Literal["csv", "xlsx"] = "csv"
    query: Annotated[str, Field(max_length=2_000)] = ""


class ExportOut(RecordOut):
    """A list that somebody took out; its file is made anew, with what its maker may see then, at `file`."""

    kind: str
    form: str
    rows: int
    by_id: int
    file: str


class ExportList(Schema):
    """One page of exports."""

    items: list[ExportOut]
    next: str | None


_NAMES = [name for name in ImportOut.model_fields if name not in RecordOut.model_fields]


def _import(run: ImportRun) -> dict[str, Any]:
    stamps = {"id": run.pk, "version": run.version, "created_at": run.created_at, "updated_at": run.updated_at}
    return stamps | {name: getattr(run, name) for name in _NAMES}


def _content(payload: ImportIn) -> bytes:
    if bool(payload.text) == bool(payload.base64):
        raise Invalid({"text": [_("Send the file either as text or as base64.")]})
    try:
        return base64.b64decode(payload.base64, validate=True) if payload.base64 else payload.text.encode()
    except (binascii.Error, ValueError):
        raise Invalid({"base64": [_("This is not base64.")]}) from None


@imports.get("", response=responses(ImportList), operation_id="list_imports")
def list_imports(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List what one brought in."""
    return listed(request, "import", _import)


@imports.post("", response=responses(ImportOut, status=201), operation_id="create_import")
def create_import(request: HttpRequest, payload: ImportIn) -> HttpResponse:
    """Hand in a file; unless told otherwise its rows come in right away, in the background."""
    person = caller(request)
    if payload.sheet not in SHEETS:
        raise Invalid({"sheet": [_("Choose one of %(names)s.") % {"names": ", ".join(sorted(SHEETS))}]})
    content = BytesIO(_content(payload))
    reading = {"mapping": payload.mapping, "choices": payload.choices, "mode": payload.mode, "keys": payload.keys}
    try:
        with transaction.atomic():
            run = operations.receive_file(SHEETS[payload.sheet], content, name=payload.file_name, by=person, at=now())
            operations.prepare_import(run, **reading, by=person, at=now())  # type: ignore[arg-type]
            if payload.run:
                operations.request_import(run, by=person, at=now())
    except UnreadableFile as refusal:
        raise Invalid({"text" if payload.text else "base64": [refusal.message]}) from None
    return answer(_import(run), status=201)


@imports.get("/{int:import_id}", response=responses(ImportOut), operation_id="get_import")
def get_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Read how far an import has come."""
    return answer(_import(load(ImportRun.objects.all(), import_id, caller(request))))


@imports.get("/{int:import_id}/failures", response=responses(FailureList), operation_id="list_import_failures")
def list_import_failures(request: HttpRequest, import_id: int, paging: Query[PlainPaging]) -> HttpResponse:
    """List the rows that did not come in, each with its reason."""
    run = load(ImportRun.objects.all(), import_id, caller(request))
    lines = ImportLine.objects.filter(run=run, verdict=ImportLine.Verdict.FAILED).order_by("number")
    return few(request, lines, lambda line: {"row": line.number, "reason": line.said}, key=lambda line: line.number)


@imports.post("/{int:import_id}/run", response=responses(ImportOut), operation_id="run_import")
def run_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let the rows come in, or go on after a stop."""
    person = caller(request)
    return answer(
        _import(operations.request_import(load(ImportRun.objects.all(), import_id, person), by=person, at=now()))
    )


@imports.post("/{int:import_id}/cancel", response=responses(ImportOut), operation_id="cancel_import")
def cancel_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop an import; what came in stays."""
    person = caller(request)
    return answer(
        _import(operations.cancel_import(load(ImportRun.objects.all(), import_id, person), by=person, at=now()))
    )


def _export(made: ListExport) -> dict[str, Any]:
    stated = {name: getattr(made, name) for name in ("kind", "form", "rows", "by_id")}
    return written_once(made, made.created_at) | stated | {"file": f"/api/v1/exports/{made.pk}/file"}


@exports.get("", response=responses(ExportList), operation_id="list_exports")
def list_exports(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List what was taken out: one's own, or everybody's for those who watch over the data."""
    return listed(request, "export", _export)


@exports.post("", response=responses(ExportOut, status=201), operation_id="create_export")
def create_export(request: HttpRequest, payload: ExportIn) -> HttpResponse:
    """Take a list out: count its rows now, and make its file whenever it is fetched."""
    person = caller(request)
    if payload.kind not in LISTINGS:
        raise Invalid({"kind": [_("Choose one of %(names)s.") % {"names": ", ".join(sorted(LISTINGS))}]})
    rows = LISTINGS[payload.kind].count(QueryDict(payload.query), seen_by=person)
    noted = {"kind": payload.kind, "query": payload.query, "form": payload.form}
    return answer(_export(operations.note_export(**noted, rows=rows, by=person, at=now())), status=201)


@exports.get("/{int:export_id}", response=responses(ExportOut), operation_id="get_export")
def get_export(request: HttpRequest, export_id: int) -> HttpResponse:
    """Read what one took out, and where its file is."""
    made = LISTINGS["export"].base(caller(request)).filter(pk=export_id).first()
    if made is None:
        raise NotFound
    return answer(_export(made))


@exports.get("/{int:export_id}/file", operation_id="get_export_file")
def get_export_file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """Fetch the file of a list that one took out oneself."""
    person = caller(request)
    made = ListExport.objects.filter(pk=export_id, by_id=person.pk).first()
    if made is None:
        raise NotFound
    taken = take_out(made.kind, QueryDict(made.query), seen_by=person)

    def make(path: Path) -> None:
        operations.note_export_fetched(made, rows=taken.write(path, made.form), by=person, at=now())

    return hand_out(request, f"{made.kind}-{made.pk}", made.form, make)
