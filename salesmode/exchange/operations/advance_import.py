"""Bring in the next rows of an import."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import translation
from psycopg.types.json import Jsonb

from salesmode.exchange.events import ImportAdvanced, ImportFinished
from salesmode.exchange.models import ImportLine, ImportRun
from salesmode.exchange.reading import Table
from salesmode.exchange.rows import Bringing, Judged, counted
from salesmode.exchange.sheet import SHEETS, Outcome
from salesmode.kernel.bulk import without_collecting
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.models import Company

BATCH = 500
LARGE_BATCH = 2_000
# What a process that has just begun brings in first: it may not live long, and what it came to is kept.
FIRST_BATCH = 100
Rows = Iterator[tuple[int, list[Any]]]

# Files that this process is in the middle of: the next batch goes on where the last one ended, without reading it anew.
_under_way: dict[int, tuple[int, Rows, Bringing]] = {}


@transaction.atomic
def advance_import(run: ImportRun, *, by: Any, at: datetime) -> ImportRun:
    """Bring in the next rows, in one transaction with the mark of how far it came; the last ones finish the import.

    A worker that dies in the middle leaves everything as it was before these rows. Raises NotAllowed, UnreadableFile.
    """
    lock(run)
    if not run.is_active:
        return run
    owner = get_user_model().objects.get(pk=run.by_id)
    require(by.is_system or by.pk == owner.pk)
    _one_at_a_time(run)
    sheet = SHEETS[run.sheet]
    company = Company.objects.current()
    with translation.override(owner.reads), without_collecting():
        rows, bringing, is_under_way = _resumed(run, owner, company)
        size = LARGE_BATCH if sheet.create_many else BATCH
        if not is_under_way:
            size = min(size, FIRST_BATCH)
        batch = bringing.take(rows, size)
        results = bringing.bring_in(batch, at=run.requested_at or at)
        others = [code for code, _name in settings.LANGUAGES if code != translation.get_language()]
        translated = {code: bringing.reasons_in(code, results, at=run.requested_at or at) for code in others}
        is_full = len(batch) == size
        _report(run, results, translated, partial(bringing.look_ahead, rows) if is_full else lambda: None)
    run.status = ImportRun.Status.RUNNING
    run.reached = batch[-1].number if batch else run.reached
    run.count(counted(outcome for _row, outcome in results))
    if is_full:
        save(run, at=at)
        step = ImportAdvanced(import_id=run.pk, sheet=run.sheet, reached=run.reached, done=run.done, total=run.total)
        record(step, by=owner, at=at)
        if not bringing.is_lost:
            transaction.on_commit(lambda: _keep(run.pk, run.reached, rows, bringing))
        return run
    run.status, run.finished_at = ImportRun.Status.DONE, Now()
    save(run, at=at)
    run.refresh_from_db(fields=["finished_at"])
    figures = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "skipped", "failed")}
    record(ImportFinished(import_id=run.pk, sheet=run.sheet, **figures), by=owner, at=at)
    return run


def _one_at_a_time(run: ImportRun) -> None:
    """Let imports into one sheet take turns, so that two people with the same file make nothing twice."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7400, hashtext(%s))", [run.sheet])


def _resumed(run: ImportRun, owner: Any, company: Company) -> tuple[Rows, Bringing, bool]:
    reached, rows, bringing = _under_way.pop(run.pk, (-1, iter(()), None))
    if bringing is not None and reached == run.reached and bringing.run.requested_at == run.requested_at:
        bringing.run, bringing.by = run, owner
        return rows, bringing, True
    table = Table(run.path, run.form, run.headers, run.header_row, run.encoding, run.delimiter)
    return table.rows(after=run.reached), Bringing(SHEETS[run.sheet], run, by=owner, zone=company.zone), False


def _keep(key: int, reached: int, rows: Rows, bringing: Bringing) -> None:
    if len(_under_way) > 8:
        _under_way.clear()
    _under_way[key] = (reached, rows, bringing)


def _report(
    run: ImportRun,
    results: list[tuple[Judged, Outcome]],
    translated: dict[str, dict[int, str]],
    meanwhile: Callable[[], None],
) -> None:
    """Write down what became of each row; `meanwhile` is done once for each, while the database takes them in."""
    columns = ("run_id", "number", "sheet", "verdict", "record_id", "reason", "mark", "translated")
    names = ", ".join(columns)
    table = ImportLine._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
        for row, outcome in results:
            said = {code: reasons[row.number][:500] for code, reasons in translated.items() if row.number in reasons}
            verdict, reason = str(outcome.verdict), outcome.reason[:500]
            made = (run.pk, row.number, run.sheet, verdict, outcome.record_id, reason, row.mark)
            copy.write_row((*made, Jsonb(said) if said else None))
            meanwhile()
