"""Whose targets are to be approved and gone over each quarter, and when a team's were."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.people.models import Person, Team
from salesmode.targets.models.held import HeldByTeam


class TargetSheet(HeldByTeam):
    """From when until when a team (none: the whole company) has approved targets of a number, checked each quarter."""

    metric = models.CharField(_("Metric"), max_length=60)
    # Whether everybody who sells in the team has a target of their own, or the team as a whole.
    with_people = models.BooleanField(_("For each person"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="one_target_sheet_required_of_a_team",
            ),
            models.UniqueConstraint(
                fields=["team", "starts_on"], nulls_distinct=False, name="one_target_sheet_begins_for_a_team_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.team_id or '-'} {self.starts_on}"


class TargetSheetCheck(models.Model):
    """A team's targets were gone over for a quarter: by whom, and how many there were; once for each quarter."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    metric = models.CharField(max_length=60)
    first_on = models.DateField()
    targets = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "metric", "first_on"], name="targets_are_checked_once_a_quarter")
        ]
