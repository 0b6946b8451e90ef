"""Write lists as CSV or XLSX: no cell is ever a formula, and what was written can be read in again."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from salesmode.exchange.cells import DANGEROUS, protect
from salesmode.kernel.refusals import Refusal

FORMS = ("xlsx", "csv")
MOST_SHEET_ROWS = 1_048_575
LONGEST_SHEET_CELL = 32_767


class TooMuchForExcel(Refusal):
    """A list that no workbook holds whole."""

    def __init__(self) -> None:
        super().__init__(_("This is more than an Excel file can hold. Choose CSV, or narrow the list."))


def plain_value(value: Any, *, zone: tzinfo) -> str | int | float | Decimal | date | datetime | None:
    """Return a value as a spreadsheet keeps it: numbers, days and local times as they are, everything else as text."""
    if value is None or isinstance(value, bool):
        return None if value is None else _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
    if isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple | set):
        return ", ".join(str(each) for each in value)
    return str(value)


def csv_cell(value: Any) -> str:
    """Return one cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return protect(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Return a CSV file piece by piece, in UTF-8 with the mark that spreadsheets need."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + str(writer.writerow([protect(header) for header in headers])).encode()
    for row in rows:
        yield str(writer.writerow([csv_cell(value) for value in row])).encode("utf-8", "replace")


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file and return how many rows it has."""
    count = -1
    with path.open("wb") as file:
        for line in csv_lines(headers, rows):
            file.write(line)
            count += 1
    return count


def write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> int:
    """Write an XLSX file, one row after the other without keeping them, and return how many rows it has."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        day, moment = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        sheet.freeze_panes(1, 0)
        widths = [min(40, max(10, 2 * len(header) + 2)) for header in headers]
        for position, (header, width) in enumerate(zip(headers, widths, strict=True)):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, header, bold)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_SHEET_ROWS:
                raise TooMuchForExcel
            for position, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    text = _sheet_text(value)
                    sheet.write_string(count, position, text, quoted if text[0] in DANGEROUS else None)
                elif isinstance(value, datetime):
                    sheet.write_datetime(count, position, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(count, position, datetime(value.year, value.month, value.day), day)
                else:
                    sheet.write_number(count, position, float(value))
    return count


def _sheet_text(text: str) -> str:
    """Return a text as an XLSX cell holds it, its own apostrophe protected."""
    text = text.replace("\0", "")
    if len(text) > LONGEST_SHEET_CELL:
        raise TooMuchForExcel
    return protect(text) if text.startswith(("'", "\t", "\r", "\n")) else text


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31].strip() or "Sheet1"


def write_table(
    path: Path, form: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = ""
) -> int:
    """Write a file in one of the forms and return how many rows it has."""
    if form == "csv":
        return write_csv(path, headers, rows)
    return write_xlsx(path, headers, rows, title=title)
