"""Take a file in and guess how it is to be read."""

from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.exchange.custom import columns_of
from salesmode.exchange.events import ImportReceived
from salesmode.exchange.mapping import propose
from salesmode.exchange.models import ImportRun
from salesmode.exchange.reading import MOST_BYTES, UnreadableFile, open_table
from salesmode.exchange.sheet import Sheet
from salesmode.kernel import files
from salesmode.kernel.events import record
from salesmode.kernel.locking import require, save
from salesmode.kernel.models import StoredFile


@transaction.atomic
def receive_file(sheet: Sheet, content: BinaryIO, *, name: str, by: Any, at: datetime) -> ImportRun:
    """Take in a file for a sheet, find out how it is written, and propose which column is which.

    Raises NotAllowed, UnreadableFile.
    """
    require(sheet.may_create(by))
    content.seek(0, 2)
    if content.tell() > MOST_BYTES:
        raise UnreadableFile(_("A file may have at most %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024})
    sha256, size = files.store(content)
    table = open_table(files.path_of(sha256), name=name)
    run = ImportRun(sheet=sheet.kind, file_name=name[-255:], file_sha256=sha256, by_id=by.pk)
    run.form, run.encoding, run.delimiter, run.header_row, run.headers = (
        table.form,
        table.encoding,
        table.delimiter,
        table.header_row,
        table.headers,
    )
    run.total = sum(1 for _row in table.rows())
    guesses = propose(table, sheet, more=columns_of(sheet.kind))
    run.mapping = {guess.header: guess.target for guess in guesses}
    run.keys = [key for key in sheet.all_keys if key in run.mapping.values()][:1]
    save(run, at=at)
    kept = {"content_type": "application/octet-stream", "size": size, "sha256": sha256, "uploaded_by_id": by.pk}
    StoredFile.objects.create(about_kind="import", about_id=run.pk, name=run.file_name, created_at=at, **kept)
    record(ImportReceived(import_id=run.pk, sheet=run.sheet, file_sha256=sha256), by=by, at=at)
    return run
