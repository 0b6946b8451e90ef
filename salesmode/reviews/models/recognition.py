"""Thanks that others see, badges, and who would rather not be shown."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.people.models import Person
from salesmode.people.visibility import owned_by_those_seen
from salesmode.reviews.models.challenge import Challenge


class BadgeQuerySet(RecordQuerySet):
    """Words for sets of badges."""

    def visible_to(self, person: Any) -> Self:
        """Return the badges: everybody who works here knows them."""
        return self if getattr(person, "is_active", False) else self.none()


class Badge(Record):
    """A mark that somebody can earn."""

    ICONS = (
        "award",
        "medal",
        "trophy",
        "star",
        "rosette",
        "rocket",
        "heart-handshake",
        "bulb",
        "target-arrow",
        "flame",
    )

    name = models.CharField(_("Badge"), max_length=80, unique=True)
    meaning = models.CharField(_("What it is given for"), max_length=200, blank=True)
    icon = models.CharField(_("Picture"), max_length=20, choices=[(name, name) for name in ICONS], default="award")
    is_active = models.BooleanField(_("In use"), default=True)

    objects = BadgeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class DisplayChoice(Record):
    """What somebody would rather not have shown to others."""

    owner = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="display_choice")
    hides_rank = models.BooleanField(_("Do not name me on leaderboards"), default=False)
    hides_praise = models.BooleanField(_("Do not show others the thanks that I get"), default=False)

    objects = RecordQuerySet.as_manager()


class RecognitionQuerySet(RecordQuerySet):
    """Words for sets of thanks."""

    def visible_to(self, person: Any) -> Self:
        """Return the thanks shown to one's team; those of people who would rather not only to the two and leaders."""
        if not getattr(person, "is_active", False):
            return self.none()
        theirs = Q(giver=person) | owned_by_those_seen(person, "owner")
        private = Q(owner__display_choice__hides_praise=True)
        shown = ~private if person.sees_all else Q(owner__team=person.team_id, owner__team__isnull=False) & ~private
        return self.filter(theirs | shown)


class Recognition(Record):
    """Thanks from one person to another, or for a challenge that was won."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recognitions", verbose_name=_("Who"))
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("From"))
    text = models.CharField(_("For what"), max_length=500)
    badge = models.ForeignKey(
        Badge, on_delete=models.PROTECT, null=True, blank=True, related_name="recognitions", verbose_name=_("Badge")
    )
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, null=True, blank=True, related_name="recognitions"
    )
    given_at = models.DateTimeField(_("When"))

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "owner"],
                condition=Q(challenge__isnull=False),
                name="challenge_is_rewarded_once",
            ),
        ]
        indexes = [models.Index(fields=["-given_at", "-id"], name="recognition_by_time")]

    def __str__(self) -> str:
        return self.text[:60]
