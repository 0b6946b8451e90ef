"""How far the clock's work has come."""

from django.db import models


class ClockMark(models.Model):
    """When something that the clock asks for was last enqueued; moving the mark decides which worker does it."""

    name = models.CharField(max_length=200, primary_key=True)
    last_at = models.DateTimeField()
