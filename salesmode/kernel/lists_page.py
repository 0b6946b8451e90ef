"""The list page: what its toolbar, table and footer show for one query string and one viewer."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from salesmode.kernel import lists_filters
from salesmode.kernel.lists_cells import NUMERIC, cell
from salesmode.kernel.lists_order import sorts_of
from salesmode.kernel.lists_paging import ListPage
from salesmode.kernel.lists_refusals import UnknownName
from salesmode.kernel.lists_table import Head, edit_url, rows_of
from salesmode.kernel.policies import may_open
from salesmode.kernel.wording import period as said_period

if TYPE_CHECKING:
    from salesmode.kernel.lists import Column, Filter, Listing

COOKIE_LIVES = 31_536_000
WIDTHS = range(60, 801)
PARTS = {"count": "ui/list.html#count", "table": "ui/list.html#table"}


@dataclass(frozen=True)
class FilterChip:
    """One filter of the toolbar: what it is set to and what it offers."""

    filter: "Filter"
    values: list[str]
    first: str
    last: str
    says: str
    choices: list[tuple[str, str]]
    clear_url: str
    others: list[tuple[str, str]]

    @property
    def is_set(self) -> bool:
        """Whether the list is narrowed by it."""
        return bool(self.values or self.first or self.last)

    @property
    def is_range(self) -> bool:
        """Whether it has a beginning and an end."""
        return self.filter.kind in {"number", "date"}

    @property
    def ticks(self) -> SafeString:
        """The choices as boxes to tick, or to choose one of. Written in Python because there may be hundreds."""
        kind, name = "radio" if self.filter.kind == "bool" else "checkbox", escape(self.filter.name)
        box = f'<input class="form-check-input" type="{kind}" name="{name}"'
        written = (
            f'<label class="check">{box} value="{_escaped(value)}"{" checked" if value in self.values else ""}>'
            f"<span>{_escaped(label)}</span></label>"
            for value, label in self.choices
        )
        return mark_safe("".join(written))  # noqa: S308  every part is escaped


def _escaped(text: str) -> str:
    # Keys and most names are letters and digits.
    return text if text.isalnum() else escape(text)


class ListView:
    """Everything a list template reads; nothing here starts a query but the page and the choices of filters."""

    def __init__(self, request: HttpRequest, listing: "Listing") -> None:
        self.request = request
        self.listing = listing
        self.params = request.GET
        self.path = request.path

    @cached_property
    def page(self) -> ListPage:
        """The page of rows."""
        return self.listing.page(self.params, seen_by=self.request.user)

    @cached_property
    def layout(self) -> list[tuple["Column", int | None]]:
        """The columns to show and their widths: from the query string, the person's cookie, or the declaration."""
        chosen = self.params.get("columns", "")
        if chosen:
            return list(self._read_layout(chosen, strict=True))
        remembered = self.request.COOKIES.get(self.cookie, "") if "columns" not in self.params else ""
        found = list(self._read_layout(remembered, strict=False))
        return found or [(column, None) for column in self.listing.all_columns() if column.default]

    @property
    def cookie(self) -> str:
        """The cookie that remembers a person's columns of this list."""
        return f"columns-{self.listing.kind}"

    def _read_layout(self, text: str, *, strict: bool) -> Any:
        known = {column.name: column for column in self.listing.all_columns()}
        seen = set()
        for part in ",".join(self.params.getlist("columns") if strict else [text]).split(","):
            name, _colon, width = part.strip().partition(":")
            if not name or name in seen:
                continue
            if name not in known:
                if strict and not name.startswith("custom."):
                    raise UnknownName(name)
                continue
            seen.add(name)
            size = int(width) if re.fullmatch(r"[0-9]{2,3}", width) and int(width) in WIDTHS else None
            yield known[name], size

    def address(self, **changes: str | None) -> str:
        """Return this list's address with some names changed and the paging started anew."""
        said = {name: values for name, values in self._said.items() if name not in changes}
        said |= {name: [str(value)] for name, value in changes.items() if value is not None}
        return f"{self.path}?{urlencode(said, doseq=True)}" if said else self.path

    @cached_property
    def _said(self) -> dict[str, list[str]]:
        """What the address says, but for the place in the list."""
        return {name: values for name, values in self.params.lists() if name not in ("after", "before", "part")}

    @cached_property
    def sort(self) -> str:
        """The order's name."""
        return self.params.get("sort") or self.listing.default_sort

    @cached_property
    def heads(self) -> list[Head]:
        """The heads of the columns."""
        known = sorts_of(self.listing)
        heads = []
        for column, width in self.layout:
            sorted_ = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "")
            address = ""
            if column.name in known:
                backwards = column.kind in NUMERIC or column.kind in {"date", "datetime", "period"}
                first, second = (f"-{column.name}", column.name) if backwards else (column.name, f"-{column.name}")
                address = self.address(sort=second if self.sort == first else first)
            on_card = not self.listing.card or column.name in self.listing.card
            heads.append(Head(column, width, address, sorted_, on_card))
        return heads

    @cached_property
    def rows(self) -> list[SafeString]:
        """The rows of the table, ready to show."""
        group = self.params.get("group", "")
        grouped_by = self.listing.column(group) if group else None
        return list(rows_of(self.listing, self.heads, self.page.rows, grouped_by))

    @cached_property
    def chips(self) -> list[FilterChip]:
        """The filters of the toolbar, those in use first."""
        chips = [
            self._chip(each)
            for each in self.listing.all_filters()
            if each.visible or lists_filters.said(self.params, each)
        ]
        return sorted(chips, key=lambda chip: not chip.is_set)

    def _chip(self, each: "Filter") -> FilterChip:
        values = [value for value in self.params.getlist(each.name) if value]
        first, last = self.params.get(f"{each.name}_from", ""), self.params.get(f"{each.name}_to", "")
        choices = lists_filters.choices_of(self.listing, each, self.request.user)
        if missing := [value for value in values if value not in dict(choices)]:
            choices = [*choices, *lists_filters.names_of(self.listing, each, self.request.user, missing)]
        labels = dict(choices)
        says = ", ".join(labels.get(value, said_period(value) if each.apply else value) for value in values[:2])
        if len(values) > 2:
            says += f" +{len(values) - 2}"
        if each.kind in {"number", "date"} and (first or last):
            says = f"{first or '…'} – {last or '…'}"
        clear = dict.fromkeys(each.param_names())
        return FilterChip(
            each, values, first, last, says, choices, self.address(**clear), self.hidden(*each.param_names())
        )

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether any filter or search is set."""
        return bool(self.params.get("q")) or any(chip.is_set for chip in self.chips)

    @property
    def clear_url(self) -> str:
        """The address without filters."""
        kept = QueryDict(mutable=True)
        for name in ("sort", "columns", "group"):
            if self.params.get(name):
                kept.setlist(name, self.params.getlist(name))
        return f"{self.path}?{kept.urlencode()}" if kept else self.path

    @cached_property
    def choosable(self) -> list[dict[str, Any]]:
        """All columns with whether they are shown, the shown ones first and in their order."""
        shown = [column for column, _width in self.layout]
        widths = {column.name: width for column, width in self.layout}
        rest = [column for column in self.listing.all_columns() if column.name not in widths]
        return [
            {"column": column, "shown": column.name in widths, "width": widths.get(column.name)}
            for column in [*shown, *rest]
        ]

    @cached_property
    def orders(self) -> list[dict[str, Any]]:
        """The orders to choose from."""
        labels = {column.name: column.label for column in self.listing.all_columns()}
        found = []
        for name in sorts_of(self.listing):
            label = labels.get(name.lstrip("-"))
            if label is not None:
                found.append(
                    {"name": name, "label": label, "down": name.startswith("-"), "url": self.address(sort=name)}
                )
        return found

    @cached_property
    def group_choices(self) -> list[dict[str, Any]]:
        """What the rows can be grouped by."""
        chosen = self.params.get("group", "")
        return [
            {
                "label": self.listing.column(name).label,
                "url": self.address(group=name),
                "is_on": name == chosen,
                "name": name,
            }
            for name in self.listing.groups
        ]

    @property
    def ungrouped_url(self) -> str:
        """The address without groups."""
        return self.address(group=None)

    @property
    def reset_columns_url(self) -> str:
        """The address that forgets the person's choice of columns."""
        return self.address(columns="")

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """Return the names and values that a form of the toolbar carries along."""
        dropped = {"after", "before", "part", *without}
        return [
            (name, value) for name in self.params if name not in dropped for value in self.params.getlist(name) if value
        ]

    @cached_property
    def hidden_for_search(self) -> list[tuple[str, str]]:
        """What the search form carries along."""
        return self.hidden("q")

    @cached_property
    def hidden_for_columns(self) -> list[tuple[str, str]]:
        """What the columns form carries along."""
        return self.hidden("columns")

    @cached_property
    def hidden_for_filters(self) -> list[tuple[str, str]]:
        """What the filter form carries along: everything that is not a filter."""
        return self.hidden(*(name for each in self.listing.all_filters() for name in each.param_names()))

    @cached_property
    def next_url(self) -> str:
        """The address of the next page."""
        return self.address(after=self.page.next) if self.page.next else ""

    @cached_property
    def previous_url(self) -> str:
        """The address of the page before."""
        return self.address(before=self.page.previous) if self.page.previous else ""

    @property
    def count_url(self) -> str:
        """Where the count is fetched from, when it is not known already."""
        return self.address(part="count")

    @property
    def count(self) -> str:
        """The number of rows: exact up to 10,000."""
        from salesmode.kernel.lists import COUNTED_UP_TO

        found = self.page.count
        return f"{COUNTED_UP_TO:,}+" if found > COUNTED_UP_TO else f"{found:,}"

    @cached_property
    def export_url(self) -> str:
        """Where this list is exported, with its filters."""
        try:
            base = reverse("exchange:export")
        except NoReverseMatch:
            return ""
        params = self.params.copy()
        for name in ("after", "before", "part", "limit"):
            params.pop(name, None)
        params["kind"] = self.listing.kind
        return f"{base}?{params.urlencode()}"

    @cached_property
    def create_url(self) -> str:
        """Where a new record is made."""
        try:
            return reverse(self.listing.create_route) if self.listing.create_route else ""
        except NoReverseMatch:
            return ""

    @property
    def query_text(self) -> str:
        """The filters as text, for acting on everything the list shows."""
        params = self.params.copy()
        for name in ("after", "before", "part", "limit", "columns"):
            params.pop(name, None)
        return params.urlencode()

    @property
    def says_empty(self) -> str:
        """What an empty list says."""
        return str(self.listing.empty or _("Nothing here yet."))


def listing_facts(kind: str, row: Any, names: list[str] | None = None) -> list[dict[str, Any]]:
    """Return a record's facts as its list reads them, each with the address where it is changed in place."""
    from salesmode.kernel.lists import LISTINGS

    listing = LISTINGS[kind]
    columns = [listing.column(name) for name in names] if names is not None else listing.all_columns()
    return [
        {
            "name": column.name,
            "label": column.label,
            "html": cell(column, row),
            "edit_url": edit_url(kind, row.pk, column.name) if column.name in listing.inline else "",
        }
        for column in columns
    ]


def _as_offered_to(person: Any, listing: "Listing") -> "Listing":
    """Leave out what this person may not do: making a record, acting on several."""
    bulk = [action for action in listing.bulk if may_open(person, action.route)]
    create_route = listing.create_route if may_open(person, listing.create_route) else ""
    return replace(listing, bulk=bulk, create_route=create_route)


def show(request: HttpRequest, listing: "Listing", *, template: str, extra: dict[str, Any]) -> HttpResponse:
    """Answer with the list page, or the part of it that `part` names; remember the person's columns."""
    listing = _as_offered_to(request.user, listing)
    view = ListView(request, listing)
    part = request.GET.get("part", "")
    if part and part not in PARTS:
        raise UnknownName("part")
    if part != "count":
        view.page  # noqa: B018  refuse a bad name before anything is written
    response = render(
        request, PARTS[part] if part else template, {"list": view, "listing": listing, "title": listing.title, **extra}
    )
    if "columns" in request.GET and not part:
        value = ",".join(f"{column.name}:{width}" if width else column.name for column, width in view.layout)
        if request.GET.get("columns"):
            response.set_cookie(
                view.cookie,
                value,
                max_age=COOKIE_LIVES,
                path=request.path,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
        else:
            response.delete_cookie(view.cookie, path=request.path, samesite="Lax")
    return response
