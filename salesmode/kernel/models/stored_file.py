"""A file that somebody attached to a record."""

from typing import Self

from django.db import models

from salesmode.kernel.models.record import RecordQuerySet

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
HEAVY = 4 * 2**20


class StoredFileQuerySet(RecordQuerySet):
    """Words for sets of files."""

    def about(self, kind: str, record_id: int) -> Self:
        """Return the files attached to a record, newest first."""
        return self.filter(about_kind=kind, about_id=record_id).order_by("-created_at", "-id")


class StoredFile(models.Model):
    """A file attached to a record; whoever sees the record sees the file, and it goes when the record goes."""

    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about_kind", "about_id", "-created_at"], name="file_by_subject"),
            models.Index(fields=["sha256"], name="file_by_content"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether every browser can show it among others: a picture of a common kind that is not too heavy for that."""
        return self.content_type in PICTURES and self.size <= HEAVY

    @property
    def place(self) -> str:
        """Where the content lies below the files folder: named after itself, so that equal files are kept once."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
