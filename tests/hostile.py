"""What somebody types who wants other people's browsers to run it: into every text of every record."""

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from tests.test_house_rules import DOMAIN

MARK = "window.__ran=1"
TYPED = f"<img src=x onerror={MARK}>\"'><script>{MARK}</script>{{{{7*191}}}}"
RAN = "1337"
LINK = f"javascript:{MARK}"
# What is no text of people's: words that programs choose from, addresses that must stay one, what is kept as a hash.
NO_TEXT = {
    "email",
    "url",
    "link",
    "password",
    "key",
    "code",
    "currency",
    "secret",
    "hash",
    "name_key",
    "digits",
    "language",
    "theme",
}


def type_it_everywhere() -> int:
    """Put it into every text that a record has; return into how many fields."""
    filled = 0
    for model in apps.get_models():
        if model._meta.app_label not in (*DOMAIN, "kernel") or "event" in model._meta.model_name:
            continue
        for field in model._meta.local_concrete_fields:
            filled += _is_text(field) and _fill(model, field.name)
    return filled


def _is_text(field: models.Field) -> bool:
    fits = field.max_length is None or field.max_length >= len(TYPED) + 8
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.primary_key
    return is_text and fits and field.name not in NO_TEXT


def _fill(model: type[models.Model], name: str) -> bool:
    typed = LINK if name == "website" else TYPED
    its_own = Concat(Value(typed), Cast(F("pk"), models.CharField()), output_field=models.TextField())
    try:
        with transaction.atomic():
            return bool(model._base_manager.update(**{name: its_own}))
    except DatabaseError:
        return False
