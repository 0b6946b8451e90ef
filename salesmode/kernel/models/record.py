"""The shape that every editable record shares."""

from functools import cache
from typing import Any

from django.db import models

NAMES = frozenset({"id", "name"})


class RecordQuerySet(models.QuerySet):
    """Words that hold for sets of any record."""

    def newest_first(self) -> "RecordQuerySet":
        """Order by creation, newest first; the id breaks ties so that paging is stable."""
        return self.order_by("-created_at", "-id")

    def one_visible_to(self, person: Any, key: int) -> Any:
        """Return the record with this key if there is one and the person may see it, else None."""
        return self.visible_to(person).filter(pk=key).first()  # type: ignore[attr-defined]

    def with_names(self, *paths: str) -> "RecordQuerySet":
        """Join records of which a list shows the name alone; what else is asked of them is fetched when it is."""
        return self.select_related(*paths).defer(*_all_but_names(self.model, paths))


@cache
def _all_but_names(model: type[models.Model], paths: tuple[str, ...]) -> list[str]:
    left_out = []
    for path in paths:
        related: Any = model
        for step in path.split("__"):
            related = related._meta.get_field(step).related_model
        left_out += [f"{path}__{field.name}" for field in related._meta.concrete_fields if field.name not in NAMES]
    return left_out


class Record(models.Model):
    """A row that people edit: it knows its version, when it came and when it last changed."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    custom = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def kind(cls) -> str:
        """Return the word that events, files and search use for this record."""
        return cls._meta.model_name or ""

    def _get_FIELD_display(self, field: models.Field) -> Any:
        value = getattr(self, field.attname)
        return str(_words(field).get(value, value)) if value is not None else None


@cache
def _words(field: models.Field) -> dict[Any, Any]:
    """Return what the choices of a field are called; Django would put them all into words for each that is shown."""
    return dict(field.flatchoices)
