"""A field that a company adds to a kind of record."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models.record import Record, RecordQuerySet

KEY = RegexValidator(r"\A[a-z][a-z0-9_]{0,39}\Z", _("Use small letters, digits and underscores, a letter first."))


class CustomFieldQuerySet(RecordQuerySet):
    """Words for sets of custom fields."""

    def in_use(self, kind: str) -> Self:
        """Return the fields that forms and lists of a kind of record show, in their order."""
        return self.filter(kind=kind, is_active=True).order_by("position", "id")


class CustomField(Record):
    """A field that a company adds to a kind of record: typed, validated, filterable and sortable."""

    class Type(models.TextChoices):
        """What a custom field holds."""

        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        BOOL = "bool", _("Yes or no")
        CHOICE = "choice", _("One of several")
        MULTI = "multi", _("Some of several")
        PERSON = "person", _("Person")
        URL = "url", _("Web address")

    kind = models.CharField(_("Kind of record"), max_length=40)  # type: ignore[assignment]
    key = models.CharField(_("Key"), max_length=40, validators=[KEY])
    label_zh = models.CharField(_("Label in Chinese"), max_length=80)
    label_en = models.CharField(_("Label in English"), max_length=80)
    type = models.CharField(_("Type"), max_length=10, choices=Type.choices)
    choices = models.JSONField(_("Choices"), default=list, blank=True)
    is_required = models.BooleanField(_("Required"), default=False)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(default=True, editable=False)
    custom = None  # A field has no fields of its own.

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="custom_field_key_once"),
            models.CheckConstraint(name="custom_field_key_is_plain", condition=Q(key__regex=r"^[a-z][a-z0-9_]{0,39}$")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The field's name in the language of who looks."""
        spoken = translation.get_language() or ""
        return (self.label_zh if spoken.startswith("zh") else self.label_en) or self.label_en or self.label_zh

    @property
    def has_choices(self) -> bool:
        """Whether values come from a list."""
        return self.type in (self.Type.CHOICE, self.Type.MULTI)
