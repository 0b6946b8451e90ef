"""The shape that every editable record shares."""

from django.db import models


class RecordQuerySet(models.QuerySet):
    """Words that hold for sets of any record."""

    def newest_first(self) -> "RecordQuerySet":
        """Order by creation, newest first; the id breaks ties so that paging is stable."""
        return self.order_by("-created_at", "-id")


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
