"""Paging by key: each page begins after the last row of the one before, so depth and writes do not matter."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict
from django.utils.translation import gettext as _

from salesmode.kernel.lists_order import database_field, reversed_order, value_at
from salesmode.kernel.lists_refusals import UnknownValue

if TYPE_CHECKING:
    from salesmode.kernel.lists import Listing

STANDARD = 50
MOST = 200
LONGEST_CURSOR = 2_000


@dataclass(frozen=True)
class ListPage:
    """One page of a list: its rows, and the cursors of the pages after and before it."""

    listing: "Listing"
    rows: list[Any]
    params: QueryDict
    seen_by: Any
    next: str | None
    previous: str | None
    limit: int

    @property
    def is_whole(self) -> bool:
        """Whether this page is all there is."""
        return self.next is None and self.previous is None

    @property
    def count(self) -> int:
        """Return how many rows there are, up to 10,001; costs a query unless this page is all."""
        return len(self.rows) if self.is_whole else self.listing.count(self.params, seen_by=self.seen_by)


def limit_of(params: QueryDict, limit: int | None) -> int:
    """Return how many rows a page has."""
    if limit is not None:
        return min(limit, MOST)
    given = params.get("limit", "")
    if not given:
        return STANDARD
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST):
        raise UnknownValue("limit", _("Give a number from 1 to %(most)d.") % {"most": MOST})
    return int(given)


def page(listing: "Listing", params: QueryDict, *, seen_by: Any, limit: int | None) -> ListPage:
    """Return the rows after (or before) a cursor, and the cursors of the neighbours."""
    size = limit_of(params, limit)
    order = listing.order(params)
    rows = listing.query(params, seen_by, ordered=False)
    after, before = params.get("after", ""), params.get("before", "")
    if after and before:
        raise UnknownValue("before", _("Give one of after and before."))
    backwards = bool(before)
    cursor = read_cursor(listing.model, order, after or before, "before" if backwards else "after")
    found = fetch(rows, order, cursor, size + 1, backwards=backwards)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = backwards or more
    has_previous = (backwards and more) or bool(after)
    return ListPage(
        listing=listing,
        rows=found,
        params=params,
        seen_by=seen_by,
        next=write_cursor(found[-1], order) if found and has_next else None,
        previous=write_cursor(found[0], order) if found and has_previous else None,
        limit=size,
    )


def fetch(
    rows: models.QuerySet, order: tuple[str, ...], cursor: Sequence[Any] | None, size: int, *, backwards: bool = False
) -> list[Any]:
    """Fetch rows in an order from a cursor on; rows without the leading value come last, by a query of their own.

    Two plain index scans are quicker than one order that no index has.
    """
    lead = order[0].lstrip("-")
    _field, nullable = database_field(rows.model, lead)
    if not nullable:
        return _scan(rows, order, cursor, size, backwards=backwards)
    known, missing = rows.filter(**{f"{lead}__isnull": False}), rows.filter(**{f"{lead}__isnull": True})
    phases = [(known, order, False), (missing, order[1:], True)]
    if backwards:
        phases.reverse()
    if cursor is not None:
        at_missing = cursor[0] is None
        start = next(index for index, phase in enumerate(phases) if phase[2] == at_missing)
        phases = phases[start:]
    found: list[Any] = []
    for index, (part, part_order, is_missing) in enumerate(phases):
        key = cursor if index == 0 else None
        if key is not None and is_missing:
            key = key[1:]
        read = fetch if is_missing else _scan
        found += read(part, part_order, key, size - len(found), backwards=backwards)
        if len(found) >= size:
            break
    return found


def _scan(
    rows: models.QuerySet, order: tuple[str, ...], cursor: Sequence[Any] | None, size: int, *, backwards: bool
) -> list[Any]:
    direction = reversed_order(order) if backwards else order
    if cursor is not None:
        try:
            rows = rows.filter(_beyond(rows.model, direction, cursor))
        except (ValidationError, ValueError, TypeError) as error:
            raise UnknownValue("before" if backwards else "after", _("This page mark does not fit.")) from error
    return list(rows.order_by(*direction)[:size])


def _beyond(model: type[models.Model], order: tuple[str, ...], cursor: Sequence[Any]) -> Any:
    names = [name.lstrip("-") for name in order]
    downwards = [name.startswith("-") for name in order]
    nullable = [database_field(model, name)[1] for name in names[1:]]
    if len(order) > 1 and len(set(downwards)) == 1 and not any(nullable):
        compare = TupleLessThan if downwards[0] else TupleGreaterThan
        return compare(Tuple(*(F(name) for name in names)), tuple(cursor))
    condition, same = Q(pk__in=[]), Q()
    for name, down, value in zip(names, downwards, cursor, strict=True):
        condition |= same & _further(name, value, down=down)
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return condition


def _further(name: str, value: Any, *, down: bool) -> Q:
    # The database puts rows without a value last upwards and first downwards.
    if value is None:
        return Q(**{f"{name}__isnull": False}) if down else Q(pk__in=[])
    return Q(**{f"{name}__lt": value}) if down else Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def write_cursor(row: Any, order: tuple[str, ...]) -> str:
    """Describe a row's place in an order."""
    key = [list(order), *(value_at(row, name) for name in order)]
    text = json.dumps(key, cls=DjangoJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(model: type[models.Model], order: tuple[str, ...], text: str, name: str) -> list[Any] | None:
    """Read a place back; raises UnknownValue when it is not a place in this order."""
    if not text:
        return None
    refusal = UnknownValue(name, _("This page mark does not belong to this list. Start from the first page."))
    if len(text) > LONGEST_CURSOR:
        raise refusal
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise refusal from error
    if not isinstance(key, list) or len(key) != len(order) + 1 or key[0] != list(order):
        raise refusal
    try:
        return [_typed(model, path, value) for path, value in zip(order, key[1:], strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise refusal from error


def _typed(model: type[models.Model], path: str, value: Any) -> Any:
    found: Any
    found, nullable = database_field(model, path)
    if value is None:
        if not nullable:
            raise ValueError(path)
        return None
    if isinstance(value, list | dict | bool) and not isinstance(found, models.BooleanField):
        raise TypeError(path)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError(path)
    if found is None:
        return value
    if found.is_relation:
        found = found.target_field
    typed = found.to_python(value)
    if isinstance(typed, int) and not isinstance(typed, bool) and not -(2**63) <= typed < 2**63:
        raise ValueError(path)
    return typed
