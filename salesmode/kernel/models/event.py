"""The event log: what happened, to what, by whom, when."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now


class EventQuerySet(models.QuerySet["EventRecord"]):
    """Words for sets of events."""

    def about(self, kind: str, record_id: int) -> "EventQuerySet":
        """Return everything that happened to a record or to what hangs on it."""
        return self.filter(related__contains=[f"{kind}:{record_id}"])


class EventRecord(models.Model):
    """One thing that happened, as it was at that moment; never changed afterwards."""

    name = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    related = ArrayField(models.CharField(max_length=60), default=list)
    actor_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    facts = models.JSONField()
    # The transaction that wrote it: a reader by position takes only transactions older than every running one.
    xid = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", ()))

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["xid"], name="event_by_transaction"),
            models.Index(fields=["name", "happened_at"], name="event_by_name"),
            models.Index(fields=["actor_id", "happened_at"], name="event_by_actor"),
            GinIndex(fields=["related"], name="event_by_related"),
        ]
