"""Single rows, by statements that are composed once for each table: composing one costs more than running it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from salesmode.kernel.prepared import prepared


class _Statements(NamedTuple):
    """What is said to one table."""

    key: models.Field
    fields: list[models.Field]
    plain: list[type | None]
    insert: str
    update: str
    read: str
    readers: list[Callable[..., Any] | None]


@cache
def _of(model: type[models.Model]) -> _Statements | None:
    """Return a table's statements; None for a table whose rows Django must write itself."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    has_own_ways = model.save is not models.Model.save or meta.parents or not isinstance(meta.pk, models.AutoField)
    if has_own_ways or any(field.generated or hasattr(field, "get_placeholder") for field in fields):
        return None
    table, key = quoted(meta.db_table), quoted(str(meta.pk.column))
    columns = [quoted(str(field.column)) for field in fields]
    marks = ", ".join(["%s"] * len(columns))
    return _Statements(
        meta.pk,
        fields,
        [_plain(field) for field in fields],
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) RETURNING {key}",  # noqa: S608
        f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)} WHERE {key} = %s",  # noqa: S608
        f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = %s FOR UPDATE",  # noqa: S608
        [getattr(field, "from_db_value", None) for field in fields],
    )


# Values of exactly these types are stored by these fields as they are, whatever else the field may accept.
_PLAIN: dict[type[models.Field], type] = {
    models.CharField: str,
    models.TextField: str,
    models.EmailField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.DecimalField: Decimal,
    models.DateField: date,
    models.DateTimeField: datetime,
}


def _plain(field: models.Field) -> type | None:
    if type(field) is models.ForeignKey:
        return int if isinstance(field.target_field, models.AutoField) else None
    sets_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return None if sets_itself else _PLAIN.get(type(field))


def write(row: models.Model) -> None:
    """Insert a new row, or update the one with its key: what `row.save()` does, for a tenth of the work."""
    known = _of(row.__class__)
    values = _values(row, known) if known and not row.get_deferred_fields() else None
    if known is None or values is None:
        row.save()
        return
    with prepared() as cursor:
        if row.pk is None:
            cursor.execute(known.insert, values)
            row.pk = cursor.fetchone()[0]
        else:
            cursor.execute(known.update, [*values, row.pk])
            if not cursor.rowcount:
                row.save(force_insert=True)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def write_both(row: models.Model, beside: models.Model, link: str) -> None:
    """Insert a new row and another that names it in its column `link`, by one statement where that can be."""
    known, other = _of(row.__class__), _of(beside.__class__)
    values, others = (_values(each, its) if its else None for each, its in ((row, known), (beside, other)))
    if known is None or other is None or values is None or others is None:
        write(row)
        setattr(beside, link, row.pk)
        write(beside)
        return
    del others[next(place for place, field in enumerate(other.fields) if field.attname == link)]
    with prepared() as cursor:
        cursor.execute(_both(row.__class__, beside.__class__, link), [*values, *others])
        row.pk, beside.pk = cursor.fetchone()
    setattr(beside, link, row.pk)
    for each in (row, beside):
        each._state.adding, each._state.db = False, DEFAULT_DB_ALIAS


@cache
def _both(model: type[models.Model], beside: type[models.Model], link: str) -> str:
    known, quoted = _of(model), connection.ops.quote_name
    fields = [field for field in beside._meta.concrete_fields if not field.primary_key and field.attname != link]
    columns = ", ".join([quoted(link), *(quoted(str(field.column)) for field in fields)])
    marks = ", ".join(["made.id", *(f"%s::{field.db_type(connection)}" for field in fields)])
    key = quoted(str(beside._meta.pk.column))
    return (
        f"WITH made(id) AS ({known.insert}), "  # type: ignore[union-attr]  # noqa: S608
        f"beside(id) AS (INSERT INTO {quoted(beside._meta.db_table)} ({columns}) "
        f"SELECT {marks} FROM made RETURNING {key}) "
        "SELECT made.id, beside.id FROM made, beside"
    )


def _values(row: models.Model, known: _Statements) -> list[Any] | None:
    """Return what to store in each column; None where the database is to work a value out."""
    row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
    values, database, is_new = [], connections[DEFAULT_DB_ALIAS], row.pk is None
    for field, plain in zip(known.fields, known.plain, strict=True):
        value = getattr(row, field.attname)
        is_plain = plain is not None and (value is None or type(value) is plain)
        if not is_plain or (plain is datetime and value is not None and value.tzinfo is None):
            value = field.pre_save(row, is_new)
            if hasattr(value, "resolve_expression"):
                return None
            value = field.get_db_prep_save(value, database)
        values.append(value)
    return values


def read_for_update(row: models.Model) -> None:
    """Read a row anew and hold it until the transaction ends; raises its class's DoesNotExist."""
    known = _of(row.__class__)
    if known is None or row.get_deferred_fields():
        row.refresh_from_db(from_queryset=row.__class__._base_manager.select_for_update())
        return
    with prepared() as cursor:
        cursor.execute(known.read, [row.pk])
        found: Sequence[Any] | None = cursor.fetchone()
    if found is None:
        raise ObjectDoesNotExist(f"{row.__class__.__name__} {row.pk}")
    database, cached = connections[DEFAULT_DB_ALIAS], row._state.fields_cache  # type: ignore[attr-defined]
    for field, reader, value in zip(known.fields, known.readers, found, strict=True):
        setattr(row, field.attname, reader(value, None, database) if reader and value is not None else value)
        if field.is_relation:
            cached.pop(field.name, None)
    for relation in row._meta.related_objects:
        if relation.is_cached(row):
            relation.delete_cached_value(row)
    row._prefetched_objects_cache = {}  # type: ignore[attr-defined]


def names_of(model: type[models.Model], keys: Sequence[int]) -> dict[int, str]:
    """Return what rows are called, by their keys: the keys travel as one list, however many they are."""
    table, key = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(str(model._meta.pk.column))
    with prepared() as cursor:
        cursor.execute(f"SELECT {key}, name FROM {table} WHERE {key} = any(%s)", [list(keys)])  # noqa: S608
        return dict(cursor.fetchall())
