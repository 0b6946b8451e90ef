"""Meetings that steer: the weekly pipeline review of a team and the one-to-one, and what is agreed there."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person, Team
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen
from salesmode.selling.models import Deal


class MeetingAlreadyPlanned(Refusal):
    """A meeting is planned once a day."""

    def __init__(self) -> None:
        super().__init__(_g("This meeting is planned for that day already."))


class MeetingOver(Refusal):
    """What was held or missed is over."""

    def __init__(self) -> None:
        super().__init__(_g("This meeting is over: it was held, or it was not."))


class ActionOver(Refusal):
    """What is done is done."""

    def __init__(self) -> None:
        super().__init__(_g("This action is finished or was dropped already."))


class MeetingQuerySet(OwnedQuerySet):
    """Words for sets of meetings."""

    owner_fields = ("owner", "person")

    def visible_to(self, person: Any) -> Self:
        """Return the meetings a person may see: those led by, or about, them or those below, and their team's."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return super().visible_to(person)
        of_the_team = Q(team=person.team_id, person=None) if person.team_id else Q(pk=None)
        return self.filter(owned_by_those_seen(person, *self.owner_fields) | of_the_team)


class Meeting(Record):
    """A pipeline review of a team, or a one-to-one with somebody."""

    class Kind(models.TextChoices):
        """What a meeting is for."""

        PIPELINE_REVIEW = "pipeline_review", _("Pipeline review")
        ONE_TO_ONE = "one_to_one", _("One-to-one")

    class Status(models.TextChoices):
        """Whether a meeting was held."""

        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        MISSED = "missed", _("Not held")

    type = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("With")
    )
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Led by"))
    planned_on = models.DateField(_("Day"))
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    held_at = models.DateTimeField(_("Held"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes"), null=True, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("The one deal")
    )
    skill = models.CharField(_("The one skill"), max_length=200, blank=True)
    reason = models.CharField(_("Why not"), max_length=200, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type", "team", "person", "planned_on"], nulls_distinct=False, name="one_meeting_a_day"
            ),
            models.CheckConstraint(
                name="meeting_is_of_a_team_or_with_a_person",
                condition=Q(type="pipeline_review", team__isnull=False, person=None)
                | Q(type="one_to_one", person__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-planned_on", "-id"], name="meeting_by_day")]

    def __str__(self) -> str:
        about = self.person.name if self.person else self.team.name if self.team else ""
        return f"{self.get_type_display()} · {about}"

    @property
    def is_planned(self) -> bool:
        """Whether the meeting is still to be held."""
        return self.status == self.Status.PLANNED

    @property
    def tone(self) -> str:
        """Return what colour the status has."""
        return {"held": "good", "missed": "attention"}.get(self.status, "")

    def ensure_planned(self) -> None:
        """Refuse to change how a meeting ended; raises MeetingOver."""
        if not self.is_planned:
            raise MeetingOver

    def mark_held(self, *, minutes: int | None, at: datetime) -> None:
        """Be held; raises MeetingOver."""
        self.ensure_planned()
        self.status, self.held_at, self.minutes = self.Status.HELD, at, minutes

    def mark_missed(self, *, reason: str) -> None:
        """Not be held; raises MeetingOver."""
        self.ensure_planned()
        self.status, self.reason = self.Status.MISSED, reason.strip()[:200]


class DealDecision(models.Model):
    """What a pipeline review decided about a deal."""

    class Choice(models.TextChoices):
        """What to do about a deal."""

        KEEP = "keep", _("Go on as planned")
        HELP = "help", _("Somebody helps")
        PUSH = "push", _("Move the close date out")
        PROVE = "prove", _("Prove that it is real")
        GIVE_UP = "give_up", _("Give it up")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    note = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "deal"], name="one_decision_a_deal_and_meeting")]


class Action(Record):
    """What somebody is to do by a day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who"))
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("What"), max_length=300)
    due_on = models.DateField(_("Due on"))
    done_at = models.DateTimeField(_("Done"), null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], name="action_open", condition=Q(done_at=None, dropped_at=None))
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.done_at is None and self.dropped_at is None

    def ensure_open(self) -> None:
        """Refuse to finish twice; raises ActionOver."""
        if not self.is_open:
            raise ActionOver

    def ensure_valid(self, *, today: date) -> None:
        """Refuse an action without words or for a day that is over; raises Invalid."""
        if not self.text.strip():
            raise Invalid({"text": [_g("Write down what is to be done.")]})
        if self.due_on < today or (self.due_on - today).days > 366:
            raise Invalid({"due_on": [_g("Choose a day within the next year.")]})
