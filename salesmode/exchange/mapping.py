"""Guess which column of a file is which of a sheet: by its name in any language, then by what is in it."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from salesmode.exchange.cells import as_date, as_email, as_flag, as_number, as_text, is_readable
from salesmode.exchange.reading import Table
from salesmode.exchange.sheet import Column, Sheet

IGNORE = ""
NOTES = "+notes"
NEAR = 86
_PLACE = re.compile(r"^(.*?)\s*[-–—:：/>]\s+(.*)$")
_DISTINCT = re.compile(r"\s\[\d+\]$")


_READERS: dict[str, Callable[[Any], Any]] = {
    "integer": as_number,
    "number": as_number,
    "money": as_number,
    "percent": as_number,
    "date": as_date,
    "datetime": as_date,
    "flag": as_flag,
    "email": as_email,
}


@dataclass(frozen=True)
class Guess:
    """Where a header goes: a column's name, the notes, or nowhere; and how sure that is, 0 to 100."""

    header: str
    target: str
    sureness: int
    reason: str


def plain(text: str) -> str:
    """Return a header without case, width, stars, brackets, spaces and punctuation."""
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\s\W_]+", "", text)


def spellings(header: str) -> list[str]:
    """Return the ways to read a header, the fullest first: as it stands, without brackets, without prefix."""
    header = _DISTINCT.sub("", header)
    bare = re.sub(r"[(\[（【].*?[)\]）】]", "", header)
    ways = [plain(header), plain(bare)]
    if match := _PLACE.match(bare):
        ways.append(plain(match[1] + match[2]))
    return list(dict.fromkeys(way for way in ways if way))


def names_of(column: Column, sheet: Sheet) -> dict[str, int]:
    """Return the spellings under which a column is known, each with how sure it is."""
    names: dict[str, int] = {}
    # An "id" is another system's; only our own words mean our own number.
    own = () if column.name == "id" else (column.name.replace("_", " "),)
    for text in (str(column.label), *column.aliases, *own, *_both_languages(column)):
        if key := plain(text):
            names.setdefault(key, 100)
    for word in sheet.words:
        for key in list(names):
            if names[key] == 100 and not key.startswith(plain(word)):
                names.setdefault(plain(word) + key, 97)
    return names


def _both_languages(column: Column) -> list[str]:
    from django.conf import settings
    from django.utils import translation

    texts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts.append(str(column.label))
    return texts


def propose(table: Table, sheet: Sheet, *, more: Sequence[Column] = ()) -> list[Guess]:
    """Guess the target of every header; no column is filled twice, and nothing that was written is lost silently."""
    columns = [*sheet.columns, *more]
    known = {column.name: names_of(column, sheet) for column in columns}
    candidates: list[tuple[int, int, str, str]] = []
    for position, header in enumerate(table.headers):
        samples = [row[position] for row in table.sample if as_text(row[position])][:50]
        for column in columns:
            sureness, reason = _likeness(header, known[column.name])
            if sureness and samples and not _fits(column, samples):
                sureness -= 35
            if sureness >= 60:
                candidates.append((sureness, -position, column.name, reason))
    chosen: dict[int, Guess] = {}
    taken: set[str] = set()
    for sureness, minus, name, reason in sorted(candidates, key=lambda each: (-each[0], -each[1])):
        if -minus not in chosen and name not in taken:
            chosen[-minus] = Guess(table.headers[-minus], name, min(sureness, 100), reason)
            taken.add(name)
    for position, header in enumerate(table.headers):
        if position not in chosen:
            chosen[position] = _by_content(header, position, table, sheet, taken)
            taken.add(chosen[position].target)
    return [chosen[position] for position in range(len(table.headers))]


def _likeness(header: str, names: dict[str, int]) -> tuple[int, str]:
    # Here and not above: most processes never read a file, and do without these 4 MB.
    from rapidfuzz import fuzz, process

    ways = spellings(header)
    for loss, way in enumerate(ways):
        if way in names:
            return names[way] - loss, "name"
    near = (
        process.extractOne(ways[0], [name for name in names if len(name) > 3], scorer=fuzz.ratio, score_cutoff=NEAR)
        if ways and len(ways[0]) > 3
        else None
    )
    return (int(near[1]) - 12, "near") if near else (0, "")


def _fits(column: Column, samples: Sequence[Any]) -> bool:
    """Whether most samples could be values of a column."""
    read = _READERS.get(column.kind)
    if read is None:
        return True
    return sum(is_readable(read, sample) for sample in samples) >= 0.5 * len(samples)


def _by_content(header: str, position: int, table: Table, sheet: Sheet, taken: set[str]) -> Guess:
    samples = [as_text(row[position]) for row in table.sample if as_text(row[position])][:50]
    if len(samples) >= 3:
        for column in sheet.columns:
            if column.name in taken:
                continue
            if column.kind == "email" and sum(is_readable(as_email, sample) for sample in samples) >= 0.8 * len(
                samples
            ):
                return Guess(header, column.name, 55, "content")
            if column.name in ("phone", "mobile") and sum(
                bool(re.fullmatch(r"(\+?86)?1[3-9]\d{9}", re.sub(r"[\s-]", "", sample))) for sample in samples
            ) >= 0.8 * len(samples):
                return Guess(header, column.name, 55, "content")
    return Guess(header, NOTES if sheet.notes else IGNORE, 0, "unknown")


def sureness_for(table: Table, sheet: Sheet) -> float:
    """Say how well a file fits a sheet: the share of its headers that find a column, all required ones present."""
    guesses = propose(table, sheet)
    found = {guess.target for guess in guesses if guess.sureness >= 60}
    if any(column.name not in found for column in sheet.required):
        return 0.0
    return sum(guess.sureness for guess in guesses if guess.sureness >= 60) / (100 * len(guesses))


def near(text: str, names: Sequence[str]) -> str | None:
    """Return the name that a text most probably means, if one is near enough and no other as near."""
    folded = {name: plain(name) for name in names}
    exact = [name for name, key in folded.items() if key == plain(text)]
    if exact:
        return exact[0] if len(exact) == 1 else None
    from rapidfuzz import fuzz, process

    hits = process.extract(plain(text), folded, scorer=fuzz.ratio, score_cutoff=80, limit=2)
    if not hits or (len(hits) == 2 and hits[0][1] - hits[1][1] < 3):
        return None
    return hits[0][2]
