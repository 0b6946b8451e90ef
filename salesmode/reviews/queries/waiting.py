"""What waits for somebody: reviews at a step of theirs, steps of plans that are due."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from salesmode.people.models import Person
from salesmode.reviews.models import ImprovementPlan, PlanStep, Review, Signature

MOST = 8
SOON = timedelta(days=3)
STATUS = Review.Status


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, about whom, until when, and where."""

    title: str
    what: str
    url: str
    due_on: date | None = None
    is_late: bool = False


def waiting_for(person: Person, *, today: date) -> list[Waiting]:
    """Return what waits for somebody in reviews and plans, the oldest first. Four queries."""
    if person.may_change_nothing:
        return []
    found = [*_own(person, today), *_of_others(person, today), *_steps(person, today), *_plans(person, today)]
    return found[:MOST]


def _own(person: Person, today: date) -> list[Waiting]:
    mine = Review.objects.filter(owner=person).exclude(status=STATUS.LOCKED).select_related("round")
    signed = Signature.objects.filter(role=Signature.Role.PERSON, by=person).values("review")
    words = {
        STATUS.DRAFT: _("Write your own view"),
        STATUS.TOLD: _("Read your review"),
        STATUS.AGREED: _("Sign your review"),
        STATUS.ANSWERED: _("Read the answer"),
        STATUS.SECOND: _("Read the second opinion"),
    }
    rows = mine.filter(status__in=list(words)).exclude(pk__in=signed).order_by("first", "pk")[:MOST]
    return [
        Waiting(
            title=row.round.label,
            what=words[STATUS(row.status)],
            url=reverse("reviews:review", args=[row.pk]),
            due_on=row.round.due_on if row.status == STATUS.DRAFT else None,
            is_late=row.status == STATUS.DRAFT and row.round.due_on < today,
        )
        for row in rows
    ]


def _of_others(person: Person, today: date) -> list[Waiting]:
    words = {
        STATUS.SELF: _("Assess"),
        STATUS.SUBMITTED: _("Calibrate and tell"),
        STATUS.DISAGREED: _("Answer the disagreement"),
        STATUS.AGREED: _("Sign"),
        STATUS.ANSWERED: _("Sign"),
        STATUS.SECOND: _("Sign"),
    }
    signed = Signature.objects.filter(role=Signature.Role.LEADER).values("review")
    rows = Review.objects.filter(leader=person).exclude(owner=person).select_related("owner", "round")
    waits = Q(status__in=list(words)) & ~Q(pk__in=signed, status__in=Review.TO_BE_SIGNED)
    return [
        Waiting(title=str(row), what=words[STATUS(row.status)], url=reverse("reviews:review", args=[row.pk]))
        for row in rows.filter(waits).order_by("first", "pk")[:MOST]
    ]


def _steps(person: Person, today: date) -> list[Waiting]:
    rows = PlanStep.objects.filter(
        plan__owner=person, plan__outcome=ImprovementPlan.Outcome.OPEN, done_at=None, due_on__lte=today + SOON
    )
    return [
        Waiting(
            title=row.text,
            what=_("Step of your plan"),
            url=reverse("reviews:plan", args=[row.plan_id]),
            due_on=row.due_on,
            is_late=row.due_on < today,
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]


def _plans(person: Person, today: date) -> list[Waiting]:
    rows = ImprovementPlan.objects.filter(leader=person, outcome=ImprovementPlan.Outcome.OPEN, ends_on__lte=today)
    return [
        Waiting(
            title=row.owner.name,
            what=_("Decide the plan"),
            url=reverse("reviews:plan", args=[row.pk]),
            due_on=row.ends_on,
            is_late=row.ends_on < today,
        )
        for row in rows.select_related("owner").order_by("ends_on", "pk")[:MOST]
    ]
