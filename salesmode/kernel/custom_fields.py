"""Custom fields: what a company adds to its records, checked on the way in, filtered and sorted by the database."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, CharField, DecimalField, F, Func, Q, Value
from django.db.models.lookups import Exact, GreaterThanOrEqual, IContains, IExact, IsNull, LessThanOrEqual
from django.utils.translation import gettext as _

from salesmode.kernel import here
from salesmode.kernel.asked import Asked
from salesmode.kernel.models import CustomField, Record
from salesmode.kernel.models.custom_field import KEY
from salesmode.kernel.refusals import Invalid

Type = CustomField.Type
LONGEST_TEXT = 2_000
NUMERIC = (Type.NUMBER, Type.MONEY, Type.PERSON)
YES = frozenset({"true", "1", "yes", "on", "是", "y"})
NO = frozenset({"false", "0", "no", "off", "否", "n"})

_IN_USE = Asked(lambda kind: CustomField.objects.in_use(kind), str)


# Which kinds of records have custom fields, to be looked up along with something else.
KINDS = ArraySubquery(CustomField.objects.filter(is_active=True).order_by().values("kind").distinct())
_KINDS = "kinds with custom fields"


def know_kinds(kinds: Sequence[str]) -> None:
    """Take it for this request that no other kinds of records have custom fields."""
    here.keep(_KINDS, frozenset(kinds))


def fields_of(kind: str) -> list[CustomField]:
    """Return the custom fields of a kind of record, in their order; read once for each request."""
    kinds = here.kept(_KINDS)
    if kinds is not None and kind not in kinds:
        return []
    return here.remember(("custom fields", kind), lambda: _IN_USE.all(kind))


def kinds() -> dict[str, type[Record]]:
    """Return the kinds of records that can have custom fields, and their tables."""
    models = [model for model in apps.get_models() if issubclass(model, Record) and model is not CustomField]
    return {model.kind(): model for model in models if any(field.name == "custom" for field in model._meta.fields)}


def clean_custom(
    kind: str, data: Mapping[str, Any] | None, *, former: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return custom values as they are stored; with `former` values, those not named stay as they are.

    Raises Invalid, every wrong field named `custom.<key>`.
    """
    if not isinstance(data or {}, Mapping):
        raise Invalid({"custom": [_("Give the custom fields as names with values.")]})
    given = dict(data or {})
    if not given and former is not None:
        return dict(former)
    fields = {field.key: field for field in fields_of(kind)}
    wrong = {f"custom.{key}": [_("There is no such field.")] for key in given if key not in fields}
    kept = dict(former or {})
    for key, field in fields.items():
        if key not in given:
            value = kept.get(key)
        else:
            try:
                value = _clean(field, given[key])
            except ValueError as error:
                wrong[f"custom.{key}"] = [str(error)]
                continue
        if value in (None, "", []):
            kept.pop(key, None)
            if field.is_required and (key in given or former is None):
                wrong[f"custom.{key}"] = [_("%(field)s is required.") % {"field": field.label}]
        else:
            kept[key] = value
    if wrong:
        raise Invalid(wrong)
    return kept


def _clean(field: CustomField, value: Any) -> Any:
    """Return one value as it is stored; raises ValueError with a sentence."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    match field.type:
        case Type.NUMBER | Type.MONEY:
            return _number(value)
        case Type.DATE:
            return _date(value)
        case Type.BOOL:
            return _bool(value)
        case Type.PERSON:
            return _person(value)
        case Type.MULTI:
            several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            return list(dict.fromkeys(_choice(field, each) for each in several))
        case Type.CHOICE:
            return _choice(field, value)
        case Type.URL:
            return _url(_text(value))
        case _:
            return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float | Decimal) or isinstance(value, bool):
        raise ValueError(_("Give a text."))
    text = str(value).strip()
    if "\x00" in text:
        raise ValueError(_("Null characters are not allowed."))
    if len(text) > LONGEST_TEXT:
        raise ValueError(_("At most %(count)s characters.") % {"count": LONGEST_TEXT})
    return text


def _number(value: Any) -> str:
    if isinstance(value, bool | list | dict):
        raise ValueError(_("Give a number."))
    try:
        number = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise ValueError(_("Give a number.")) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError(_("This number is too large."))
    exact = number.quantize(Decimal("0.000001")).normalize()
    return f"{exact:f}"


def _date(value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])).isoformat()[:10]
    except ValueError:
        raise ValueError(_("Give a day as 2026-03-31.")) from None


def _bool(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise ValueError(_("Say yes or no."))
    return word in YES


def _choice(field: CustomField, value: Any) -> str:
    if value not in field.choices:
        raise ValueError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, field.choices))[:300]})
    return str(value)


def _person(value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = 0
    if not 0 < number < 2**31 or not get_user_model()._default_manager.filter(pk=number).exists():
        raise ValueError(_("There is no such person."))
    return number


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(_("Give a web address that begins with https:// or http://."))
    return text


# The same expressions filter, sort and are indexed; keys are checked, so they may stand literally in SQL.
_TEXT = "(%(expressions)s ->> '{key}')"
_NUMBER = (
    r"CASE WHEN (%(expressions)s ->> '{key}') ~ '^-?[0-9]{{1,20}}([.][0-9]{{1,10}})?$' "
    r"THEN (%(expressions)s ->> '{key}')::numeric END"
)


class ValueOf(Func):
    """A record's value of a custom field, typed; anything that does not fit the type counts as empty."""

    def __init__(self, field: CustomField, column: str = "custom") -> None:
        self.template = _template(field)
        numeric = field.type in NUMERIC
        super().__init__(
            F(column), output_field=DecimalField(max_digits=30, decimal_places=10) if numeric else CharField()
        )


def _template(field: CustomField) -> str:
    KEY(field.key)
    return (_NUMBER if field.type in NUMERIC else _TEXT).format(key=field.key)


class _Has(Func):
    """One of the values of a field with several is this one."""

    template = "%(expressions)s"
    arg_joiner = " @> "
    output_field = BooleanField()
    conditional = True


def sort_expression(field: CustomField) -> ValueOf:
    """Return what to order records by; records without a value sort as NULL."""
    return ValueOf(field)


def condition(field: CustomField, operator: str, value: Any = None) -> Any:
    """Return a condition for `filter()`: is, contains, from, to, empty, filled.

    Raises Invalid for an operator or a value that does not fit the field.
    """
    if operator in ("empty", "filled"):
        return IsNull(ValueOf(field), operator == "empty")
    name = f"custom.{field.key}"
    if operator == "contains" and field.type in (Type.TEXT, Type.URL):
        return IContains(ValueOf(field), str(value).replace("\x00", ""))
    comparison = {"from": GreaterThanOrEqual, "to": LessThanOrEqual}.get(operator)
    if operator not in ("is", "from", "to") or (comparison and field.type not in (*NUMERIC, Type.DATE)):
        raise Invalid({name: [_("This field cannot be filtered so.")]})
    if field.type in (Type.TEXT, Type.URL):
        return IExact(ValueOf(field), str(value).replace("\x00", ""))
    try:
        wanted = _clean(field, value)
    except ValueError as error:
        raise Invalid({name: [str(error)]}) from None
    if field.type in NUMERIC:
        wanted = Decimal(wanted) if wanted is not None else None
    if comparison:
        return comparison(ValueOf(field), Value(wanted))
    if field.type == Type.MULTI:
        return Q(custom__contains={field.key: wanted or []})
    if field.type == Type.BOOL:
        # Records from before the field existed count as no.
        return Q(custom__contains={field.key: True}) if wanted else ~Q(custom__contains={field.key: True})
    return Exact(ValueOf(field), Value(wanted))


def index_name(field: CustomField) -> str:
    """Return the name of the index over a custom field."""
    return f"customvalue_{field.kind}_{field.key}"[:63]


def index_sql(field: CustomField) -> str:
    """Return the statement that makes the index over a custom field, beside running work."""
    table = connection.ops.quote_name(kinds()[field.kind]._meta.db_table)
    name = connection.ops.quote_name(index_name(field))
    if field.type == Type.MULTI:
        return f"create index concurrently if not exists {name} on {table} using gin ((custom -> '{field.key}'))"
    expression = _template(field) % {"expressions": "custom"}
    return f"create index concurrently if not exists {name} on {table} (({expression}), id)"
