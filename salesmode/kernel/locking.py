"""Lock, ask, save: the beats that every operation shares."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from salesmode.kernel import rows
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid, NotAllowed, NotFound, Stale


def lock(row: models.Model, *, version: int | None = None) -> None:
    """Re-read a row and hold it until the transaction ends, so that rules judge the newest facts.

    Raises Stale when the caller had looked at another version, NotFound when it is gone.
    """
    try:
        rows.read_for_update(row)
    except ObjectDoesNotExist:
        raise NotFound from None
    if version is not None and row.version != version:  # type: ignore[attr-defined]
        raise Stale(row.version)  # type: ignore[attr-defined]


def lock_all(rows: Iterable[models.Model]) -> None:
    """Lock several rows in the order of their keys, so that two people never wait for each other."""
    for row in sorted(rows, key=lambda row: (row._meta.label, row.pk)):
        lock(row)


def require(allowed: bool, message: str = "") -> None:
    """Go on only if a policy said yes; raises NotAllowed."""
    if not allowed:
        raise NotAllowed(message)


def fit(row: models.Model) -> None:
    """Refuse values that the row's own columns cannot hold; raises Invalid, every field named."""
    try:
        row.clean_fields(exclude=_relations(row.__class__))
    except ValidationError as error:
        raise Invalid(error.message_dict) from None
    if any(isinstance(value, str) and "\x00" in value for value in row.__dict__.values()):
        texts = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
        wrong = [name for name, value in texts.items() if isinstance(value, str) and "\x00" in value]
        if wrong:
            raise Invalid({name: [_("Null characters are not allowed.")] for name in wrong})


@cache
def _relations(model: type[models.Model]) -> frozenset[str]:
    """Return the fields that name other records: constraints of the database look after those."""
    return frozenset(field.name for field in model._meta.concrete_fields if field.is_relation)


def save(row: Record, *, at: datetime) -> None:
    """Write a new or changed record, counting its version."""
    if row.pk is None:
        row.created_at = at
        row.version = 1
    else:
        row.version += 1
    row.updated_at = at
    rows.write(row)


def save_both(row: Record, beside: models.Model, link: str, *, at: datetime) -> None:
    """Write a new record together with a row that names it in its column `link`."""
    row.created_at = row.updated_at = at
    row.version = 1
    rows.write_both(row, beside, link)


def changed(row: models.Model, changes: dict[str, Any]) -> list[str]:
    """Apply changes to a row in memory and return the names of the fields that really changed."""
    names: Sequence[str] = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in names:
        setattr(row, name, changes[name])
    return list(names)
