"""One row of a file as the values its sheet asks for: each cell read by its column, each problem named."""

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from salesmode.exchange import cells
from salesmode.exchange.cells import Unreadable
from salesmode.exchange.encodings import UNREAD
from salesmode.exchange.sheet import Column, Option


@lru_cache(maxsize=512)
def _words(column: Column) -> dict[str, str]:
    """Return what people write for a choice, folded, and the value it stands for."""
    words: dict[str, str] = {}
    for option in _options(column):
        for text in (option.value, *spoken(option), *option.aliases):
            words.setdefault(text.casefold(), option.value)
    return words


def _options(column: Column) -> Sequence[Option]:
    return column.options() if column.options else ()


def spoken(option: Option) -> list[str]:
    """Return an option's label in every language there is."""
    from django.conf import settings
    from django.utils import translation

    texts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts.append(str(option.label))
    return list(dict.fromkeys(texts))


def read_cell(column: Column, raw: Any, *, zone: tzinfo, choices: dict[str, str] | None = None) -> Any:
    """Return what a cell says for its column, None when it says nothing.

    Raises Unreadable with a sentence for a person. References stay texts: they are looked up for many rows at once.
    """
    kind = column.kind
    if raw is None or raw == "":
        return None
    if isinstance(raw, str) and UNREAD in raw:
        raise Unreadable(_("Characters of this cell could not be read. Save the file as CSV UTF-8."))
    if kind in ("text", "reference"):
        text = cells.as_text(raw)
        if column.length and len(text) > column.length:
            raise Unreadable(_("This is longer than %(most)s characters.") % {"most": column.length})
        return text or None
    if isinstance(raw, str) and not raw.strip():
        return None
    try:
        return _READERS[kind](column, raw, zone, choices)
    except (InvalidOperation, OverflowError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_('"%(text)s" cannot be read.') % {"text": cells.as_text(raw)[:60]}) from None


def _in_bounds(column: Column, number: Any) -> Any:
    if column.least is not None and number < column.least:
        raise Unreadable(_("This is less than %(least)s.") % {"least": column.least})
    if column.most is not None and number > column.most:
        raise Unreadable(_("This is more than %(most)s.") % {"most": column.most})
    return number


def _choice(column: Column, raw: Any, zone: tzinfo, choices: dict[str, str] | None) -> str | None:
    text = cells.as_text(raw)
    if choices and text in choices:
        return choices[text] or None
    known = _words(column).get(text.casefold())
    if known is not None:
        return known
    if column.is_open:
        return text
    raise Unreadable(_('"%(text)s" is not one of the choices.') % {"text": text[:60]})


def _email(column: Column, raw: Any, zone: tzinfo, choices: Any) -> str:
    return cells.as_email(raw)


def _money(column: Column, raw: Any, zone: tzinfo, choices: Any) -> Decimal:
    return _in_bounds(column, cells.without_noise(cells.as_number(raw)))


_READERS = {
    "integer": lambda column, raw, zone, choices: _in_bounds(column, cells.as_integer(raw)),
    "number": lambda column, raw, zone, choices: _in_bounds(column, cells.as_number(raw)),
    "money": _money,
    "percent": lambda column, raw, zone, choices: _in_bounds(column, cells.as_percent(raw)),
    "date": lambda column, raw, zone, choices: cells.as_date(raw),
    "datetime": lambda column, raw, zone, choices: cells.as_datetime(raw, zone=zone),
    "flag": lambda column, raw, zone, choices: cells.as_flag(raw),
    "choice": _choice,
    "email": _email,
    "tags": lambda column, raw, zone, choices: cells.as_tags(raw),
}


def is_known_choice(column: Column, text: str) -> bool:
    """Whether a text is one of a column's choices, however it is written."""
    return column.is_open or text.casefold() in _words(column)


def option_labels(column: Column) -> dict[str, str]:
    """Return what each choice of a column is called."""
    return {option.value: str(option.label) for option in _options(column)}
