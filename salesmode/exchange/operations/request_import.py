"""Ask for the rows to come in, now or again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.exchange.events import ImportRequested
from salesmode.exchange.models import ImportRun
from salesmode.exchange.operations.prepare_import import ensure_readable
from salesmode.exchange.sheet import SHEETS
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save


@transaction.atomic
def request_import(run: ImportRun, *, attended: bool = False, by: Any, at: datetime) -> ImportRun:
    """Ask for the rows to come in; one that was cancelled or stopped goes on after the last row that came in.

    Raises NotAllowed, ImportNotReady.
    """
    lock(run)
    require((run.by_id == by.pk or by.is_system) and SHEETS[run.sheet].may_create(by))
    ensure_readable(run)
    run.mark_waiting()
    run.is_attended, run.requested_at, run.finished_at = attended, run.requested_at or at, None
    save(run, at=at)
    record(ImportRequested(import_id=run.pk, sheet=run.sheet, mode=run.mode, reached=run.reached), by=by, at=at)
    return run
