"""Write many new rows of one kind at once, through COPY: as fast as the database takes them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from psycopg.types.json import Jsonb

Row = TypeVar("Row", bound=models.Model)


def new_row(model: type[Row], **values: Any) -> Row:
    """Make a row in memory as its class would, without asking each of its fields anew for what it begins as."""
    usual, made = _blank(model)
    row = model.__new__(model)
    row.__dict__.update(usual, _state=ModelState())
    for name, make in made:
        row.__dict__[name] = make()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _blank(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Return what the fields of a new row hold, and those that begin as something of the row's own."""
    fields = [field for field in model._meta.concrete_fields if field.has_default() and callable(field.default)]
    made = [(field.attname, field.default) for field in fields]
    return {name: value for name, value in model().__dict__.items() if name != "_state"}, made


def copy_in(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, giving each its key; what the database fills in by itself is not read back."""
    if not rows:
        return
    model = type(rows[0])
    table, sequence = _table(model)
    plain, wrapped = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass) from generate_series(1, %s)", [sequence, len(rows)])
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        quoted = ", ".join(connection.ops.quote_name(column) for column, _attribute in (*plain, *wrapped))
        with cursor.copy(f"copy {table} ({quoted}) from stdin") as copy:
            attributes = [attribute for _column, attribute in plain]
            documents = [attribute for _column, attribute in wrapped]
            for row in rows:
                values = row.__dict__
                copy.write_row([values[name] for name in attributes] + [Jsonb(values[name]) for name in documents])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _table(model: type[models.Model]) -> tuple[str, str]:
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, %s)", [table, key])
        return connection.ops.quote_name(table), cursor.fetchone()[0]


@cache
def _columns(model: type[models.Model]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return columns and attributes, those of JSON apart; columns with a default of the database's are left out."""
    fields = [field for field in model._meta.concrete_fields if field.db_default is models.NOT_PROVIDED]
    documents = [field for field in fields if isinstance(field, models.JSONField)]
    plain = [field for field in fields if field not in documents]
    return [(str(each.column), each.attname) for each in plain], [
        (str(each.column), each.attname) for each in documents
    ]
