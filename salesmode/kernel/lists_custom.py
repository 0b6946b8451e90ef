"""The company's own fields as columns, filters and sorts of a list."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from salesmode.kernel import here
from salesmode.kernel.custom_fields import condition, fields_of, sort_expression
from salesmode.kernel.lists_refusals import UnknownValue
from salesmode.kernel.models import CustomField
from salesmode.kernel.refusals import Invalid

if TYPE_CHECKING:
    from salesmode.kernel.lists import Column, Filter

Type = CustomField.Type
ALIAS = "custom_value_of_"
COLUMN_KINDS: dict[str, Any] = {
    Type.NUMBER: "number",
    Type.MONEY: "money",
    Type.DATE: "date",
    Type.BOOL: "bool",
    Type.CHOICE: "text",
    Type.MULTI: "tags",
    Type.PERSON: "person",
}
FILTER_KINDS: dict[str, Any] = {
    Type.NUMBER: "number",
    Type.MONEY: "number",
    Type.DATE: "date",
    Type.BOOL: "bool",
    Type.CHOICE: "choice",
    Type.MULTI: "choice",
    Type.PERSON: "person",
}


def _fields(kind: str) -> list[CustomField]:
    return here.remember(("custom fields", kind), lambda: fields_of(kind))


def columns_of(kind: str) -> list["Column"]:
    """Return a column for each field that the company added to this kind of record."""
    from salesmode.kernel.lists import Column

    return [
        Column(
            f"custom.{field.key}",
            field.label,
            kind=COLUMN_KINDS.get(field.type, "text"),
            sort=None if field.type == Type.MULTI else f"{ALIAS}{field.key}",
            default=False,
            currency="",
            value=_reader(field),
            custom=field,
        )
        for field in _fields(kind)
    ]


def _reader(field: CustomField) -> Any:
    def read(row: Any) -> Any:
        value = row.custom.get(field.key)
        if value is None:
            return None
        if field.type == Type.DATE:
            return date.fromisoformat(value)
        if field.type == Type.PERSON:
            return _people().get(value)
        return value

    return read


def _people() -> dict[int, Any]:
    return here.remember("people by id", lambda: get_user_model()._default_manager.in_bulk())


def filters_of(kind: str) -> list["Filter"]:
    """Return a filter for each field that the company added to this kind of record."""
    from salesmode.kernel.lists import Filter

    return [
        Filter(f"custom.{field.key}", field.label, kind=FILTER_KINDS.get(field.type, "text"), custom=field)
        for field in _fields(kind)
    ]


def choices_of(each: "Filter") -> list[tuple[str, str]]:
    """Return what a filter over such a field offers."""
    if each.custom.type == Type.PERSON:
        return [(str(key), person.name) for key, person in _people().items() if person.is_active]
    return [(str(choice), str(choice)) for choice in each.custom.choices]


def narrow(rows: models.QuerySet, each: "Filter", name: str, values: list[str], viewer: Any) -> models.QuerySet:
    """Return the rows whose field is one of the values, contains the text, or lies within the range."""
    field = each.custom
    try:
        if name != each.name:
            return rows.filter(condition(field, name.rpartition("_")[2], values[-1]))
        if each.kind == "text":
            return rows.filter(condition(field, "contains", values[-1]))
        wanted = Q()
        for value in values:
            if value in {"none", "any"}:
                wanted |= Q(condition(field, "empty" if value == "none" else "filled"))
            else:
                wanted |= Q(condition(field, "is", viewer.pk if value == "me" and each.kind == "person" else value))
        return rows.filter(wanted)
    except Invalid as error:
        raise UnknownValue(name, str(next(iter(error.fields.values()), [""])[0])) from error


def with_values(rows: models.QuerySet, kind: str, order: Iterable[str]) -> models.QuerySet:
    """Give rows the values that an order over the company's fields needs."""
    keys = {name.lstrip("-").removeprefix(ALIAS) for name in order if name.lstrip("-").startswith(ALIAS)}
    wanted = (
        {f"{ALIAS}{field.key}": sort_expression(field) for field in _fields(kind) if field.key in keys} if keys else {}
    )
    return rows.annotate(**wanted) if wanted else rows
