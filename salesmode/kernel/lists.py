"""Lists of records, declared once for the page, the API, the export and saved views."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from salesmode.kernel import lists_custom, lists_filters, lists_order, lists_paging
from salesmode.kernel.lists_refusals import UnknownName, UnknownValue
from salesmode.kernel.panels import Text

ColumnKind = Literal[
    "text", "money", "number", "percent", "date", "datetime", "period", "person", "link", "chip", "bool", "tags"
]
FilterKind = Literal["choice", "text", "number", "date", "person", "team", "bool", "reference"]

RESERVED = frozenset(
    {"q", "sort", "after", "before", "limit", "columns", "group", "view", "part", "format", "kind", "selected"}
)
# How a page shows its list; a program that says so means something that it would not get.
FOR_PAGES = RESERVED - {"q", "sort", "after", "before", "limit"}
MOST_ROWS = 200
COUNTED_UP_TO = 10_000
BULK_LIMIT = 1_000


@dataclass(frozen=True)
class Column:
    """What a list shows of each row: where it is found, how it reads, by what it is sorted.

    `path` walks attributes with dots; `sort` is the database field; `currency` the attribute with a money's currency;
    `url` finds the address behind a link or person; `tone` finds a chip's tone; `says` puts a row's value into words
    where its unit depends on the row.
    """

    name: str
    label: Text
    kind: ColumnKind = "text"
    path: str = ""
    sort: str | None = None
    default: bool = True
    currency: str = "currency"
    url: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    value: Callable[[Any], Any] | None = None
    says: Callable[[Any], str] | None = None
    custom: Any = None

    def of(self, row: Any) -> Any:
        """Read this column's value from a row."""
        if self.value is not None:
            return self.value(row)
        found = row
        for step in (self.path or self.name).split("."):
            if found is None:
                return None
            found = found.get(step) if isinstance(found, Mapping) else getattr(found, step)
            if callable(found) and not isinstance(found, models.Manager):
                found = found()
        return found


@dataclass(frozen=True)
class Filter:
    """What a list can be narrowed by. Ranges read `<name>_from` and `<name>_to`; `me` and `none` stand for people.

    `choices` is called with the viewer; `apply(rows, values, viewer)` replaces the usual comparison.
    """

    name: str
    label: Text
    kind: FilterKind = "choice"
    field: str = ""
    choices: Callable[..., Iterable[tuple[Any, Any]]] | None = None
    lookup: str = "icontains"
    apply: Callable[[models.QuerySet, list[str], Any], models.QuerySet] | None = None
    visible: bool = True
    custom: Any = None

    def param_names(self) -> tuple[str, ...]:
        """Return the names that the query string may use for this filter."""
        if self.kind in {"number", "date"}:
            return (self.name, f"{self.name}_from", f"{self.name}_to")
        return (self.name,)


@dataclass(frozen=True)
class BulkAction:
    """Something to do to all selected rows; its page gets `ids`, or `all` and the list's own query."""

    name: str
    label: Text
    route: str
    icon: str = "checks"
    confirm: Text = ""
    danger: bool = False

    @property
    def url(self) -> str:
        """Return the address that gets the selection."""
        return reverse(self.route)


@dataclass(frozen=True)
class Inline:
    """A column that is changed in place: the form field for a row, and the operation that saves the answer."""

    field: Callable[[Any, Any], Any]
    save: Callable[..., Any]
    value: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Listing:
    """One kind of record as a list: which rows somebody sees, its columns, filters, orders and actions."""

    kind: str
    title: Text
    model: type[models.Model]
    base: Callable[[Any], models.QuerySet]
    columns: list[Column]
    filters: list[Filter] = field(default_factory=list)
    sorts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    default_sort: str = "-created_at"
    row_url: Callable[[Any], str] | None = None
    bulk: list[BulkAction] = field(default_factory=list)
    inline: dict[str, Inline] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    create_route: str = ""
    create_label: Text = ""
    empty: Text = ""
    search_fields: tuple[str, ...] = ()
    card: tuple[str, ...] = ()

    def all_columns(self) -> list[Column]:
        """Return the declared columns and the company's own fields."""
        return [*self.columns, *lists_custom.columns_of(self.kind)]

    def all_filters(self) -> list[Filter]:
        """Return the declared filters and those of the company's own fields."""
        return [*self.filters, *lists_custom.filters_of(self.kind)]

    def column(self, name: str) -> Column:
        """Find a column by name; raises UnknownName."""
        for each in self.all_columns():
            if each.name == name:
                return each
        raise UnknownName(name)

    def query(self, params: QueryDict | Mapping[str, Any], seen_by: Any, *, ordered: bool = True) -> models.QuerySet:
        """Return the rows that a query string asks for, among those that somebody may see.

        Raises UnknownName for a filter or sort that is not on the list, UnknownValue for a value that does not fit.
        """
        params = as_query(params)
        rows = lists_filters.narrow(self, self.base(seen_by), params, seen_by)
        rows = lists_custom.with_values(rows, self.kind, self.order(params))
        return rows.order_by(*self.order(params)) if ordered else rows.order_by()

    def order(self, params: QueryDict | Mapping[str, Any]) -> tuple[str, ...]:
        """Return the database order behind the names in `sort` and `group`."""
        params = as_query(params)
        return lists_order.order_of(self, params.get("sort") or self.default_sort, params.get("group", ""))

    def page(
        self, params: QueryDict | Mapping[str, Any], *, seen_by: Any, limit: int | None = None
    ) -> "lists_paging.ListPage":
        """Return one page of rows and the cursors to its neighbours. Two queries at most, however deep."""
        return lists_paging.page(self, as_query(params), seen_by=seen_by, limit=limit)

    def count(self, params: QueryDict | Mapping[str, Any], *, seen_by: Any) -> int:
        """Count the rows, up to 10,001: more is told as 10,000+."""
        rows = self.query(params, seen_by, ordered=False)
        return rows.values("pk")[: COUNTED_UP_TO + 1].count()

    def selected(self, params: QueryDict, *, seen_by: Any) -> list[Any]:
        """Return the rows that a bulk form names, by ids or as everything that the list shows, up to 1,000.

        Rows that the person may not see are left out. Raises UnknownValue when more than 1,000 are meant.
        """
        if params.get("all"):
            rows = self.query(QueryDict(params.get("query", "")), seen_by)
        else:
            ids = [lists_filters.whole_number("ids", each) for each in params.getlist("ids")]
            rows = self.base(seen_by).filter(pk__in=ids).order_by("pk")
        found = list(rows[: BULK_LIMIT + 1])
        if len(found) > BULK_LIMIT:
            raise UnknownValue("ids", lists_filters.too_many(BULK_LIMIT))
        return found


LISTINGS: dict[str, Listing] = {}


def register(listing: Listing) -> Listing:
    """Offer a list to the pages, the API, the export and saved views."""
    LISTINGS[listing.kind] = listing
    return listing


def extend(
    kind: str,
    *,
    columns: Iterable[Column] = (),
    filters: Iterable[Filter] = (),
    prepare: Callable[[models.QuerySet], models.QuerySet] = lambda rows: rows,
) -> None:
    """Add columns and filters of an upper app to a list; `prepare` lets its rows carry what the columns read."""
    former = LISTINGS[kind]
    LISTINGS[kind] = replace(
        former,
        base=lambda person: prepare(former.base(person)),
        columns=[*former.columns, *columns],
        filters=[*former.filters, *filters],
    )


def as_query(params: QueryDict | Mapping[str, Any]) -> QueryDict:
    """Read plain names and values as a query string would give them."""
    if isinstance(params, QueryDict):
        return params
    query = QueryDict(mutable=True)
    for name, value in params.items():
        if value is None:
            continue
        values = value if isinstance(value, list | tuple) else [value]
        query.setlist(name, [_plain(each) for each in values])
    return query


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def show(
    request: HttpRequest, kind: str, *, template: str = "ui/list.html", extra: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer with the list page of a kind, or with the part of it that was asked for."""
    from salesmode.kernel import lists_page

    return lists_page.show(request, LISTINGS[kind], template=template, extra=extra or {})
