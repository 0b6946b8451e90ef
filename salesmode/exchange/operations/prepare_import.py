"""Decide how a file is to be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.exchange.custom import columns_of
from salesmode.exchange.events import ImportPrepared
from salesmode.exchange.mapping import IGNORE, NOTES
from salesmode.exchange.models import ImportNotReady, ImportRun
from salesmode.exchange.sheet import SHEETS
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid


@transaction.atomic
def prepare_import(
    run: ImportRun,
    *,
    mapping: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    mode: str | None = None,
    keys: Sequence[str] | None = None,
    by: Any,
    at: datetime,
) -> ImportRun:
    """Say which column is which, what unknown words mean, and by what existing records are known.

    Raises NotAllowed, ImportNotReady once it runs, Invalid for columns that the sheet does not have.
    """
    lock(run)
    require(run.by_id == by.pk or by.is_system)
    if run.status != ImportRun.Status.DRAFT:
        raise ImportNotReady(run)
    if mapping is not None:
        run.mapping = {header: mapping.get(header, IGNORE) for header in run.headers}
    if choices is not None:
        run.choices = {column: dict(words) for column, words in choices.items() if words}
    run.mode = mode or run.mode
    if keys is not None:
        run.keys = list(keys)
    ensure_readable(run)
    save(run, at=at)
    record(ImportPrepared(import_id=run.pk, sheet=run.sheet, mode=run.mode), by=by, at=at)
    return run


def ensure_readable(run: ImportRun) -> None:
    """Raise Invalid unless every column that is needed is there, once, and records can be told apart."""
    sheet = SHEETS[run.sheet]
    known = {column.name: str(column.label) for column in [*sheet.columns, *columns_of(sheet.kind)]}
    wrong: dict[str, list[str]] = {}
    taken: set[str] = set()
    for header, target in run.mapping.items():
        if target in (IGNORE, NOTES):
            continue
        if target not in known:
            wrong[header] = [_('There is no column "%(name)s".') % {"name": target}]
        elif target in taken:
            wrong[header] = [_('"%(name)s" is filled from another column already.') % {"name": known[target]}]
        taken.add(target)
    if missing := [
        str(column.label) for column in sheet.required if column.name not in taken and run.mode != ImportRun.Mode.UPDATE
    ]:
        wrong["mapping"] = [_("Say which column of the file holds: %(columns)s.") % {"columns": ", ".join(missing)}]
    if run.mode not in ImportRun.Mode.values:
        wrong["mode"] = [_("Choose whether records are added, changed or both.")]
    if bad := [key for key in run.keys if key not in sheet.all_keys or key not in taken]:
        wrong["keys"] = [_('"%(name)s" cannot tell records apart in this file.') % {"name": known.get(bad[0], bad[0])}]
    if run.mode != ImportRun.Mode.CREATE and not run.keys:
        wrong["keys"] = [_("Choose the column by which existing records are known.")]
    if wrong:
        raise Invalid(wrong)
