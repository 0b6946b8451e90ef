"""What holds for a team, or the whole company, from one day until another."""

from datetime import date

from django.db import models


class HeldByTeam(models.Model):
    """From when until when something holds for a team (none: the whole company), and for the teams below it."""

    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, day: date) -> bool:
        """Say whether this holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
