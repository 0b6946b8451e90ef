"""What the doors remember: requests already answered, and how many came."""

from django.db import models
from django.db.models.functions import Now


class IdempotencyKey(models.Model):
    """One request that a program may send again: what it was, and what it was answered."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    body_hash = models.CharField(max_length=64)
    attempt = models.UUIDField()
    started_at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["started_at"], name="idempotency_key_by_start")]


class RateCount(models.Model):
    """How many requests somebody sent in the running window; kept in memory-like storage, lost by a crash."""

    bucket = models.CharField(max_length=200, primary_key=True)
    window_at = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)
