"""A challenge: who reaches a target, or who comes first, in a period."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import owned_by_those_seen
from salesmode.reviews.models.review import period_of
from salesmode.reviews.models.seen import SEE_EVERYBODY


class ChallengeOver(Refusal):
    """What is finished or called off stays so."""

    def __init__(self, challenge: "Challenge") -> None:
        super().__init__(_g("%(name)s is over.") % {"name": challenge.name})


class ChallengeRunning(Refusal):
    """A challenge is counted when its period is over."""

    def __init__(self, challenge: "Challenge") -> None:
        super().__init__(_g("%(name)s still runs; it is counted when it is over.") % {"name": challenge.name})


class ChallengeQuerySet(RecordQuerySet):
    """Words for sets of challenges."""

    def visible_to(self, person: Any) -> Self:
        """Return the challenges that one takes part in, set up, or leads somebody in."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.role in SEE_EVERYBODY:
            return self
        there = ChallengePlace.objects.filter(owned_by_those_seen(person, "person"))
        return self.filter(Q(owner=person) | Q(pk__in=there.values("challenge")))


class Challenge(Record):
    """Something to win together or against each other; an activity counts only beside a result."""

    class Rule(models.TextChoices):
        """What is rewarded."""

        TARGET = "target", _("Everybody who reaches the target")
        RANKING = "ranking", _("The first three")

    class Status(models.TextChoices):
        """How a challenge stands."""

        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Called off")

    name = models.CharField(_("Challenge"), max_length=120)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Set up by"))
    rule = models.CharField(_("Who wins"), max_length=8, choices=Rule.choices, default=Rule.TARGET)
    metric = models.CharField(_("Number"), max_length=60)
    paired = models.CharField(_("Together with"), max_length=60, blank=True)
    target = models.DecimalField(_("Target"), max_digits=20, decimal_places=6, null=True, blank=True)
    first = models.DateField(_("From"))
    until = models.DateField()
    badge = models.ForeignKey(
        "reviews.Badge", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Badge")
    )
    reward = models.CharField(_("Reward"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="challenge_lasts", condition=Q(first__lt=F("until"))),
            models.CheckConstraint(
                name="challenge_for_a_target_has_one",
                condition=~Q(rule="target") | Q(target__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-until", "-id"], name="challenge_by_end")]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """Return the days that count."""
        return period_of(self.first, self.until)

    @property
    def metric_label(self) -> str:
        """Return what the number is called."""
        known = REGISTRY.get(self.metric)
        return str(known.label) if known else self.metric

    @property
    def unit(self) -> str:
        """Return what the number is counted in."""
        known = REGISTRY.get(self.metric)
        return known.unit if known else "count"

    @property
    def is_running(self) -> bool:
        """Whether nobody has counted yet."""
        return self.status == self.Status.RUNNING

    def must_run(self) -> None:
        """Refuse when it is over; raises ChallengeOver."""
        if not self.is_running:
            raise ChallengeOver(self)

    def mark_finished(self, *, today: date, at: datetime) -> None:
        """Be counted; raises ChallengeOver, ChallengeRunning."""
        self.must_run()
        if today < self.until:
            raise ChallengeRunning(self)
        self.status, self.finished_at = self.Status.FINISHED, at

    def mark_cancelled(self, *, at: datetime) -> None:
        """Be called off."""
        self.must_run()
        self.status, self.finished_at = self.Status.CANCELLED, at


class ChallengePlace(models.Model):
    """One person in a challenge, and how it ended for them; equal values share a place."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    paired_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    points = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    is_tied = models.BooleanField(default=False)
    wins = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["challenge", "person"], name="one_place_in_a_challenge")]
