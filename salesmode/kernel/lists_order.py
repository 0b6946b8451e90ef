"""The orders of a list: names that pages may use, and the database fields behind them."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from salesmode.kernel.lists_refusals import UnknownName

if TYPE_CHECKING:
    from salesmode.kernel.lists import Listing


def reversed_order(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Turn an order round."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in fields)


def sorts_of(listing: "Listing") -> dict[str, tuple[str, ...]]:
    """Return every sort name with its database fields: declared ones, sortable columns, each also reversed."""
    found: dict[str, tuple[str, ...]] = {}
    for column in listing.all_columns():
        if column.sort:
            found[column.name] = (column.sort, "id")
    for name, fields in listing.sorts.items():
        found[name] = fields
    for name, fields in list(found.items()):
        opposite = name[1:] if name.startswith("-") else f"-{name}"
        if opposite not in listing.sorts:
            found[opposite] = reversed_order(fields)
    return found


def order_of(listing: "Listing", sort: str, group: str = "") -> tuple[str, ...]:
    """Return the database order for a sort name, the group first; the id always ends it, so that paging is stable."""
    known = sorts_of(listing)
    if sort not in known:
        if sort == "-created_at" and sort == listing.default_sort:
            fields: tuple[str, ...] = ("-created_at", "-id")
        else:
            raise UnknownName(sort, known)
    else:
        fields = known[sort]
    if group:
        if group not in listing.groups:
            raise UnknownName(group, listing.groups)
        fields = (
            listing.groups[group],
            *(each for each in fields if each.lstrip("-") != listing.groups[group].lstrip("-")),
        )
    if fields[-1].lstrip("-") not in {"id", "pk"}:
        fields = (*fields, "-id" if fields[-1].startswith("-") else "id")
    return fields


def database_field(model: type[models.Model], path: str) -> tuple[models.Field | None, bool]:
    """Find the field at the end of a path and say whether it may be empty; None where the path ends in JSON."""
    nullable = False
    here: Any = model
    found: models.Field | None = None
    for step in path.lstrip("-").split("__"):
        if isinstance(found, models.JSONField):
            return None, True
        if step == "pk":
            step = here._meta.pk.name
        try:
            found = here._meta.get_field(step)
        except FieldDoesNotExist:
            return None, True
        nullable = nullable or bool(found.null)
        if found.is_relation:
            here = found.related_model
    return found, nullable


def value_at(row: Any, path: str) -> Any:
    """Read from a row what the database sorted it by."""
    found = row
    for step in path.lstrip("-").split("__"):
        if found is None:
            return None
        found = found.get(step) if isinstance(found, dict) else getattr(found, step)
    return found.pk if isinstance(found, models.Model) else found
