"""How often a team is reviewed."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.periods import add_months
from salesmode.people.models import Team
from salesmode.reviews.models.template import ReviewTemplate


class ReviewCycle(Record):
    """From a day on, a team (or the company) is reviewed every so often with a form."""

    class Grain(models.TextChoices):
        """How often."""

        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")
        HALF_YEAR = "half_year", _("Every half-year")
        YEAR = "year", _("Every year")

    MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    template = models.ForeignKey(ReviewTemplate, on_delete=models.PROTECT, related_name="+")
    grain = models.CharField(_("How often"), max_length=10, choices=Grain.choices)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(ends_on=None), nulls_distinct=False, name="one_review_cycle_goes_on"
            ),
            models.CheckConstraint(
                name="review_cycle_lasts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.name} · {self.get_grain_display()}"

    def holds_on(self, day: date) -> bool:
        """Whether this is what holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def last_period(self, today: date) -> tuple[date, date, str]:
        """Return the newest period that is over by a day: its first day, the day after its last, and its name."""
        months = self.MONTHS[self.grain]
        until = date(today.year, (today.month - 1) // months * months + 1, 1)
        first = add_months(until, -months)
        return first, until, period_name(self.grain, first)


def period_name(grain: str, first: date) -> str:
    """Return what a month, quarter, half-year or year is called."""
    names = {"month": f"{first:%Y-%m}", "quarter": f"{first.year}-Q{(first.month + 2) // 3}"}
    names |= {"half_year": f"{first.year}-H{1 if first.month < 7 else 2}", "year": f"{first.year}"}
    return names.get(grain, f"{first}")


def last_day(until: date) -> date:
    """Return the last day before another."""
    return until - timedelta(days=1)
