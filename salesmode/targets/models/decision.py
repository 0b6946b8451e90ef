"""What somebody decided to move a number, and what became of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.models import Record
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.targets.models.target import can_aim_at
from salesmode.targets.models.whose import AboutANumber, SomebodysQuerySet, Unit, Whose

LARGEST = Decimal(10) ** 14
LONGEST_DAYS = 366
HALF_WAY = Decimal("0.5")


class DecisionNotDue(Refusal):
    """A decision is judged on its review date, not before."""

    def __init__(self, decision: "Decision") -> None:
        super().__init__(_g("This decision is reviewed on %(day)s.") % {"day": decision.review_on})


class DecisionNotReviewed(Refusal):
    """What was learned is known after the review."""

    def __init__(self) -> None:
        super().__init__(_g("What was learned can be said after the review."))


class DecisionQuerySet(SomebodysQuerySet):
    """Words for sets of decisions: of those who made them, and of those whom they are about."""

    persons = ("owner", "person")

    def due(self, today: date) -> Self:
        """Return the decisions whose review date has come."""
        return self.filter(verdict="", review_on__lte=today)

    def running(self, today: date) -> Self:
        """Return the decisions whose review date is still to come."""
        return self.filter(verdict="", review_on__gt=today)


class Decision(AboutANumber, Record):
    """A decision: who decided what, about which number of whom, why, with which effect expected until when."""

    class Verdict(models.TextChoices):
        """What became of it."""

        REACHED = "reached", _("Reached")
        PARTLY = "partly", _("Partly reached")
        NOT_REACHED = "not_reached", _("Not reached")
        UNKNOWN = "unknown", _("Cannot be measured")

    title = models.CharField(_("Decision"), max_length=200)
    why = models.TextField(_("Why"), max_length=4000)
    metric = models.CharField(_("Metric"), max_length=60)
    unit = models.CharField(_("For"), max_length=10, choices=Unit.choices)
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("Decided by"))
    alert = models.ForeignKey(
        "targets.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_on = models.DateField(_("Decided on"))
    review_on = models.DateField(_("Review on"))
    expected_from = models.DecimalField(_("From"), max_digits=24, decimal_places=6, null=True, blank=True)
    expected_to = models.DecimalField(_("Expected"), max_digits=24, decimal_places=6)
    before = models.DecimalField(_("Before"), max_digits=24, decimal_places=6, null=True, blank=True)
    after = models.DecimalField(_("After"), max_digits=24, decimal_places=6, null=True, blank=True)
    verdict = models.CharField(_("Verdict"), max_length=12, choices=Verdict.choices, blank=True)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, blank=True)
    lesson = models.TextField(_("What was learned"), max_length=4000, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_is_reviewed_later", condition=Q(review_on__gt=models.F("decided_on"))
            ),
            models.CheckConstraint(
                name="decision_has_a_verdict_once_reviewed",
                condition=Q(verdict="", reviewed_at=None) | (~Q(verdict="") & Q(reviewed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_names_whom_it_is_about",
                condition=Q(unit="company")
                | Q(unit="team", team__isnull=False)
                | Q(unit="person", person__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["verdict", "review_on"], name="decision_by_review")]

    def __str__(self) -> str:
        return self.title

    @property
    def whose(self) -> Whose:
        """Return whom this is about."""
        return Whose(self.unit, team=self.team, person=self.person)

    @property
    def subject_label(self) -> str:
        """What to call whom this is about."""
        return str(self.person or self.team or _g("Company"))

    @property
    def is_reviewed(self) -> bool:
        """Whether it has a verdict."""
        return bool(self.verdict)

    @property
    def days(self) -> int:
        """Over how many days its effect is measured."""
        return (self.review_on - self.decided_on).days

    def span_before(self, zone: Any) -> Period:
        """Return as many days before the decision as its effect is given."""
        return Period(self.decided_on - timedelta(days=self.days), self.decided_on, "days", "", zone)

    def span_after(self, zone: Any) -> Period:
        """Return the days from the decision until its review."""
        return Period(self.decided_on, self.review_on, "days", "", zone)

    @property
    def is_up(self) -> bool:
        """Whether the number is to rise: as was expected, or as is better where nobody knew from where."""
        if self.expected_from is not None and self.expected_from != self.expected_to:
            return self.expected_to > self.expected_from
        return self.metric not in REGISTRY or REGISTRY[self.metric].direction == "higher"

    def ensure_valid(self) -> None:
        """Refuse what makes no sense; raises Invalid at the fields."""
        wrong: dict[str, list[str]] = {}
        if self.unit not in ("company", "team", "person"):
            wrong["unit"] = [_g("Choose the company, a team or a person.")]
        elif self.metric not in REGISTRY:
            wrong["metric"] = [_g("There is no metric called %(code)s.") % {"code": str(self.metric)[:60]}]
        elif not can_aim_at(self.metric, self.unit):
            said = {"metric": self.metric_label, "unit": self.get_unit_display()}
            wrong["metric"] = [_g("%(metric)s is not known for each %(unit)s.") % said]
        if not self.title.strip():
            wrong["title"] = [_g("Say what was decided.")]
        if not self.why.strip():
            wrong["why"] = [_g("Say why.")]
        for name in ("expected_from", "expected_to"):
            value = getattr(self, name)
            if value is not None and (not value.is_finite() or abs(value) >= LARGEST):
                wrong[name] = [_g("That is too large.")]
        if not 0 < self.days <= LONGEST_DAYS:
            wrong["review_on"] = [_g("Choose a day after the decision, within a year.")]
        if wrong:
            raise Invalid(wrong)

    def mark_reviewed(self, *, before: Decimal | None, after: Decimal | None, today: date, at: datetime) -> None:
        """Take over both readings and judge; raises DecisionNotDue."""
        if today < self.review_on:
            raise DecisionNotDue(self)
        self.before, self.after, self.reviewed_at = before, after, at
        self.verdict = verdict_of(before, after, self.expected_to, is_up=self.is_up)


def verdict_of(before: Decimal | None, after: Decimal | None, expected: Decimal, *, is_up: bool = True) -> str:
    """Judge what became of an expectation: all the way is reached, from half of it partly, less is not reached.

    `is_up` says which way the number should go; the way begins where it was before.
    """
    if before is None or after is None:
        return Decision.Verdict.UNKNOWN
    way, done = (expected - before, after - before) if is_up else (before - expected, before - after)
    if done >= way:
        return Decision.Verdict.REACHED
    return Decision.Verdict.PARTLY if way > 0 and done >= way * HALF_WAY else Decision.Verdict.NOT_REACHED
