"""What is wrong with a field, in the caller's language: the schema library only speaks English."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SAID: dict[str, Promise] = {
    "missing": gettext_lazy("This field is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("Write text here."),
    "string_unicode": gettext_lazy("Write text here."),
    "bool_type": gettext_lazy("Answer true or false."),
    "bool_parsing": gettext_lazy("Answer true or false."),
    "int_type": gettext_lazy("Give a whole number."),
    "int_parsing": gettext_lazy("Give a whole number."),
    "int_parsing_size": gettext_lazy("Give a whole number."),
    "int_from_float": gettext_lazy("Give a whole number."),
    "finite_number": gettext_lazy("Give a number."),
    "float_type": gettext_lazy("Give a number."),
    "float_parsing": gettext_lazy("Give a number."),
    "decimal_type": gettext_lazy("Give a number."),
    "decimal_parsing": gettext_lazy("Give a number."),
    "date_type": gettext_lazy("Write the day as YYYY-MM-DD."),
    "date_parsing": gettext_lazy("Write the day as YYYY-MM-DD."),
    "date_from_datetime_parsing": gettext_lazy("Write the day as YYYY-MM-DD."),
    "date_from_datetime_inexact": gettext_lazy("Write the day as YYYY-MM-DD."),
    "datetime_type": gettext_lazy("Write the time as 2026-03-02T01:00:00Z."),
    "datetime_parsing": gettext_lazy("Write the time as 2026-03-02T01:00:00Z."),
    "datetime_from_date_parsing": gettext_lazy("Write the time as 2026-03-02T01:00:00Z."),
    "timezone_aware": gettext_lazy("Write the time as 2026-03-02T01:00:00Z."),
    "time_type": gettext_lazy("Write the time of day as 09:30."),
    "time_parsing": gettext_lazy("Write the time of day as 09:30."),
    "list_type": gettext_lazy("Send a list here."),
    "dict_type": gettext_lazy("Send an object here."),
    "model_type": gettext_lazy("Send an object here."),
    "model_attributes_type": gettext_lazy("Send an object here."),
    "string_pattern_mismatch": gettext_lazy("This does not have the right form: %(pattern)s"),
    "string_too_short": gettext_lazy("Write at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("Write at most %(max_length)s characters."),
    "too_short": gettext_lazy("Send at least %(min_length)s."),
    "too_long": gettext_lazy("Send at most %(max_length)s."),
    "greater_than": gettext_lazy("Give more than %(gt)s."),
    "greater_than_equal": gettext_lazy("Give at least %(ge)s."),
    "less_than": gettext_lazy("Give less than %(lt)s."),
    "less_than_equal": gettext_lazy("Give at most %(le)s."),
    "decimal_max_digits": gettext_lazy("Give at most %(max_digits)s digits."),
    "decimal_max_places": gettext_lazy("Give at most %(decimal_places)s decimals."),
    "decimal_whole_digits": gettext_lazy("Give at most %(whole_digits)s digits before the point."),
    "enum": gettext_lazy("Choose one of %(expected)s."),
    "literal_error": gettext_lazy("Choose one of %(expected)s."),
}


def said(error: dict[str, Any]) -> str:
    """Say what one error of a schema means; what a rule of ours said stays as it was said."""
    kind, context = error.get("type", ""), error.get("ctx") or {}
    if kind in {"value_error", "assertion_error"} and context.get("error"):
        return str(context["error"])
    if kind in _SAID:
        return str(_SAID[kind]) % {name: str(value) for name, value in context.items()}
    return _("This value does not fit.")
