"""What search knows of a record: its words, and whose it is."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

EVERYONE = 0


class SearchEntry(models.Model):
    """One record as search knows it: what to show, what to match, and whose it is.

    `owners` are all who own it or were shown it; EVERYONE among them opens it to all.
    """

    kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    owners = ArrayField(models.BigIntegerField(), default=list)
    # The title as people type it, how it sounds, and everything that can be matched.
    key = models.CharField(max_length=300, db_collation="C")
    sounds = models.CharField(max_length=1500, blank=True, db_collation="C")
    text = models.TextField(blank=True)
    words = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["words", "owners"], name="search_entry_by_word"),
            models.Index(fields=["key", "-id"], name="search_entry_by_key"),
            models.Index(fields=["sounds", "-id"], name="search_entry_by_sound"),
        ]
