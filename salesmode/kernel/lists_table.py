"""The table of a list: heads and rows. Written in Python because a page has hundreds of cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from salesmode.kernel import wording
from salesmode.kernel.lists_cells import NUMERIC, Link, cell

if TYPE_CHECKING:
    from salesmode.kernel.lists import Column, Listing

SOME_KEY = 1_234_567_890


@dataclass(frozen=True)
class Head:
    """The head of a column: how it sorts and how wide it is."""

    column: "Column"
    width: int | None
    sort_url: str
    sorted: str
    on_card: bool = True

    @property
    def is_numeric(self) -> bool:
        """Whether its values line up on the right."""
        return self.column.kind in NUMERIC

    @cached_property
    def opening(self) -> str:
        """The beginning of its cells, without the address where they are changed."""
        classes = f"{'numeric ' if self.is_numeric else ''}of-{self.column.kind}{'' if self.on_card else ' off-card'}"
        return format_html('<td class="{}" data-label="{}"', classes, self.column.label)


def edit_url(kind: str, key: int, name: str) -> str:
    """Return where a field is changed in place; empty where that page does not exist."""
    try:
        return reverse("workspace:inline", args=[kind, key, name])
    except NoReverseMatch:
        return ""


def rows_of(
    listing: "Listing", heads: Sequence[Head], rows: Sequence[Any], grouped_by: "Column | None"
) -> Iterator[SafeString]:
    """Return the rows of the table, the first of each group below the group's name."""
    group = None
    editing = {head.column.name: _pattern(listing, head.column.name) for head in heads}
    tick = escape(_("Select %(name)s")) if listing.bulk else ""
    for row in rows:
        url = escape(listing.row_url(row)) if listing.row_url else ""
        above = ""
        if grouped_by is not None:
            value = grouped_by.of(row)
            said = wording.UNKNOWN if value in (None, "") else str(value)
            if said != group:
                above = f'<tr class="group"><th colspan="100" scope="rowgroup">{escape(said)}</th></tr>'
            group = said
        leads = f' data-href="{url}"' if url else ""
        pick = _pick(row, tick) if tick else ""
        cells = _cells(heads, row, url, editing)
        yield mark_safe(f'{above}<tr data-row="{row.pk}"{leads}>{pick}{cells}</tr>')  # noqa: S308  every part is escaped


def _pick(row: Any, says: str) -> str:
    label = says % {"name": escape(str(row))}
    return (
        f'<td class="pick"><input type="checkbox" class="form-check-input" name="ids" value="{row.pk}"'
        f' aria-label="{label}"></td>'
    )


def _pattern(listing: "Listing", name: str) -> str:
    return edit_url(listing.kind, SOME_KEY, name) if name in listing.inline else ""


def _cells(heads: Sequence[Head], row: Any, url: str, editing: dict[str, str]) -> str:
    parts = []
    for place, head in enumerate(heads):
        value = cell(head.column, row)
        if not isinstance(value, SafeString):
            value = escape(value)
        pattern = editing[head.column.name]
        edit = f' data-edit="{pattern.replace(str(SOME_KEY), str(row.pk))}"' if pattern else ""
        if place == 0:
            name = f'<a href="{url}">{value}</a>' if url and not isinstance(value, Link) else value
            parts.append(f'<th scope="row" class="name"{edit}>{name}</th>')
        else:
            parts.append(f"{head.opening}{edit}>{value}</td>")
    return "".join(parts)
