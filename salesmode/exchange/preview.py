"""What an import would do, seen before it does it: the first rows are really brought in, and taken back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from salesmode.exchange.cells import as_text
from salesmode.exchange.custom import columns_of
from salesmode.exchange.mapping import near, plain
from salesmode.exchange.models import ImportRun
from salesmode.exchange.reading import Table
from salesmode.exchange.rows import Bringing, Judged, counted
from salesmode.exchange.sheet import SHEETS, Column, Outcome
from salesmode.exchange.values import is_known_choice, spoken
from salesmode.kernel.models import Company

LOOKED_AT = 200
SEARCHED = 50_000
MOST_WORDS = 60
MOST_WARNINGS = 20


@dataclass(frozen=True)
class Word:
    """A word in the file that its column does not know: how often it occurs, and what it may mean."""

    text: str
    rows: int
    meant: str


@dataclass(frozen=True)
class UnknownWords:
    """The words of one column that are not among its choices, and the choices."""

    column: Column
    words: list[Word]
    options: list[tuple[str, str]]


@dataclass
class Preview:
    """What would become of the first rows, and which words need a meaning first."""

    headers: list[str]
    rows: list[tuple[Judged, Outcome]] = field(default_factory=list)
    unknown: list[UnknownWords] = field(default_factory=list)
    verdicts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    warned: list[tuple[int, str]] = field(default_factory=list)
    warned_rows: int = 0


class _TakenBack(Exception):
    """Ends the rehearsal."""


def table_of(run: ImportRun) -> Table:
    """Return the file of an import as it was understood."""
    return Table(run.path, run.form, run.headers, run.header_row, run.encoding, run.delimiter)


def preview(run: ImportRun, *, seen_by: Any, at: datetime, most: int = LOOKED_AT) -> Preview:
    """Return what would become of the first rows; nothing is kept. As many queries as bringing them in takes."""
    seen = Preview(run.headers, total=run.total)
    zone = Company.objects.current().zone
    bringing = Bringing(SHEETS[run.sheet], run, by=seen_by, zone=zone)
    try:
        with transaction.atomic():
            seen.rows = bringing.bring_in(list(islice(table_of(run).rows(), most)), at=at)
            raise _TakenBack
    except _TakenBack:
        pass
    seen.verdicts = counted(outcome for _row, outcome in seen.rows)
    seen.unknown = unknown_words(run, seen_by=seen_by)
    for warning in _warnings(bringing, run):
        seen.warned_rows += 1
        if len(seen.warned) < MOST_WARNINGS:
            seen.warned.append(warning)
    return seen


def _warnings(bringing: Bringing, run: ImportRun) -> Iterator[tuple[int, str]]:
    """Return which rows there is something to be said about; one pass over the file if anything is looked for."""
    warn = bringing.sheet.warner() if bringing.sheet.warner else None
    if warn is None:
        return
    rows = islice(table_of(run).rows(), SEARCHED)
    while batch := list(islice(rows, 2_000)):
        said = warn([bringing.read_row(cells) for _number, cells in batch])
        yield from ((batch[place][0], sentence) for place, sentence in sorted(said.items()))


def unknown_words(run: ImportRun, *, seen_by: Any) -> list[UnknownWords]:
    """Return the words that columns with choices do not know, with near matches; one pass over the file."""
    sheet = SHEETS[run.sheet]
    columns = {column.name: column for column in [*sheet.columns, *columns_of(sheet.kind)]}
    asked = [
        (position, columns[run.mapping[header]])
        for position, header in enumerate(run.headers)
        if run.mapping.get(header) in columns and _has_choices(columns[run.mapping[header]])
    ]
    counts: dict[str, Counter[str]] = {column.name: Counter() for _position, column in asked}
    if asked:
        for _number, cells in islice(table_of(run).rows(), SEARCHED):
            for position, column in asked:
                counts[column.name][as_text(cells[position])] += 1
    found = [_unknown(column, counts[column.name], seen_by) for _position, column in asked]
    return [each for each in found if each.words]


def _has_choices(column: Column) -> bool:
    return (column.kind == "choice" and not column.is_open) or (
        column.reference is not None and column.reference.kind != "customer" and column.reference.kind != "contact"
    )


def _unknown(column: Column, counts: Counter[str], seen_by: Any) -> UnknownWords:
    if column.reference is not None:
        texts = [text for text in counts if text]
        answers = column.reference.find(texts[:2_000], seen_by)
        names = sorted(set(column.reference.names(seen_by)))[:500]
        words = [
            Word(text, counts[text], near(text, names) or "") for text in texts if not answers.get(text.casefold())
        ]
        return UnknownWords(column, words[:MOST_WORDS] if names else [], [(name, name) for name in names])
    options = [(option.value, str(option.label)) for option in (column.options() if column.options else ())]
    spelt = {
        text: option.value
        for option in (column.options() if column.options else ())
        for text in (*spoken(option), *option.aliases)
    }
    words = []
    for text, rows in counts.most_common():
        if text and not is_known_choice(column, text):
            meant = near(text, list(spelt))
            words.append(
                Word(
                    text,
                    rows,
                    spelt.get(meant or "", "")
                    or next((value for spelling, value in spelt.items() if plain(spelling) == plain(text)), ""),
                )
            )
    return UnknownWords(column, words[:MOST_WORDS], options)
