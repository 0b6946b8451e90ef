"""A table as it is copied from a spreadsheet: each line read, and judged as it would be when it is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from salesmode.exchange.cells import Unreadable, as_number, is_readable
from salesmode.exchange.mapping import names_of, spellings
from salesmode.kernel.here import company
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.targets import queries
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.target import MONTHS
from salesmode.targets.operations.set_target import EARLIEST, LATEST, try_target
from salesmode.targets.sheets import LEVELS, SHEET, numbers_of
from salesmode.targets.sheets.naming import Names

MOST_LINES = 2_000
# Without a header a line says by its length what it means.
BY_LENGTH = {
    1: ["base"],
    2: ["base", "stretch"],
    3: ["base", "stretch", "challenge"],
}
_YEAR_AND_MONTH = re.compile(r"(?:fy)?\d{4}\D?(\d{1,2})月?")


@dataclass
class PastedLine:
    """One line of a pasted table: for whom it is, which draft it would make, or what is wrong with it."""

    number: int
    name: str
    whose: Whose | None = None
    numbers: dict[str, Any] = field(default_factory=dict)
    draft: Target | None = None
    # What is there now: the draft that would be changed, else the version that holds.
    former: Target | None = None
    problem: str = ""

    @property
    def is_change(self) -> bool:
        """Whether a draft that is there would be changed."""
        return self.former is not None and self.former.is_draft

    @property
    def is_next(self) -> bool:
        """Whether this would be the next version of what holds."""
        return self.former is not None and not self.former.is_draft


def read_pasted(
    *, table: str, metric: str, year: int, distribution: str = "even", by: Person, at: datetime
) -> list[PastedLine]:
    """Return what each line of a table would draft; nothing is kept.

    The first column says for whom, then come the year (with stretch and challenge), or twelve months, or the year and
    its twelve months; a first line of headings may say otherwise. Raises Invalid for an empty table, or one too long.
    """
    rows = [(number, line.split("\t")) for number, line in enumerate(table.splitlines(), 1) if line.strip()]
    if not rows:
        raise Invalid({"table": [_("Paste some lines first.")]})
    if len(rows) > MOST_LINES:
        raise Invalid({"table": [_("That is more than %(most)s rows.") % {"most": MOST_LINES}]})
    if not EARLIEST <= year <= LATEST:
        said = {"first": EARLIEST, "last": LATEST}
        raise Invalid({"year": [_("Choose a year from %(first)s to %(last)s.") % said]})
    columns: list[str] | None = None
    known = _headings()
    if _is_heading(rows[0][1], known):
        columns = _columns(rows.pop(0)[1], known)
    names = Names(by)
    lines = [_read(number, cells, columns, names, metric) for number, cells in rows]
    if distribution == Target.Distribution.LAST_YEAR:
        _take_last_years_shape(lines, metric, year)
    _judge(lines, metric, year, by, at)
    return lines


def _is_heading(cells: Sequence[str], known: Mapping[str, str]) -> bool:
    """Say whether a line is the headings: months or levels and no amount. Bare numbers are only when all twelve."""
    said = [cell.strip() for cell in cells[1:] if cell.strip()]
    if amounts := [cell for cell in said if is_readable(as_number, cell)]:
        return all(cell.isdecimal() for cell in amounts) and sorted(map(int, amounts)) == list(range(1, MONTHS + 1))
    if said and all(_column_of(cell, known) for cell in said):
        return True
    return bool(said) and not any(any(mark.isdigit() for mark in cell) for cell in said)


def _headings() -> dict[str, str]:
    """Return how columns are called, each with what it is; months and levels by all their names."""
    known: dict[str, str] = {}
    for column in SHEET.columns:
        if column.name in (*LEVELS, "note") or column.name.startswith("month_"):
            known |= dict.fromkeys(names_of(column, SHEET), column.name)
    return known


def _column_of(cell: str, known: Mapping[str, str]) -> str:
    ways = spellings(cell)
    found = next((known[way] for way in ways if way in known), "")
    if not found and ways and (match := _YEAR_AND_MONTH.fullmatch(ways[0])) and 1 <= int(match[1]) <= MONTHS:
        return f"month_{int(match[1])}"
    return found


def _columns(cells: Sequence[str], known: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for cell in cells[1:]:
        name = _column_of(cell, known)
        said = {"text": cell.strip()[:60]}
        if not name and cell.strip():
            raise Invalid({"table": [_('"%(text)s" is no month and no level of a target.') % said]})
        if name and name in found:
            raise Invalid({"table": [_('"%(text)s" stands there twice.') % said]})
        found.append(name)
    return found


def _read(number: int, cells: Sequence[str], columns: Sequence[str] | None, names: Names, code: str) -> PastedLine:
    line = PastedLine(number, cells[0].strip())
    try:
        line.whose = names.whose(line.name)
        line.numbers = _numbers(cells[1:], columns, code)
    except Unreadable as error:
        line.problem = str(error)
    except Refusal as refusal:
        line.problem = _sentence(refusal)
    return line


def _sentence(refusal: Refusal) -> str:
    said = dict.fromkeys(text for texts in refusal.fields.values() for text in texts)
    return " ".join(said or [refusal.message])


def _numbers(cells: Sequence[str], columns: Sequence[str] | None, code: str) -> dict[str, Any]:
    first = company().fiscal_year_starts_in
    said = list(cells)
    if columns is None:
        while said and not said[-1].strip():
            said.pop()
        months = [f"month_{(first - 1 + number) % MONTHS + 1}" for number in range(MONTHS)]
        by_length: Mapping[int, list[str]] = BY_LENGTH | {MONTHS: months, MONTHS + 1: ["base", *months]}
        columns = by_length.get(len(said), [])
        if not columns:
            raise Unreadable(_("Give 1 to 3 amounts for the year, its 12 months, or the year and then its months."))
    values: dict[str, Any] = {}
    for name, cell in zip(columns, said, strict=False):
        if name == "note" and cell.strip():
            values["note"] = cell.strip()
        elif name and cell.strip() and cell.strip() not in ("-", "—"):
            values[name] = as_number(cell)
    note = {"note": values.pop("note")} if "note" in values else {}
    if any(value < 0 for value in values.values()):
        raise Unreadable(_("A target is not below zero."))
    if not values:
        raise Unreadable(_("Say what is to be reached."))
    return numbers_of(values, code=code, starts_month=first) | note


def _take_last_years_shape(lines: Sequence[PastedLine], code: str, year: int) -> None:
    """Give years the shape of what was reached the year before; one measurement for each kind of unit."""
    before = Period.parse(f"FY{year}").before()
    whole = [line for line in lines if line.whose is not None and "months" not in line.numbers and not line.problem]
    for unit in {line.whose.unit for line in whole if line.whose}:
        reached = queries.months_of_year(code, unit, before.first, before)
        for line in whole:
            if line.whose is not None and line.whose.unit == unit:
                shape = queries.months_with_those_below(line.whose, reached)
                line.numbers |= {"distribution": Target.Distribution.LAST_YEAR, "last_year": shape}


def _judge(lines: Sequence[PastedLine], metric: str, year: int, by: Person, at: datetime) -> None:
    starts_on = Period.parse(f"FY{year}").first
    there = Target.objects.filter(metric=metric, starts_on=starts_on).exclude(status=Target.Status.SUPERSEDED)
    former = {(row.unit, row.key): row for row in there.order_by("edition")}
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.problem or line.whose is None:
            continue
        same = seen.setdefault((line.whose.unit, line.whose.key), line.number)
        if same != line.number:
            line.problem = _("Line %(line)s is about the same.") % {"line": same}
            continue
        try:
            line.draft = try_target(metric=metric, year=year, whose=line.whose, by=by, at=at, **line.numbers)
            line.former = former.get((line.whose.unit, line.whose.key))
        except Refusal as refusal:
            line.problem = _sentence(refusal)


def total_of(lines: Sequence[PastedLine]) -> Decimal:
    """Return what the lines that are fine come to together."""
    return sum((line.draft.base for line in lines if line.draft is not None), Decimal())
