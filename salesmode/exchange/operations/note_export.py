"""Remember who took which list out."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.exchange.events import ExportMade
from salesmode.exchange.models import ListExport
from salesmode.kernel.events import record


@transaction.atomic
def note_export(*, kind: str, query: str, form: str, rows: int, by: Any, at: datetime) -> ListExport:
    """Remember that somebody took a list out, and how many rows it had."""
    made = ListExport(kind=kind, query=query[:2_000], form=form, rows=rows, by_id=by.pk, created_at=at)
    made.save()
    record(ExportMade(export_id=made.pk, kind=kind, form=form, rows=rows), by=by, at=at)
    return made
