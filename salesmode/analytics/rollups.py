"""Roll-ups: what a part adds up to by month and a few columns, so that long periods need not read every row.

A roll-up has the columns of its fact, so the same expression gives the same number over either: sums of sums are exact.
Months that a question cuts through are read row by row, and so are parts too small to be worth it.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.metrics import Metric
from salesmode.kernel.periods import add_months

# How many rows of the fact a row of the roll-up stands for.
ROWS = "row_count"
_SUM = re.compile(r"\bsum\(([a-z_]+)\)")
_COUNT = re.compile(r"\bcount\(\*\)(?! *filter)")
_WORD = re.compile(r"[a-z_]+ *\(?")
_NOT_COLUMNS = frozenset({"filter", "and", "or", "not", "in", "double", "bigint", "coalesce", "nullif", "date_trunc"})


@dataclass(frozen=True)
class Rollup:
    """The sums of a fact's columns by month and some others."""

    fact: str
    keys: tuple[str, ...]
    sums: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Return what changes when the roll-up does, so that it is made again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


ROLLUPS: dict[str, list[Rollup]] = {}


def register(fact: str, *slices: tuple[str, ...], flags: tuple[str, ...] = (), sums: tuple[str, ...] = ()) -> None:
    """Have a fact rolled up once for each slice; `flags` are the columns that expressions filter by."""
    ROLLUPS[fact] = [Rollup(fact, (*flags, *keys), sums) for keys in slices]


def fitting(
    metrics: Sequence[Metric], dimensions: Iterable[str], owners: Sequence[int] | None
) -> tuple[Rollup, list[str]] | None:
    """Return a roll-up that answers some metrics, and their expressions over it; None where only the rows do."""
    first = metrics[0]
    if first.source or len(first.facts) != 1 or first.dated_by != "local_at":
        return None
    columns = {first.per} if first.per else set()
    columns |= {"owner_id"} if owners is not None else set()
    sums: set[str] = set()
    for name in dimensions:
        looked_up = name in first.by_owner
        columns |= {"owner_id"} if looked_up else _columns(DIMENSIONS[name].sql.format(dated_by="")) or set()
    for each in metrics:
        expression = each.inner or each.sql
        sums |= set(_SUM.findall(expression))
        for text in (_COUNT.sub("", _SUM.sub("", expression)), each.where):
            named = _columns(text)
            if named is None:
                return None
            columns |= named
    for rollup in ROLLUPS.get(first.facts[0], ()):
        if columns <= set(rollup.keys) and sums <= set(rollup.sums):
            return rollup, [_COUNT.sub(f"sum({ROWS})", each.inner or each.sql) for each in metrics]
    return None


def _columns(text: str) -> set[str] | None:
    """Return the columns that an expression names besides its sums; None where it calls what no sum can stand for."""
    words = _WORD.findall(re.sub(r"'[^']*'|::[a-z]+", "", text))
    called = {word.rstrip("( ") for word in words if word.endswith("(")} - _NOT_COLUMNS
    return None if called else {word.strip("( ") for word in words} - _NOT_COLUMNS


def split_months(edges: Iterable[date]) -> list[tuple[date, date]]:
    """Return the months that some edges cut through; everywhere else a month counts as a whole or not at all."""
    cut = sorted({edge.replace(day=1) for edge in edges if edge.day != 1})
    return [(first, add_months(first, 1)) for first in cut]
