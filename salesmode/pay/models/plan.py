"""Pay plans: what is paid for what, in versions that hold from a day on, and for whom they hold."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Refusal
from salesmode.pay.models.earning import SIZES, span_of
from salesmode.pay.models.terms import PlanTerms
from salesmode.people.models import Person, Team

DAYS = (Func("valid_from", "valid_until", function="daterange"), RangeOperators.OVERLAPS)


def same(field: str) -> tuple[Func, str]:
    """Return the part of a constraint that says two rows are about the same thing; GiST knows ranges by itself."""
    return Func(F(field), F(field), Value("[]"), function="int8range"), RangeOperators.OVERLAPS


def next_span(day: date, frequency: str) -> date:
    """Return on which day the next month, quarter or year begins."""
    return add_months(span_of(day, frequency), SIZES[frequency])


class VersionIsPublished(Refusal):
    """What holds is not rewritten; the next version says what is to hold then."""

    def __init__(self, version: "PlanVersion") -> None:
        super().__init__(
            _g("Version %(number)s of %(plan)s is published. Write the next version instead.")
            % {"number": version.number, "plan": version.plan.name}
        )


class PlanQuerySet(RecordQuerySet):
    """Words for sets of pay plans."""

    def visible_to(self, person: Any) -> Self:
        """Return the plans that a person may read: everybody who works here may know how pay is worked out."""
        return self if getattr(person, "is_active", False) else self.none()


class PayPlan(Record):
    """How some people's commission is worked out; its versions say what holds when."""

    name = models.CharField(_("Plan"), max_length=120)
    description = models.TextField(_("Description"), blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(models.functions.Lower("name"), name="pay_plan_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def kind(cls) -> str:
        """Return the word that events and lists use for plans."""
        return "pay_plan"


class PlanVersion(Record):
    """The terms of a plan from a day on, until a day or until further notice."""

    class Status(models.TextChoices):
        """Whether a version is only thought about, or holds."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    plan = models.ForeignKey(PayPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"))
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_until = models.DateField(_("Until before"), null=True, blank=True)
    terms = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(status="draft"), name="plan_has_one_draft"),
            models.CheckConstraint(
                name="published_version_has_a_day", condition=Q(status="draft") | Q(valid_from__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_version_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="plan_versions_do_not_overlap",
                expressions=[same("plan_id"), DAYS],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for versions."""
        return "plan_version"

    @property
    def is_draft(self) -> bool:
        """Whether nobody is paid by this yet."""
        return self.status == self.Status.DRAFT

    @property
    def document(self) -> PlanTerms:
        """Return the terms as the typed document that they are."""
        return PlanTerms.model_validate(self.terms)

    def holds_on(self, day: date) -> bool:
        """Whether this version decides what a sale of that day pays."""
        starts = self.valid_from is not None and self.valid_from <= day
        return not self.is_draft and starts and (self.valid_until is None or day < self.valid_until)


class PlanAssignment(Record):
    """A plan holds for a person, a team with all below it, or the whole company, from a day on."""

    plan = models.ForeignKey(PayPlan, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("Plan"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_plans", verbose_name=_("Person")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_plans", verbose_name=_("Team")
    )
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until before"), null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_is_for_one_person_or_team", condition=Q(person__isnull=True) | Q(team__isnull=True)
            ),
            models.CheckConstraint(
                name="plan_assignment_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="person_has_one_plan_at_a_time",
                expressions=[same("person_id"), DAYS],
                condition=Q(person__isnull=False),
            ),
            ExclusionConstraint(
                name="team_has_one_plan_at_a_time",
                expressions=[same("team_id"), DAYS],
                condition=Q(team__isnull=False),
            ),
            ExclusionConstraint(
                name="company_has_one_plan_at_a_time",
                expressions=[DAYS],
                condition=Q(person__isnull=True, team__isnull=True),
            ),
        ]

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for assignments."""
        return "plan_assignment"

    @property
    def whose(self) -> str:
        """Say for whom the plan holds."""
        if self.person is not None:
            return self.person.name
        return self.team.name if self.team is not None else _g("Whole company")
