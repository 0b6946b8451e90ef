"""What search knows of a record: its words, and whose it is."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """One record as search knows it: what to show, what to match, and who may see it."""

    kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    owner_id = models.BigIntegerField(null=True)
    account_owner_id = models.BigIntegerField(null=True)
    shared_with = ArrayField(models.BigIntegerField(), default=list)
    is_for_everyone = models.BooleanField(default=False)
    # The title as people type it, everything that can be matched, and how the title sounds.
    key = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    sounds = models.CharField(max_length=1500, blank=True)
    words = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["words"], name="search_entry_by_word"),
            models.Index(OpClass("key", "text_pattern_ops"), name="search_entry_by_key"),
            models.Index(OpClass("sounds", "text_pattern_ops"), name="search_entry_by_sound"),
        ]
