"""What was found out about whether a practice or a mode works."""

from django.db import models

from salesmode.kernel.models import Record, RecordQuerySet


class Effect(Record):
    """The newest answer to "does it work?" for one practice or mode: subject is `practice:code` or `mode:code`."""

    subject = models.CharField(max_length=60, unique=True)
    metric = models.CharField(max_length=60)
    requested_at = models.DateTimeField(null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=30, blank=True)
    method = models.CharField(max_length=40, blank=True)
    result = models.JSONField(default=dict)

    objects = RecordQuerySet.as_manager()

    @property
    def is_awaited(self) -> bool:
        """Whether it was asked for and not answered yet."""
        return self.requested_at is not None and (self.measured_at is None or self.measured_at < self.requested_at)
