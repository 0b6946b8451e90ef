"""How the cells of a list read; written in Python because a page has hundreds of them."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from salesmode.kernel import wording
from salesmode.kernel.templatetags import ui

if TYPE_CHECKING:
    from salesmode.kernel.lists import Column

NUMERIC = frozenset({"money", "number", "percent"})


class Link(SafeString):
    """A cell that leads somewhere by itself, so that the row's own link does not go around it."""


def cell(column: "Column", row: Any) -> SafeString | str:
    """Return one cell, escaped and ready."""
    value = column.of(row)
    if value is None or value == "":
        return wording.unknown()
    if column.says is not None:
        return column.says(row)
    return _WORDS[column.kind](value, column, row)


def plain(column: "Column", row: Any) -> Any:
    """Return one value for an export or an answer to a program."""
    value = column.of(row)
    return str(value) if hasattr(value, "pk") else value


def _text(value: Any, column: "Column", row: Any) -> SafeString | str:
    return _linked(value, column, row)


def _linked(value: Any, column: "Column", row: Any) -> SafeString | str:
    address = column.url(row) if column.url else getattr(value, "url", "")
    if not isinstance(address, str) or not address:
        return str(value)
    return Link(f'<a href="{escape(address)}">{conditional_escape(value)}</a>')


def _money(value: Any, column: "Column", row: Any) -> str:
    currency = getattr(row, column.currency, "") if column.currency else ""
    return wording.full_money(value, currency or "")


def _person(value: Any, column: "Column", row: Any) -> SafeString | str:
    if not hasattr(value, "initials"):
        return str(value)
    return ui.person(value, size="small")


def _chip(value: Any, column: "Column", row: Any) -> SafeString:
    return ui.chip(value, column.tone(row) if column.tone else "")


def _datetime(value: Any, column: "Column", row: Any) -> SafeString:
    tone = column.tone(row) if column.tone else ""
    return ui.chip(ui.ago(value), tone) if tone else ui.ago(value)


def _period(value: Any, column: "Column", row: Any) -> SafeString | str:
    return _linked(wording.period(value), column, row)


def _bool(value: Any, column: "Column", row: Any) -> SafeString | str:
    return ui.icon("check", _("Yes")) if value else _("No")


def _tags(value: Any, column: "Column", row: Any) -> SafeString | str:
    words: Iterable[Any] = [value] if isinstance(value, str) else value
    return format_html_join(" ", '<span class="chip">{}</span>', ((word,) for word in words)) or wording.unknown()


_WORDS = {
    "text": _text,
    "link": _linked,
    "money": _money,
    "number": lambda value, column, row: wording.number(value),
    "percent": lambda value, column, row: f"{wording.number(value, 0)}%",
    "date": lambda value, column, row: wording.day(value),
    "datetime": _datetime,
    "period": _period,
    "person": _person,
    "chip": _chip,
    "bool": _bool,
    "tags": _tags,
}
