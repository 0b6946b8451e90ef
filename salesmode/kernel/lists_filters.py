"""Narrowing a list: only names it declares, only values that fit, always as parameters."""

import inspect
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from salesmode.kernel import here, lists_custom, lists_search
from salesmode.kernel.lists_order import database_field
from salesmode.kernel.lists_refusals import UnknownName, UnknownValue

if TYPE_CHECKING:
    from salesmode.kernel.lists import Filter, Listing

LONGEST_VALUE = 300
MOST_VALUES = 100
MOST_CHOICES = 300
TRUE, FALSE = frozenset({"yes", "true", "1", "on"}), frozenset({"no", "false", "0", "off"})


def too_many(most: int) -> str:
    """Say how many rows may be chosen at once."""
    return _("At most %(most)d rows at once: narrow the list first.") % {"most": most}


def narrow(listing: "Listing", rows: models.QuerySet, params: QueryDict, viewer: Any) -> models.QuerySet:
    """Apply every filter and the search of a query string; raises UnknownName, UnknownValue."""
    from salesmode.kernel.lists import RESERVED

    by_name = {name: each for each in listing.all_filters() for name in each.param_names()}
    for name in params:
        if name in RESERVED:
            continue
        if name not in by_name:
            raise UnknownName(name, {"q", "sort", *by_name})
        values = [value.strip() for value in params.getlist(name) if value.strip()]
        if len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE or "\x00" in value for value in values):
            raise UnknownValue(name)
        if values:
            rows = _apply(listing, by_name[name], name, rows, values, viewer)
    text = params.get("q", "").strip()
    if text:
        if len(text) > LONGEST_VALUE or "\x00" in text:
            raise UnknownValue("q")
        rows = lists_search.matching(listing, rows, text, viewer)
    return rows


def _apply(
    listing: "Listing", each: "Filter", name: str, rows: models.QuerySet, values: list[str], viewer: Any
) -> models.QuerySet:
    if each.apply is not None:
        try:
            return each.apply(rows, values, viewer)
        except (ValueError, TypeError, ValidationError) as error:
            raise UnknownValue(name) from error
    if each.custom is not None:
        return lists_custom.narrow(rows, each, name, values, viewer)
    path = each.field or each.name
    if each.kind == "number":
        return _number_range(rows, each, name, path, values[-1])
    if each.kind == "date":
        return _date_range(listing, rows, each, name, path, values[-1])
    if each.kind == "text":
        return rows.filter(**{f"{path}__{each.lookup}": values[-1]})
    if each.kind == "bool":
        return rows.filter(**{path: truth(name, values[-1])})
    condition = Q()
    if "none" in values and database_field(listing.model, path)[1]:
        values = [value for value in values if value != "none"]
        condition |= Q(**{f"{path}__isnull": True})
    if each.kind in {"person", "team", "reference"}:
        keys = [viewer.pk if value == "me" and each.kind == "person" else whole_number(name, value) for value in values]
    else:
        keys = [_choice(listing, name, path, value) for value in values]
    if keys:
        condition |= Q(**{f"{path}__in": keys})
    return rows.filter(condition)


def _choice(listing: "Listing", name: str, path: str, value: str) -> Any:
    found, _nullable = database_field(listing.model, path)
    if found is None:
        return value
    if isinstance(found, models.BooleanField):
        return truth(name, value)
    if found.is_relation or isinstance(found, models.IntegerField):
        return whole_number(name, value)
    try:
        return found.to_python(value)
    except ValidationError as error:
        raise UnknownValue(name) from error


def whole_number(name: str, value: str) -> int:
    """Read an id; raises UnknownValue."""
    if not (value.isascii() and value.removeprefix("-").isdigit() and len(value) < 19):
        raise UnknownValue(name, _("Give a number."))
    return int(value)


def truth(name: str, value: str) -> bool:
    """Read yes or no; raises UnknownValue."""
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise UnknownValue(name, _("Give yes or no."))


def _number_range(rows: models.QuerySet, each: "Filter", name: str, path: str, value: str) -> models.QuerySet:
    try:
        figure = Decimal(value.replace(",", ""))
    except InvalidOperation as error:
        raise UnknownValue(name, _("Give a number.")) from error
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 15:
        raise UnknownValue(name, _("Give a number."))
    return rows.filter(**{f"{path}{_comparison(each, name)}": figure})


def _comparison(each: "Filter", name: str) -> str:
    if name == each.name:
        return ""
    return "__gte" if name.endswith("_from") else "__lte"


def _date_range(
    listing: "Listing", rows: models.QuerySet, each: "Filter", name: str, path: str, value: str
) -> models.QuerySet:
    found, nullable = database_field(listing.model, path)
    is_moment = isinstance(found, models.DateTimeField)
    if name == each.name and value in {"none", "any"} and nullable:
        return rows.filter(**{f"{path}__isnull": value == "none"})
    if name == each.name:
        first, until = days_called(name, value)
    else:
        first = _day(name, value)
        until = first + timedelta(days=1)
    if name.endswith("_to"):
        return rows.filter(**{f"{path}__lt": _begin(until) if is_moment else until})
    rows = rows.filter(**{f"{path}__gte": _begin(first) if is_moment else first}) if first > date.min else rows
    if name.endswith("_from"):
        return rows
    return rows.filter(**{f"{path}__lt": _begin(until) if is_moment else until}) if until < date.max else rows


def _day(name: str, value: str) -> date:
    try:
        found = parse_date(value)
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 9000:
        raise UnknownValue(name, _("Give a day as YYYY-MM-DD."))
    return found


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def days_called(name: str, value: str) -> tuple[date, date]:
    """Return the half-open days behind a word such as this_month, or one day; raises UnknownValue."""
    today = timezone.localdate()
    month = today.replace(day=1)
    monday = today - timedelta(days=today.weekday())
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    words = {
        "today": (today, today + timedelta(days=1)),
        "yesterday": (today - timedelta(days=1), today),
        "this_week": (monday, monday + timedelta(days=7)),
        "next_week": (monday + timedelta(days=7), monday + timedelta(days=14)),
        "last_7_days": (today - timedelta(days=6), today + timedelta(days=1)),
        "last_30_days": (today - timedelta(days=29), today + timedelta(days=1)),
        "this_month": (month, months_on(month, 1)),
        "last_month": (months_on(month, -1), month),
        "next_month": (months_on(month, 1), months_on(month, 2)),
        "this_quarter": (quarter, months_on(quarter, 3)),
        "last_quarter": (months_on(quarter, -3), quarter),
        "this_year": (year, months_on(year, 12)),
        "last_year": (months_on(year, -12), year),
        "past": (date.min, today),
        "future": (today, date.max),
    }
    if value in words:
        return words[value]
    day = _day(name, value)
    return day, day + timedelta(days=1)


def months_on(first: date, months: int) -> date:
    """Return the first of the month so many months on."""
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def date_words() -> list[tuple[str, str]]:
    """Return the words that date filters understand, with how they read."""
    return [
        ("today", _("Today")),
        ("this_week", _("This week")),
        ("next_week", _("Next week")),
        ("last_7_days", _("Last 7 days")),
        ("last_30_days", _("Last 30 days")),
        ("this_month", _("This month")),
        ("last_month", _("Last month")),
        ("next_month", _("Next month")),
        ("this_quarter", _("This quarter")),
        ("last_quarter", _("Last quarter")),
        ("this_year", _("This year")),
        ("last_year", _("Last year")),
        ("past", _("Before today")),
        ("future", _("From today on")),
    ]


def choices_of(listing: "Listing", each: "Filter", viewer: Any) -> list[tuple[str, str]]:
    """Return what a filter offers to choose from, as this viewer sees it."""
    if each.choices is not None:
        takes_viewer = bool(inspect.signature(each.choices).parameters)
        offered = each.choices(viewer) if takes_viewer else each.choices()
        if isinstance(offered, models.QuerySet):
            offered = [(row.pk, str(row)) for row in offered[:MOST_CHOICES]]
        return [(str(value), str(label)) for value, label in offered]
    if each.kind == "bool":
        return [("yes", _("Yes")), ("no", _("No"))]
    if each.custom is not None:
        return lists_custom.choices_of(each)
    if each.kind == "date":
        return date_words()
    found, nullable = database_field(listing.model, each.field or each.name)
    offered_pairs: list[tuple[str, str]] = []
    if found is not None and found.is_relation and each.kind in {"person", "team", "choice"}:
        offered_pairs = _related(found, viewer)
        if each.kind == "person":
            offered_pairs.insert(0, ("me", _("Me")))
    elif found is not None and found.choices:
        offered_pairs = [(str(value), str(label)) for value, label in found.flatchoices if value not in (None, "")]
    if nullable and offered_pairs:
        offered_pairs.append(("none", _("Nobody") if each.kind == "person" else _("None")))
    return offered_pairs


def _related(found: Any, viewer: Any) -> list[tuple[str, str]]:
    # Several filters of a list offer the same people.
    related = found.related_model
    return list(here.remember(("choices", related, viewer.pk), lambda: _names(related, viewer)))


def _names(related: Any, viewer: Any) -> list[tuple[str, str]]:
    rows = related._default_manager.all()
    if hasattr(rows, "active"):
        rows = rows.active()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(viewer)
    names = {field.name for field in related._meta.get_fields()}
    order = [name for name in ("position", "name") if name in names] or ["pk"]
    shown = rows.order_by(*order)[:MOST_CHOICES]
    if "name" in names:
        return [(str(key), name) for key, name in shown.values_list("pk", "name")]
    return [(str(row.pk), str(row)) for row in shown]


def names_of(listing: "Listing", each: "Filter", viewer: Any, values: Iterable[str]) -> list[tuple[str, str]]:
    """Return what rows are called that a filter names and offers no more, as people who have left; one query."""
    found, _nullable = database_field(listing.model, each.field or each.name)
    keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
    if each.kind not in {"person", "team", "reference"} or found is None or not found.is_relation or not keys:
        return []
    related: Any = found.related_model
    rows = related._default_manager.filter(pk__in=keys)
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(viewer)
    return [(str(row.pk), str(row)) for row in rows.order_by("pk")]


def said(params: Mapping[str, Any] | QueryDict, each: "Filter") -> bool:
    """Say whether a query string uses a filter."""
    return any(params.get(name) for name in each.param_names())
