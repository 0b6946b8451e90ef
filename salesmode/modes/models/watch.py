"""A watch over how much a team depends on its best seller."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from salesmode.kernel.models import Record
from salesmode.modes.models.adoption import ScopedQuerySet
from salesmode.people.models import Team


class Watch(Record):
    """From a day on, leads are warned when one seller brings in more than a share of what was won."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="watches")
    most_percent = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(100)])
    months = models.PositiveSmallIntegerField(default=12, validators=[MinValueValidator(1), MaxValueValidator(36)])
    from_day = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(ended_at=None), nulls_distinct=False, name="team_is_watched_once"
            )
        ]
