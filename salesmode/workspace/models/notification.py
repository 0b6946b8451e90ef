"""What somebody is told in their inbox."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesmode.people.models import Person

# Each kind of note: its icon, what it says, and what it says when it stands for several things done at once.
SENTENCES: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "deal.handed_over": (
        "transfer",
        _("%(actor)s handed the deal %(title)s over to you."),
        _("%(actor)s handed %(count)s deals over to you."),
    ),
    "customer.handed_over": (
        "building",
        _("%(actor)s handed the customer %(title)s over to you."),
        _("%(actor)s handed %(count)s customers over to you."),
    ),
    "customer.shared": (
        "eye",
        _("%(actor)s showed you the customer %(title)s."),
        _("%(actor)s showed you %(count)s customers."),
    ),
    "lead.handed_over": (
        "user-plus",
        _("%(actor)s gave you the lead %(title)s."),
        _("%(actor)s gave you %(count)s leads."),
    ),
    "person.amended": (
        "user-cog",
        _("%(actor)s changed your role or team."),
        _("%(actor)s changed your role or team."),
    ),
    "import.finished": (
        "file-import",
        _("Your import of %(title)s is done."),
        _("%(count)s of your imports are done."),
    ),
    "import.stopped": (
        "alert-triangle",
        _("Your import of %(title)s stopped before its end."),
        _("%(count)s of your imports stopped before their end."),
    ),
    "person.report_due": (
        "report",
        _("Your report is due: %(title)s"),
        _("%(count)s of your reports are due."),
    ),
    "alert.raised": ("alert-triangle", _("Alert: %(title)s"), _("Alert: %(title)s")),
    "decision.reviewed": (
        "report-analytics",
        _("Your decision was measured again: %(title)s"),
        _("%(count)s of your decisions were measured again."),
    ),
    "review.told": (
        "message",
        _("%(actor)s has told you the result of your review: %(title)s"),
        _("%(actor)s has told you the results of %(count)s reviews."),
    ),
    "recognition.given": (
        "award",
        _("%(actor)s thanked you: %(title)s"),
        _("%(actor)s thanked you %(count)s times."),
    ),
    "challenge.won": ("trophy", _("You won the challenge %(title)s."), _("You won %(count)s challenges.")),
    "mention": ("message", _("%(actor)s mentioned you: %(title)s"), _("%(actor)s mentioned you %(count)s times.")),
}


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Words for sets of notes."""

    def visible_to(self, person: Any) -> Self:
        """Return a person's own notes: nobody reads another's inbox."""
        return self.filter(person=person) if getattr(person, "is_active", False) else self.none()

    def unread(self) -> Self:
        """Return the notes not read yet."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One note in somebody's inbox, told in the reader's language when it is read.

    `source` names what it is about, so that whatever is told twice is noted once.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=120)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=1)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="noted_once")]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notification_by_person"),
            models.Index(fields=["person"], name="notification_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def icon(self) -> str:
        """Return what is drawn beside the note."""
        return SENTENCES[self.kind][0] if self.kind in SENTENCES else "bell"

    @property
    def sentence(self) -> str:
        """Return the note as a sentence in the reader's language."""
        words = {"actor": self.actor.name if self.actor else "Salesmode", "title": self.title, "count": self.count}
        if self.kind not in SENTENCES:
            return self.title
        _icon, one, many = SENTENCES[self.kind]
        return str(many if self.count > 1 else one) % words

    def mark_read(self, *, at: datetime) -> None:
        """Remember when the note was read first."""
        self.read_at = self.read_at or at
