"""A visit: planned for a day, begun by a check-in where the customer is, ended with what came of it."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.customer import Customer, shared_to
from salesmode.customers.models.interaction import Interaction
from salesmode.customers.models.place import Place, is_place, metres_between
from salesmode.customers.models.visit_plan import VisitType
from salesmode.kernel import wording
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen

TOO_EXACT_METRES = 1.0
FASTEST_KMH = 300
NEAR_ENOUGH_METRES = 3_000
A_DAY = timedelta(days=1)


class VisitAlreadyBegun(Refusal):
    """A visit begins once."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has already checked in to this visit, or it was called off."))


class AlreadyOnAVisit(Refusal):
    """Nobody is in two places."""

    def __init__(self) -> None:
        super().__init__(_g("You are still checked in elsewhere. Check out there first."))


class VisitNotUnderWay(Refusal):
    """Only what has begun can end."""

    def __init__(self) -> None:
        super().__init__(_g("Nobody is checked in to this visit."))


class VisitNotPlanned(Refusal):
    """What has begun or was called off is not planned any more."""

    def __init__(self) -> None:
        super().__init__(_g("This visit has begun, is over or was called off, so its plan stays."))


class VisitAlreadyPlanned(Invalid):
    """Nobody means to see the same customer twice on a day."""

    def __init__(self, visit: "Visit") -> None:
        said = {"customer": visit.customer.name, "day": wording.day(visit.planned_on)}
        super().__init__({"planned_on": [_g("A visit to %(customer)s on %(day)s is planned already.") % said]})


class VisitsPlannedMeanwhile(Refusal):
    """A month is laid out by one at a time."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody planned a visit at the same moment. Look at the month and try again."))


class VisitQuerySet(OwnedQuerySet):
    """Words for sets of visits."""

    owner_fields = ("owner", "customer__owner")

    def visible_to(self, person: Any) -> Self:
        """Return the visits a person may see: made by them or those below, or to customers they may see."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return super().visible_to(person)
        seen, shared = owned_by_those_seen(person, *self.owner_fields), shared_to(person)
        return self.filter(seen | Q(customer__in=shared) if shared.exists() else seen)

    def standing(self) -> Self:
        """Return the visits that were not called off."""
        return self.exclude(status=Visit.Status.CALLED_OFF)

    def done(self) -> Self:
        """Return the visits that took place."""
        return self.filter(status=Visit.Status.DONE)


class Visit(Record):
    """Going to see a customer. What was said there is the interaction that the check-out wrote down."""

    class Status(models.TextChoices):
        """How far a visit has come."""

        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        CALLED_OFF = "called_off", _("Called off")

    class Doubt(models.TextChoices):
        """What speaks against a position being where the phone really was."""

        TOO_EXACT = "too_exact", _("The position is more exact than a phone can measure")
        TYPED = "typed", _("The position has too few digits to come from a phone")
        TOO_FAST = "too_fast", _("Too far from the check-in before for the time between them")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="visits", verbose_name=_("Customer"))
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits", verbose_name=_("Visitor"))
    plan = models.ForeignKey(
        "customers.VisitPlan", on_delete=models.SET_NULL, null=True, blank=True, related_name="visits"
    )
    type = models.ForeignKey(
        VisitType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Kind of visit")
    )
    planned_on = models.DateField(_("Day"))
    purpose = models.CharField(_("Purpose"), max_length=200, blank=True)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    was_planned = models.BooleanField(_("Planned beforehand"), default=True)
    stop = models.PositiveSmallIntegerField(_("Stop"), null=True, blank=True)
    checked_in_at = models.DateTimeField(_("Checked in"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(_("Accuracy, m"), null=True, blank=True)
    distance_m = models.FloatField(_("Distance, m"), null=True, blank=True)
    is_far = models.BooleanField(_("Far from the customer"), default=False)
    doubt = models.CharField(_("Doubt"), max_length=10, choices=Doubt.choices, blank=True)
    checked_out_at = models.DateTimeField(_("Checked out"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes"), null=True, blank=True)
    answers = models.JSONField(_("Steps"), default=list, blank=True)
    interaction = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="visit"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "customer", "planned_on"],
                condition=Q(status="planned"),
                name="a_customer_is_planned_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(status="under_way"), name="nobody_is_on_two_visits_at_once"
            ),
            models.CheckConstraint(
                name="a_visit_that_took_place_has_its_interaction",
                condition=~Q(status="done")
                | Q(interaction__isnull=False, checked_in_at__isnull=False, checked_out_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "planned_on"], name="visit_by_owner_day"),
            models.Index(fields=["customer", "-planned_on"], name="visit_by_customer"),
            models.Index(fields=["-planned_on", "-id"], name="visit_by_day"),
            models.Index(fields=["owner", "checked_in_at"], name="visit_by_check_in"),
        ]

    def __str__(self) -> str:
        return self.customer.name

    @property
    def place(self) -> Place | None:
        """Where the visitor was at the check-in; None when the phone did not say."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)

    @property
    def is_planned(self) -> bool:
        """Whether the visit is still to come."""
        return self.status == self.Status.PLANNED

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is there now."""
        return self.status == self.Status.UNDER_WAY

    @property
    def is_done(self) -> bool:
        """Whether the visit took place."""
        return self.status == self.Status.DONE

    @property
    def tone(self) -> str:
        """Return what colour the status has."""
        return {"under_way": "info", "done": "good"}.get(self.status, "")

    def ensure_planned(self) -> None:
        """Refuse to plan what is not planned any more; raises VisitNotPlanned."""
        if not self.is_planned:
            raise VisitNotPlanned

    def mark_checked_in(
        self, *, place: Place | None, accuracy_m: float | None, radius_m: int, before: "Visit | None", at: datetime
    ) -> None:
        """Begin where the visitor is; raises VisitAlreadyBegun, Invalid for a place that is not on the earth.

        `before` is the visitor's last check-in with a position, which this one must be within reach of.
        """
        if not self.is_planned:
            raise VisitAlreadyBegun
        if place is not None and not is_place(*place):
            raise Invalid({"latitude": [_g("This is not a position on the earth.")]})
        self.status, self.checked_in_at = self.Status.UNDER_WAY, at
        self.latitude, self.longitude = place or (None, None)
        self.accuracy_m = accuracy_m if place is not None else None
        there = self.customer.position
        self.distance_m = round(metres_between(place, there), 1) if place and there else None
        # A phone that is only sure to some metres is given them.
        self.is_far = self.distance_m is not None and self.distance_m - (self.accuracy_m or 0) > radius_m
        self.doubt = self._doubt(before, at=at)

    def mark_checked_out(self, *, at: datetime) -> None:
        """End the visit; raises VisitNotUnderWay."""
        if not self.is_under_way or self.checked_in_at is None:
            raise VisitNotUnderWay
        self.status, self.checked_out_at = self.Status.DONE, at
        self.minutes = max(0, int((at - self.checked_in_at).total_seconds() // 60))

    def _doubt(self, before: "Visit | None", *, at: datetime) -> str:
        if self.place is None:
            return ""
        if self.accuracy_m is not None and self.accuracy_m < TOO_EXACT_METRES:
            return self.Doubt.TOO_EXACT
        if all(round(part, 3) == part for part in self.place):
            return self.Doubt.TYPED
        if before is not None and before.place is not None and before.checked_in_at is not None:
            hours = max((at - before.checked_in_at).total_seconds(), 1) / 3600
            metres = metres_between(self.place, before.place)
            if metres > NEAR_ENOUGH_METRES and metres / 1000 / hours > FASTEST_KMH:
                return self.Doubt.TOO_FAST
        return ""


def cleaned_answers(steps: list[dict[str, str]], given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers to the steps of a visit, each beside its step as it was then; raises Invalid."""
    kept = []
    for step in steps:
        value = given.get(step["label"])
        if step["kind"] == "check":
            value = bool(value)
        elif step["kind"] == "number":
            try:
                value = None if value in (None, "") else float(str(value)[:30])
            except ValueError:
                raise Invalid({"answers": [_g("%(step)s is a number.") % {"step": step["label"]}]}) from None
            if value is not None and (value != value or abs(value) > 1e15):
                raise Invalid({"answers": [_g("%(step)s is a number.") % {"step": step["label"]}]})
        else:
            value = str(value or "").strip()[:1000]
        kept.append({"label": step["label"], "kind": step["kind"], "value": value})
    return kept
