"""Stop imports."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.exchange.events import ImportStopped
from salesmode.exchange.models import ImportRun
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save


@transaction.atomic
def cancel_import(run: ImportRun, *, by: Any, at: datetime) -> ImportRun:
    """Stop an import; the rows that came in stay, and it can go on later.

    Raises NotAllowed, ImportNotReady when there is nothing to stop.
    """
    lock(run)
    require(run.by_id == by.pk or by.is_system)
    run.mark_cancelled()
    save(run, at=at)
    record(ImportStopped(import_id=run.pk, sheet=run.sheet, reached=run.reached, status=run.status), by=by, at=at)
    return run


@transaction.atomic
def fail_import(run: ImportRun, message: str, *, by: Any, at: datetime) -> ImportRun:
    """Stop an import that cannot go on, and say why; it can be resumed."""
    lock(run)
    run.mark_failed(message)
    save(run, at=at)
    record(ImportStopped(import_id=run.pk, sheet=run.sheet, reached=run.reached, status=run.status), by=by, at=at)
    return run
