"""What is to happen every day or week: reports and meetings, for a team or the whole company, from a day on."""

from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.holidays import is_workday
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Team

FRIDAY, MONDAY = 4, 0
USUAL_TIME = time(18)
A_WEEK = 7


class RhythmChangedMeanwhile(Refusal):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has changed this meanwhile. Look at it again."))


class RhythmQuerySet(RecordQuerySet):
    """Words for sets of habits."""

    def on(self, day: date) -> Self:
        """Return what holds on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class Rhythm(Record):
    """One habit: that something happens every working day, or on a day of every week, at a time."""

    class Kind(models.TextChoices):
        """What is to happen."""

        DAILY_REPORT = "daily_report", _("Daily report")
        WEEKLY_REPORT = "weekly_report", _("Weekly report")
        PIPELINE_REVIEW = "pipeline_review", _("Pipeline review")
        ONE_TO_ONE = "one_to_one", _("One-to-one")

    type = models.CharField(_("What"), max_length=20, choices=Kind.choices)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    weekday = models.PositiveSmallIntegerField(_("Weekday"), null=True, blank=True)
    due_time = models.TimeField(_("Time"), default=USUAL_TIME)
    is_required = models.BooleanField(_("Required"), default=True)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type", "team"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="one_rhythm_of_a_kind_for_a_team",
            ),
            models.CheckConstraint(
                name="rhythm_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.get_type_display()

    @property
    def is_weekly(self) -> bool:
        """Whether it happens once a week."""
        return self.type != self.Kind.DAILY_REPORT

    @property
    def day_name(self) -> str:
        """Return what the day is called on which it happens."""
        return str(_("every working day") if self.weekday is None else WEEKDAYS[self.weekday])

    def ensure_valid(self) -> None:
        """Refuse what no habit may be; raises Invalid."""
        if self.type not in self.Kind.values:
            raise Invalid({"kind": [_g("There is no such habit.")]})
        if self.is_weekly and (self.weekday is None or not 0 <= self.weekday <= 6):
            raise Invalid({"weekday": [_g("Choose a day of the week.")]})
        if not self.is_weekly:
            self.weekday = None


def due_day(first: date, *, weekly: bool, weekday: int | None, country: str) -> date | None:
    """Return the working day on which something is due: the day itself, or a week's weekday or the one before it.

    None when the day is free, or the week is up to that weekday.
    """
    if not weekly:
        return first if is_workday(first, country) else None
    monday = first - timedelta(days=first.weekday())
    day = monday + timedelta(days=FRIDAY if weekday is None else weekday)
    while day >= monday:
        if is_workday(day, country):
            return day
        day -= timedelta(days=1)
    return None


def due_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which something is due on a day in the company's zone."""
    return datetime.combine(day, at, zone)
