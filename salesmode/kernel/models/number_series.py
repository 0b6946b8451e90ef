"""How far the numbers of documents have been given out."""

from django.db import models


class NumberSeries(models.Model):
    """One run of numbers without gaps: of which documents, in which year or month, and the last one given out."""

    name = models.CharField(max_length=60)
    period = models.CharField(max_length=10, blank=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="number_series_once")]
