"""What people say will be won in a period, and when they are to say it."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person, Team
from salesmode.people.visibility import OwnedQuerySet


class SubmittedMeanwhile(Refusal):
    """Somebody else has submitted for the same period since this one was begun."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has submitted this forecast meanwhile. Look at it, then submit yours again."))


class ForecastQuerySet(OwnedQuerySet):
    """Words for sets of submissions."""

    owner_fields = ("owner",)

    def of_period(self, first: Any, until: Any) -> Self:
        """Return the submissions for the days from one until before another."""
        return self.filter(first_on=first, until_on=until)


class ForecastSubmission(Record):
    """One call on a period, kept for ever: a later one is another row, and none changes the roll-up.

    Of a person, or a team, or (with neither) the company; `is_own` says that whoever answers for it made it himself.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("By"))
    is_own = models.BooleanField(default=True)
    first_on = models.DateField()
    until_on = models.DateField()
    number = models.PositiveIntegerField()
    amount = models.DecimalField(_("Commit"), max_digits=18, decimal_places=3)
    best_case = models.DecimalField(_("Best case"), max_digits=18, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3)
    comment = models.CharField(_("Comment"), max_length=500, blank=True)
    # What the roll-up said when this was submitted: it shows how far the deals have moved since.
    rolled_up = models.DecimalField(max_digits=18, decimal_places=3)
    closed = models.DecimalField(max_digits=18, decimal_places=3)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "team", "first_on", "until_on", "number"],
                nulls_distinct=False,
                name="forecast_submission_has_its_number_once",
            ),
            models.CheckConstraint(name="forecast_is_of_a_person_or_a_team", condition=Q(person=None) | Q(team=None)),
            models.CheckConstraint(name="forecast_is_not_negative", condition=Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(fields=["first_on", "until_on", "person"], name="forecast_by_period"),
            models.Index(fields=["owner", "-created_at", "-id"], name="forecast_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.first_on} #{self.number}"

    @property
    def unit(self) -> tuple[str, int | None]:
        """Return what this is a forecast of."""
        if self.person_id is not None:
            return "person", self.person_id
        return ("team", self.team_id) if self.team_id is not None else ("company", None)


class SinceQuerySet(RecordQuerySet):
    """Words for what holds from a day on."""

    def visible_to(self, person: Any) -> Self:
        """Return what a person may see: everyone who works here sees what holds."""
        return self if getattr(person, "is_active", False) else self.none()


class SubmissionCycle(Record):
    """From a day on, a team (or the company) submits its forecast every week; without a weekday it has no own time."""

    GRAINS = [("month", _("the month")), ("quarter", _("the quarter"))]

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    grain = models.CharField(max_length=10, default="quarter")

    objects = SinceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "since"], nulls_distinct=False, name="one_cycle_from_a_day_on"),
            models.CheckConstraint(
                name="cycle_has_a_weekday_and_a_time",
                condition=Q(weekday=None, clock=None) | Q(weekday__range=(0, 6), clock__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id or '-'} {self.since}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether this says that there is no own time any more."""
        return self.weekday is None

    @property
    def span(self) -> str:
        """Which span is forecast, in words."""
        return str(dict(self.GRAINS).get(self.grain, self.grain))

    def last_due(self, moment: datetime) -> datetime:
        """Return when the forecast was last due, up to and with a moment in the company's zone."""
        assert self.weekday is not None
        assert self.clock is not None
        day = moment.date() - timedelta(days=(moment.weekday() - self.weekday) % 7)
        due = datetime.combine(day, self.clock, moment.tzinfo)
        return due if due <= moment else datetime.combine(day - timedelta(days=7), self.clock, moment.tzinfo)
