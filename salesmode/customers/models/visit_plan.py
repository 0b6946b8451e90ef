"""Whom to visit how often: frequencies by grade, what a seller plans for a month, and how visits are laid out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.customer import Customer
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet

MOST_PER_MONTH = 20
USUAL_FREQUENCY = {"A": 4, "B": 2, "C": 1, "D": 0}
STEP_KINDS = {"check": _("Tick"), "text": _("Text"), "number": _("Number")}
MOST_STEPS = 20


def usual_frequency() -> dict[str, int]:
    """Return how often customers of each grade are visited unless the company says otherwise."""
    return dict(USUAL_FREQUENCY)


class VisitRulesQuerySet(RecordQuerySet):
    """Words for the one row there is."""

    def current(self) -> "VisitRules":
        """Return the company's rules for visits, or unsaved ones with the defaults."""
        return self.filter(pk=1).first() or VisitRules(pk=1)  # type: ignore[return-value]


class VisitRules(Record):
    """How often customers of each grade are visited a month, and how near a check-in has to be."""

    per_month = models.JSONField(_("Visits a month"), default=usual_frequency)
    radius_m = models.PositiveIntegerField(
        _("Radius, m"), default=500, validators=[MinValueValidator(20), MaxValueValidator(100_000)]
    )

    objects = VisitRulesQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_set_of_visit_rules", condition=Q(pk=1))]

    def ensure_valid(self) -> None:
        """Refuse frequencies that no grade has or no month holds; raises Invalid."""
        for grade in Customer.Grade.values:
            often = self.per_month.get(grade, 0)
            if not isinstance(often, int) or not 0 <= often <= MOST_PER_MONTH:
                raise Invalid({grade: [_g("Choose a number from 0 to %(most)s.") % {"most": MOST_PER_MONTH}]})
        self.per_month = {grade: self.per_month.get(grade, 0) for grade in Customer.Grade.values}


class VisitType(Record):
    """A kind of visit with the steps that belong to it."""

    name = models.CharField(_("Kind of visit"), max_length=60, unique=True)
    steps = models.JSONField(_("Steps"), default=list, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)

    objects = RecordQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def ensure_valid(self) -> None:
        """Refuse a kind without a name, or steps that nobody could answer; raises Invalid."""
        if not self.name.strip():
            raise Invalid({"name": [_g("Give the kind of visit a name.")]})
        labels = [str(step.get("label", "")).strip() for step in self.steps]
        if len(labels) > MOST_STEPS or len(set(labels)) != len(labels) or not all(labels):
            raise Invalid({"steps": [_g("Give at most %(most)s steps, each another name.") % {"most": MOST_STEPS}]})
        if any(step.get("kind") not in STEP_KINDS for step in self.steps):
            raise Invalid({"steps": [_g("A step is a tick, a text or a number.")]})


class VisitPlan(Record):
    """How often a seller means to visit a customer in a month: the target that coverage is measured against."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Owner"))
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="visit_plans", verbose_name=_("Customer")
    )
    month = models.DateField(_("Month"))
    grade = models.CharField(_("Grade"), max_length=1, blank=True)
    planned = models.PositiveSmallIntegerField(_("Planned visits"))

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "customer", "month"], name="one_visit_plan_a_month"),
            models.CheckConstraint(name="visit_plan_is_of_a_month", condition=Q(month__day=1)),
        ]
        indexes = [models.Index(fields=["month", "owner"], name="visit_plan_by_month")]


def spread(frequency: int, days: Sequence[date], load: Counter[date]) -> list[date]:
    """Lay so many visits out over working days: one in each equal stretch of them, on its least busy day.

    There are as many as asked for, or as many as there are days. `load` counts what is on each day and is kept up.
    """
    frequency = min(frequency, len(days))
    chosen = []
    for place in range(frequency):
        stretch = days[place * len(days) // frequency : (place + 1) * len(days) // frequency]
        day = min(stretch, key=lambda each: (load[each], each))
        load[day] += 1
        chosen.append(day)
    return chosen


def frequency_of(customer: Any, per_month: dict[str, int]) -> int:
    """Return how often a customer of this grade is visited; one without a grade is not planned."""
    return int(per_month.get(customer.grade, 0)) if customer.grade else 0
