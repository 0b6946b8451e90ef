"""Open a file that people send: CSV in whatever encoding, or XLSX; a row at a time, and never more than it may be."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from salesmode.exchange.encodings import NotText, encoding_of, opened
from salesmode.kernel.refusals import Refusal

MOST_BYTES = 256 * 1024 * 1024
MOST_UNPACKED = 768 * 1024 * 1024
MOST_RATIO = 400
MOST_PARTS = 2_000
MOST_COLUMNS = 300
MOST_ROWS = 2_000_000
MOST_CELLS = 60_000_000
MOST_EMPTY = 12_000_000
SPARSEST = 20
LONGEST_TAG = 2 * 1024 * 1024
LONGEST_CELL = 100_000
HEADER_ROWS = 12

csv.field_size_limit(LONGEST_CELL)


class UnreadableFile(Refusal):
    """A file that cannot be imported; the sentence says why."""


@dataclass
class Table:
    """A file as rows of cells under headers; `rows()` reads it anew from the first row below the headers."""

    path: Path
    form: str
    headers: list[str]
    header_row: int
    encoding: str = ""
    delimiter: str = ""
    sample: list[list[Any]] = field(default_factory=list)

    def rows(self, *, after: int = 0) -> Iterator[tuple[int, list[Any]]]:
        """Return the number (as a spreadsheet shows it) and the cells of every row with any, after a number."""
        width = len(self.headers)
        with _lines(self.path, self.form, self.encoding, self.delimiter) as lines:
            for number, cells in lines:
                if number <= max(self.header_row, after):
                    continue
                if number > MOST_ROWS:
                    raise UnreadableFile(
                        _("A file may have at most %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"}
                    )
                if any(cells) or any(cell not in ("", None) for cell in cells):
                    yield number, cells if len(cells) == width else [*cells[:width], *([""] * (width - len(cells)))]


def open_table(path: Path, *, name: str = "") -> Table:
    """Find out what a file is and where its headers are; raises UnreadableFile."""
    path, name = Path(path), name or Path(path).name
    if not path.exists():
        raise UnreadableFile(_("There is no file %(name)s.") % {"name": name})
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(_("%(name)s is empty.") % {"name": name})
    if size > MOST_BYTES:
        raise UnreadableFile(_("A file may have at most %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024})
    with path.open("rb") as file:
        start = file.read(8)
    if start[:4] == b"PK\x03\x04":
        _refuse_bombs(path)
        form, encoding, delimiter = "xlsx", "", ""
    elif start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFile(
            _("This is an old or encrypted Excel file. Save it as .xlsx without a password, or as CSV.")
        )
    else:
        form, encoding = "csv", _encoding_of(path)
        delimiter = _delimiter(path, encoding)
    with _lines(path, form, encoding, delimiter) as lines:
        first = [(number, cells) for number, cells in islice(lines, 400)]
    header_row, headers = _headers(first)
    table = Table(path, form, headers, header_row, encoding, delimiter)
    width = len(headers)
    table.sample = [
        [*cells[:width], *([""] * (width - len(cells)))]
        for number, cells in first
        if number > header_row and any(cells)
    ][:200]
    return table


def _refuse_bombs(path: Path) -> None:
    """Look at what an XLSX says it unpacks to before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(_("This Excel file is damaged.")) from None
    unpacked = sum(part.file_size for part in parts)
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise UnreadableFile(_("This is not an Excel file (.xlsx)."))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(
            _("This is an old or encrypted Excel file. Save it as .xlsx without a password, or as CSV.")
        )
    packed = max(1, path.stat().st_size)
    suspicious = unpacked > 20 * 1024 * 1024 and unpacked / packed > MOST_RATIO
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or suspicious:
        raise UnreadableFile(_("This file unpacks to far more than it should and was not opened."))
    _refuse_wide_sheets(path, parts)


def _refuse_wide_sheets(path: Path, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Unpack each part in pieces, trusting neither its stated size nor its stated width."""
    limit = MOST_UNPACKED
    with zipfile.ZipFile(path) as archive:
        for part in parts:
            name = part.filename.lower()
            looked = name.startswith("xl/worksheets/") or name in (
                "xl/workbook.xml",
                "xl/sharedstrings.xml",
                "xl/styles.xml",
            )
            if not looked or not name.endswith(".xml"):
                continue
            places = _Places()
            tail = b""
            try:
                with archive.open(part) as stream:
                    while chunk := stream.read(1024 * 1024):
                        limit -= len(chunk)
                        if limit < 0:
                            raise UnreadableFile(_("This file unpacks to far more than it should and was not opened."))
                        piece = tail + chunk
                        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                            raise UnreadableFile(
                                _("This Excel file contains what no spreadsheet needs and was not opened.")
                            )
                        if name.startswith("xl/worksheets/"):
                            places.look(piece)
                        tail = piece[piece.rfind(b"<") :]
                        if len(tail) > LONGEST_TAG:
                            raise UnreadableFile(_("This Excel file is damaged."))
                places.refuse_emptiness()
            except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
                raise UnreadableFile(_("This Excel file is damaged.")) from None
            except Exception as error:
                if isinstance(error, UnreadableFile):
                    raise
                raise UnreadableFile(_("This Excel file is damaged.")) from None


# A reader makes room for every cell up to the furthest, whether it is there or not: who names a far one asks for all.
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^<]*?\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_BEGUN = re.compile(rb"<(?:\w+:)?c[\s>/]")


@dataclass
class _Places:
    """How far the cells of a sheet reach, and how many there are."""

    width: int = 1
    height: int = 1
    cells: int = 0

    def look(self, piece: bytes) -> None:
        """Look at a piece of a sheet; raises UnreadableFile when it reaches too far."""
        found = _PLACE.findall(piece)
        self.cells += len(_BEGUN.findall(piece))
        columns, rows = {column for column, _row in found}, {row for _column, row in found}
        self.width = max(self.width, *(_column_number(column.upper()) for column in columns), 0)
        self.height = max(self.height, *(int(row) for row in rows), 0)
        if self.width > MOST_COLUMNS * 8:
            raise UnreadableFile(_("A file may have at most %(most)s columns.") % {"most": MOST_COLUMNS})
        if self.height > MOST_ROWS:
            raise UnreadableFile(_("A file may have at most %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"})

    def refuse_emptiness(self) -> None:
        """Refuse a sheet that is nearly empty and yet huge, or simply too large; raises UnreadableFile."""
        area = self.width * self.height
        if area > MOST_CELLS or area > max(MOST_EMPTY, SPARSEST * self.cells):
            raise UnreadableFile(_("This file unpacks to far more than it should and was not opened."))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# Excel's own way to say in the first line of a file what separates its cells.
_SAYS_DELIMITER = re.compile(r"sep=(.)\r?\n")


def _delimiter(path: Path, encoding: str) -> str:
    """Return what separates cells: the candidate that gives the most lines the same, larger number of cells."""
    with opened(path, encoding, errors="replace") as lines:
        text = "".join(islice(lines, 2_000))[: 64 * 1024]
    if len(text) == 64 * 1024:
        text = text[: text.rfind("\n") + 1] or text
    if said := _SAYS_DELIMITER.match(text):
        return said[1]
    best, best_score = ",", 0.0
    for candidate in (",", ";", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=candidate) if any(row)][
                :200
            ]
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths)) * min(width, 50) if width > 1 else 0.0
        if score > best_score:
            best, best_score = candidate, score
    return best


def _encoding_of(path: Path) -> str:
    """Return how a file's characters are written; raises UnreadableFile."""
    try:
        return encoding_of(path)
    except NotText:
        raise UnreadableFile(_("This is neither a CSV nor an Excel file.")) from None
    except UnicodeError:
        raise UnreadableFile(_("The file's characters could not be read. Save it as CSV UTF-8.")) from None


@contextmanager
def _lines(path: Path, form: str, encoding: str, delimiter: str) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    if form == "xlsx":
        yield _xlsx_lines(path)
        return
    with opened(path, encoding) as file:
        yield _csv_lines(file, delimiter)


def _csv_lines(file: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableFile(
                _("Row %(row)s cannot be read: a quotation mark is not closed or a cell is too long.")
                % {"row": number + 1}
            ) from None
        except UnicodeDecodeError:
            raise UnreadableFile(_("The file's characters could not be read. Save it as CSV UTF-8.")) from None
        number += 1
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise UnreadableFile(_("A file may have at most %(most)s columns.") % {"most": MOST_COLUMNS})
        yield number, cells


def _xlsx_lines(path: Path) -> Iterator[tuple[int, list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        visible = [sheet.name for sheet in workbook.sheets_metadata if "Visible" in str(sheet.visible)]
        for name in visible or workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if not sheet.total_height:
                continue
            if sheet.total_width > MOST_COLUMNS * 8 or sheet.total_height > MOST_ROWS:
                raise UnreadableFile(_("A file may have at most %(most)s columns.") % {"most": MOST_COLUMNS})
            top = sheet.start[0] if sheet.start else 0
            left = sheet.start[1] if sheet.start else 0
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                shifted = cells if top == 0 or number > top else []
                yield number, [*([""] * 0), *shifted[:MOST_COLUMNS]] if left == 0 else shifted[:MOST_COLUMNS]
            return
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(_("This Excel file is damaged.")) from None
    raise UnreadableFile(_("The file has no rows."))


def _headers(first: list[tuple[int, list[Any]]]) -> tuple[int, list[str]]:
    """Find the header row: the first that names at least half as many columns as the widest row, in words."""
    widest = max((sum(cell not in ("", None) for cell in cells) for _number, cells in first), default=0)
    if widest == 0:
        raise UnreadableFile(_("The file has no rows."))
    for number, cells in first[:HEADER_ROWS]:
        named = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if number == 1 and named[:1] == ["sep="]:
            continue
        words = [cell for cell in named if not re.fullmatch(r"[\d.,/:\s%-]+", cell)]
        if (
            len(named) >= max(1, widest * 0.5)
            and len(words) >= 0.8 * len(named)
            and len(set(named)) >= 0.5 * len(named)
        ):
            return number, _distinct(cells)
    raise UnreadableFile(_("No header row was found: the first row must name the columns."))


def _distinct(cells: Sequence[Any]) -> list[str]:
    names: list[str] = []
    last = max(index for index, cell in enumerate(cells) if cell not in ("", None))
    for position, cell in enumerate(cells[: last + 1], start=1):
        name = " ".join(str(cell if cell is not None else "").split())[:120] or f"({position})"
        seen = sum(other == name or other.startswith(f"{name} [") for other in names)
        names.append(f"{name} [{seen + 1}]" if seen else name)
    return names
