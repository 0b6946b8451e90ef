"""The company's own fields on a form: named `custom.<key>`, gathered again into one value for the operation."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from salesmode.kernel.custom_fields import fields_of
from salesmode.kernel.models import CustomField

Type = CustomField.Type
PREFIX = "custom."


def add_custom_fields(form: forms.Form, kind: str, values: Mapping[str, Any] | None = None) -> None:
    """Put the fields that the company added to a kind of record onto a form, filled with a record's values."""
    for field in fields_of(kind):
        shown = _form_field(field)
        shown.initial = (values or {}).get(field.key)
        form.fields[f"{PREFIX}{field.key}"] = shown


def gather_custom(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return a form's values with the company's own fields gathered under `custom`."""
    own = {name.removeprefix(PREFIX): cleaned.pop(name) for name in list(cleaned) if name.startswith(PREFIX)}
    people = get_user_model()
    cleaned["custom"] = {key: value.pk if isinstance(value, people) else value for key, value in own.items()}
    return cleaned


def _form_field(field: CustomField) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": field.is_required}
    choices = [(choice, choice) for choice in field.choices]
    match field.type:
        case Type.NUMBER | Type.MONEY:
            return forms.DecimalField(max_digits=21, decimal_places=6, **common)
        case Type.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case Type.BOOL:
            return forms.BooleanField(label=field.label, required=False)
        case Type.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *choices], **common)
        case Type.MULTI:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case Type.PERSON:
            people = get_user_model()._default_manager.active().order_by("name", "id")  # type: ignore[attr-defined]
            return forms.ModelChoiceField(people, **common, empty_label="—")
        case Type.URL:
            return forms.URLField(max_length=2000, assume_scheme="https", **common)
        case _:
            return forms.CharField(max_length=2000, **common)
