"""Remember who took which list out."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.exchange.events import ExportFetched, ExportMade
from salesmode.exchange.models import ListExport
from salesmode.kernel.events import record


@transaction.atomic
def note_export(*, kind: str, query: str, form: str, rows: int, by: Any, at: datetime) -> ListExport:
    """Remember that somebody took a list out, and how many rows it had."""
    made = ListExport(kind=kind, query=query[:2_000], form=form, rows=rows, by_id=by.pk, created_at=at)
    made.save()
    record(ExportMade(export_id=made.pk, kind=kind, form=form, rows=rows), by=by, at=at)
    return made


@transaction.atomic
def note_export_fetched(made: ListExport, *, rows: int, by: Any, at: datetime) -> ListExport:
    """Remember that the file of a list was fetched, and how many rows it had by then."""
    made.rows = rows
    made.save(update_fields=["rows"])
    record(ExportFetched(export_id=made.pk, kind=made.kind, form=made.form, rows=rows), by=by, at=at)
    return made
