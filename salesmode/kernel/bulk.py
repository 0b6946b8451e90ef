"""Write many new rows of one kind at once, through COPY, and look many up: as fast as the database takes them."""

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import BooleanField, F, Func, Value
from django.db.models.base import ModelState
from psycopg.types.json import Jsonb

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no garbage while many rows are made: all are needed, and to look at each is a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Among(Func):
    """A column of text holds one of many texts: they travel as one array, for as many parameters cost more."""

    template = "%(expressions)s::text[])"
    arg_joiner = " = any("
    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, texts: Collection[str]) -> None:
        super().__init__(F(column), Value([str(text) for text in texts]))


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


def copy_in(rows: Sequence[Row], *, meanwhile: Callable[[Row], None] | None = None) -> None:
    """Write new rows of one model, giving each its key; what the database fills in by itself is not read back.

    `meanwhile` is other work on each row that was sent, done while the database takes the rows in.
    """
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
                row_documents = [_written(values[name]) for name in documents]
                copy.write_row([values[name] for name in attributes] + row_documents)
                if meanwhile is not None:
                    meanwhile(row)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _written(document: Any) -> Any:
    """Return a document as COPY takes it; the empty ones, which most are, need no writer."""
    return "[]" if document == [] else "{}" if document == {} else Jsonb(document)


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
