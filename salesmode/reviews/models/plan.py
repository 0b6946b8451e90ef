"""An improvement plan: why, what is to be reached, in which steps, and whether it was."""

from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel import wording
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.reviews.models.seen import PersonalQuerySet


class PlanDecided(Refusal):
    """A plan is decided once."""

    def __init__(self, plan: "ImprovementPlan") -> None:
        super().__init__(_g("This plan is over: %(outcome)s.") % {"outcome": plan.get_outcome_display()})


class PlanNotOver(Refusal):
    """A plan gets the time that was agreed."""

    def __init__(self, plan: "ImprovementPlan") -> None:
        super().__init__(_g("This plan runs until %(day)s; decide it on that day or later.") % {"day": plan.ends_on})


class ImprovementPlan(Record):
    """What somebody and their manager agreed to work on, until a day."""

    class Outcome(models.TextChoices):
        """How a plan stands."""

        OPEN = "open", _("Running")
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans", verbose_name=_("Person"))
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Agreed with"))
    reason = models.TextField(_("Why"))
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="plan_lasts", condition=Q(starts_on__lt=F("ends_on"))),
            models.CheckConstraint(
                name="plan_is_decided_with_a_time",
                condition=Q(outcome="open", decided_at=None) | (~Q(outcome="open") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["owner", "-starts_on"], name="plan_by_owner")]

    def __str__(self) -> str:
        return f"{self.owner.name} · {wording.day(self.ends_on)}"

    @property
    def is_open(self) -> bool:
        """Whether the plan still runs."""
        return self.outcome == self.Outcome.OPEN

    def must_run(self) -> None:
        """Refuse changes to a plan that is over; raises PlanDecided."""
        if not self.is_open:
            raise PlanDecided(self)

    def must_be_over(self, *, today: date) -> None:
        """Refuse a decision before the end; raises PlanDecided, PlanNotOver."""
        self.must_run()
        if today < self.ends_on:
            raise PlanNotOver(self)

    def mark_decided(self, outcome: str, *, today: date, at: datetime) -> None:
        """Be reached or not."""
        self.must_be_over(today=today)
        self.outcome, self.decided_at = outcome, at


class PlanGoal(models.Model):
    """A number that is to become better: measured over as many days before the plan as the plan lasts."""

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.CASCADE, related_name="goals")
    metric = models.CharField(_("Number"), max_length=60)
    target = models.DecimalField(_("Target"), max_digits=20, decimal_places=6)
    start_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    end_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    @property
    def label(self) -> str:
        """Return what the number is called."""
        known = REGISTRY.get(self.metric)
        return str(known.label) if known else self.metric

    @property
    def unit(self) -> str:
        """Return what the number is counted in."""
        known = REGISTRY.get(self.metric)
        return known.unit if known else "count"

    def is_reached_by(self, value: Decimal | None) -> bool | None:
        """Say whether a value reaches the target; None when nobody knows the value."""
        if value is None:
            return None
        known = REGISTRY.get(self.metric)
        return value <= self.target if known and known.direction == "lower" else value >= self.target


class PlanStep(models.Model):
    """One thing to do on the way, until a day."""

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(_("Step"), max_length=300)
    due_on = models.DateField(_("Due"))
    done_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)


class CheckIn(models.Model):
    """How it goes, as one of the two sees it."""

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.CASCADE, related_name="check_ins")
    text = models.TextField(_("How it goes"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class PlanDecision(models.Model):
    """What was decided when a plan's time was up, with what was measured then; an extension is one, too."""

    class Verdict(models.TextChoices):
        """What can be decided."""

        REACHED = "reached", _("Reached")
        EXTENDED = "extended", _("Extended")
        NOT_REACHED = "not_reached", _("Not reached")

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    note = models.TextField(blank=True)
    ends_on = models.DateField()
    # Each goal's measured value by its id, as text, so that nothing is lost.
    measured = models.JSONField(default=dict)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
