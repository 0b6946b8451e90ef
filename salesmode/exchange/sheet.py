"""What an app says about its records so that files can come in: columns with their many names, and verbs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from salesmode.kernel.events import Actor

Text = str | Promise
Values = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One value that a column may have, with the words people write for it."""

    value: str
    label: Text
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """How a text in a cell names another record: by name, number, e-mail or key.

    `find(texts, by)` returns for each text it knows the records that answer to it; none or several make the row fail.
    `names(by)` returns what could be meant, for near matches.
    """

    kind: str
    find: Callable[[Sequence[str], Any], Mapping[str, Sequence[Any]]]
    names: Callable[[Any], Iterable[str]] = lambda by: ()


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `kind` is text, integer, number, money, percent, date, datetime, flag, choice, email, tags or reference.
    """

    name: str
    label: Text
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    length: int | None = None
    least: int | None = None
    most: int | None = None
    options: Callable[[], Sequence[Option]] | None = None
    # Whether a choice takes words that are not among its options.
    is_open: bool = False
    reference: Reference | None = None
    example: str = ""
    # How a record is read when a list is taken out; without it, by the attribute of the column's name.
    value: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one row: created, updated, unchanged, skipped or failed, with the record or the reason."""

    verdict: str
    record_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Sheet:
    """One kind of record as rows of a file.

    `find(key, values, by)` returns value → record for those that exist and that this person may see.
    `create` and `amend` are the app's operations; `create_many`, where there is one, writes a batch in few statements
    and returns a record or the refusal for each row.
    """

    kind: str
    title: Text
    columns: tuple[Column, ...]
    words: tuple[str, ...]
    create: Callable[..., Any]
    may_create: Callable[[Any], bool]
    find: Callable[[str, Sequence[Any], Any], Mapping[Any, Any]] = lambda key, values, by: {}
    amend: Callable[..., Any] | None = None
    create_many: Callable[..., Sequence[Any]] | None = None
    # What to say about rows before they come in, by their place; None when there is nothing to be looked for.
    warner: Callable[[], Callable[[Sequence[Values]], Mapping[int, str]] | None] | None = None
    # Which columns can name an existing record, the surest first.
    keys: tuple[str, ...] = ()
    order: int = 50
    # The column into which everything goes that has no column of its own.
    notes: str = ""
    # The column that says when the record came into being; its operation gets it as `at`.
    dated_by: str = ""

    def column(self, name: str) -> Column:
        """Return a column by its name; raises KeyError."""
        return next(column for column in self.columns if column.name == name)

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Return everything by which an existing record can be known: our own number first."""
        return ("id", *self.keys)

    @property
    def required(self) -> list[Column]:
        """Return the columns that a row cannot do without."""
        return [column for column in self.columns if column.required]


@dataclass
class Known:
    """What a run has looked up so far: references by column and text, so that a name is asked for once."""

    found: dict[tuple[str, str], Any] = field(default_factory=dict)


SHEETS: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    """Make a sheet known to pages, API and command line."""
    SHEETS[sheet.kind] = sheet
    return sheet


def sheets_for(person: Any) -> list[Sheet]:
    """Return the sheets that a person may import into, in the order in which a company is imported."""
    return sorted((sheet for sheet in SHEETS.values() if sheet.may_create(person)), key=lambda sheet: sheet.order)


def dated(values: Values, sheet: Sheet, at: datetime) -> datetime:
    """Return when a row's record came into being: what the file says, else the given moment."""
    moment = values.pop(sheet.dated_by, None) if sheet.dated_by else None
    return min(moment, at) if moment else at


def by_text(rows: Iterable[tuple[Any, Any]]) -> dict[str, list[Any]]:
    """Group records by the text they answer to, without regard to case; the same record once."""
    answer: dict[str, list[Any]] = {}
    for text, record in rows:
        there = answer.setdefault(str(text).casefold(), [])
        if all(other.pk != record.pk for other in there):
            there.append(record)
    return answer


__all__ = [
    "SHEETS",
    "Actor",
    "Column",
    "Known",
    "Option",
    "Outcome",
    "Reference",
    "Sheet",
    "by_text",
    "dated",
    "register",
    "sheets_for",
]
