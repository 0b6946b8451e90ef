"""Questions that are asked all the time: composed from the models' own words once, then only sent."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from inspect import getattr_static
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

from salesmode.kernel.prepared import prepared

_ATTRIBUTES = (DeferredAttribute, ForeignKeyDeferredAttribute)
# What stands in for a value while a question is composed; nothing else in a query looks like it.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 7_211_000_000_000_000_000 + place,
    str: lambda place: f"7211stands-for-{place}",
    datetime: lambda place: datetime(7211, 1, 1, microsecond=place, tzinfo=UTC),
    date: lambda place: date(7211, 1, 1) + timedelta(days=place),
}


class Asked:
    """A question with values to be named: `Asked(lambda key: Deal.objects.filter(pk=key), int)`.

    The rows, those of `select_related` and what is annotated come as the query set would give them.
    """

    def __init__(self, compose: Callable[..., models.QuerySet], *kinds: type) -> None:
        self.compose = compose
        self.stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]

    @cached_property
    def _composed(self) -> "_Composed":
        compiler = self.compose(*self.stand_ins).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        places = [(self._place_of(value), value) for value in values]
        unused = set(range(len(self.stand_ins))) - {place for place, _value in places}
        if unused:
            raise ValueError(f"The question does not use its values {sorted(unused)} as they are.")
        return _Composed(sql, places, compiler)

    def _place_of(self, value: Any) -> int | None:
        same = (place for place, stand_in in enumerate(self.stand_ins) if type(value) is type(stand_in))
        return next((place for place in same if value == self.stand_ins[place]), None)

    def all(self, *given: Any) -> list[Any]:
        """Ask with these values; return every row."""
        composed = self._composed
        with prepared() as cursor:
            cursor.execute(composed.sql, [value if place is None else given[place] for place, value in composed.places])
            rows: Iterable[Any] = cursor.fetchall()
        if composed.converters:
            rows = composed.compiler.apply_converters(rows, composed.converters)
        return [composed.answer(row) for row in rows]

    def first(self, *given: Any) -> Any:
        """Ask with these values; return the first row, or None."""
        return next(iter(self.all(*given)), None)


class _Composed:
    """A statement, where its values go (a place among those given, or the value itself), and how to read its rows."""

    def __init__(self, sql: str, places: list[tuple[int | None, Any]], compiler: Any) -> None:
        self.sql, self.places, self.compiler = sql, places, compiler
        self.converters = compiler.get_converters(expression for expression, _sql, _alias in compiler.select)
        self.answer = self._dictionary
        if compiler.klass_info is not None:
            chosen = compiler.klass_info["select_fields"]
            self.columns = slice(chosen[0], chosen[-1] + 1)
            self.names = [expression.target.attname for expression, *_rest in compiler.select[self.columns]]
            self.annotated = list(compiler.annotation_col_map.items())
            self.rows = _rows_of(compiler.klass_info["model"], self.names)
            self.related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
            _hasten(self.related)
            self.answer = self._instance

    def _dictionary(self, row: Any) -> Any:
        return dict(zip(self.compiler.query.annotation_select, row, strict=True))

    def _instance(self, row: Any) -> Any:
        found = self.rows.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
        for populator in self.related:
            populator.populate(row, found)
        for name, place in self.annotated:
            setattr(found, name, row[place])
        return found


class _Plain:
    """Makes rows of a table whose values go into its rows as they are, without asking field by field."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def from_db(self, alias: str, names: Sequence[str], values: Iterable[Any]) -> Any:
        """Return a row: what `Model.from_db` does, for a fourth of the work."""
        row = self.model.__new__(self.model)
        state = ModelState()
        state.adding, state.db = False, alias
        row.__dict__ = dict(zip(names, values, strict=True)) | {"_state": state}
        return row


def _rows_of(model: type[models.Model], names: Sequence[str]) -> Any:
    """Return what makes the rows of a model: itself, where it or a field of it has ways of its own."""
    fields = model._meta.concrete_fields
    has_own_ways = (
        model.__init__ is not models.Model.__init__
        or model.from_db.__func__ is not models.Model.from_db.__func__  # type: ignore[attr-defined]
        or any(signal.has_listeners(model) for signal in (pre_init, post_init))
        or any(type(getattr_static(model, field.attname)) not in _ATTRIBUTES for field in fields)
    )
    return model if has_own_ways or {field.attname for field in fields} != set(names) else _Plain(model)


def _hasten(populators: Iterable[Any]) -> None:
    for populator in populators:
        populator.model_cls = _rows_of(populator.model_cls, populator.init_list)
        _hasten(populator.related_populators)
