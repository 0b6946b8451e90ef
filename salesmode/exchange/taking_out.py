"""Take a list out: its rows as its page would show them, or every column that can be read in again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.utils.translation import gettext as _

from salesmode.exchange.custom import columns_of
from salesmode.exchange.sheet import SHEETS, Column
from salesmode.exchange.values import option_labels
from salesmode.exchange.writing import plain_value, write_table
from salesmode.kernel.lists import LISTINGS, Listing
from salesmode.kernel.models import Company
from salesmode.kernel.refusals import NotAllowed, NotFound

CHUNK = 2_000


@dataclass(frozen=True)
class TakenOut:
    """A list ready to be written: its headers and its rows, read as they are written."""

    title: str
    headers: list[str]
    rows: Iterator[list[Any]]

    def write(self, path: Path, form: str) -> int:
        """Write the list and return how many rows it had."""
        return write_table(path, form, self.headers, self.rows, title=self.title)


def listing_of(kind: str) -> Listing:
    """Return a list by its kind; raises NotFound."""
    if kind not in LISTINGS:
        raise NotFound(_("There is no such list."))
    return LISTINGS[kind]


def take_out(kind: str, params: QueryDict | Mapping[str, Any], *, seen_by: Any, complete: bool = False) -> TakenOut:
    """Return a list as a person sees it, with the columns chosen, or complete so that it can be read in again.

    Raises NotFound, UnknownName, UnknownValue; NotAllowed in the middle for somebody who may not look any more.
    """
    listing = listing_of(kind)
    zone = Company.objects.current().zone
    query = listing.query(params, seen_by)
    if complete and kind in SHEETS:
        fields = [_Field(column) for column in [*columns_of(kind)[:1], *SHEETS[kind].columns, *columns_of(kind)[1:]]]
        fields = [field for field in fields if field.exists_on(listing.model)]
        headers = [str(field.column.label) for field in fields]
        rows = ([plain_value(field.of(row), zone=zone) for field in fields] for row in _watched(query, seen_by))
    else:
        columns = _chosen(listing, params)
        headers = [str(column.label) for column in columns]
        rows = (
            [plain_value(_shown(column.of(row)), zone=zone) for column in columns] for row in _watched(query, seen_by)
        )
    return TakenOut(str(listing.title), headers, rows)


def _watched(query: Any, person: Any) -> Iterator[Any]:
    """Read rows in pieces, and stop as soon as the person may not look any more."""
    for position, row in enumerate(query.iterator(chunk_size=CHUNK)):
        if (
            position % CHUNK == 0
            and position
            and not get_user_model().objects.filter(pk=person.pk, is_active=True, role=person.role).exists()
        ):
            raise NotAllowed
        yield row


def _chosen(listing: Listing, params: QueryDict | Mapping[str, Any]) -> list[Any]:
    given = ",".join(params.getlist("columns")) if isinstance(params, QueryDict) else str(params.get("columns") or "")
    named = [part.partition(":")[0] for part in given.split(",") if part.partition(":")[0]]
    if named:
        return [listing.column(name) for name in named]
    return [column for column in listing.all_columns() if column.default]


def _shown(value: Any) -> Any:
    return str(value) if hasattr(value, "pk") else value


class _Field:
    """One column of a sheet read from a record."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.labels = option_labels(column)

    def exists_on(self, model: type) -> bool:
        """Whether records have this at all; what only makes sense on the way in is left out."""
        own = self.column.value is not None or self.column.name.startswith("custom.")
        return own or hasattr(model, self.column.name)

    def of(self, row: Any) -> Any:
        """Return the value as it can be read in again: people by e-mail, choices by their label."""
        if self.column.name.startswith("custom."):
            return row.custom.get(self.column.name.removeprefix("custom."))
        value = self.column.value(row) if self.column.value else getattr(row, self.column.name)
        if value is None:
            return None
        if self.column.reference:
            return getattr(value, "email", None) if self.column.reference.kind == "person" else _key_of(value)
        return self.labels.get(value, value) if self.labels else value


def _key_of(record: Any) -> str:
    return getattr(record, "external_key", "") or str(record)
