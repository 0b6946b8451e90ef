"""The rows that did not come in, as they were, each with the reason: to be put right and handed in again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from salesmode.exchange.models import ImportLine, ImportRun
from salesmode.exchange.preview import table_of
from salesmode.exchange.writing import plain_value, write_table
from salesmode.kernel.models import Company


def write_failed_rows(run: ImportRun, path: Path, form: str) -> int:
    """Write the failed rows of an import with a column for the reason; returns how many there are."""
    return write_table(path, form, [*run.headers, _("Reason")], _failed(run), title=_("Not possible"))


def _failed(run: ImportRun) -> Iterator[list[Any]]:
    lines = ImportLine.objects.filter(run=run, verdict=ImportLine.Verdict.FAILED)
    reasons = {line.number: line.said for line in lines.only("number", "reason", "translated")}
    zone = Company.objects.current().zone
    for number, cells in table_of(run).rows():
        if number in reasons:
            yield [*(plain_value(cell, zone=zone) for cell in cells), reasons[number]]
