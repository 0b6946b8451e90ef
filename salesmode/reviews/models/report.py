"""What somebody reports of a day or a week: numbers from the records, and three texts."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models import Interaction
from salesmode.kernel import wording
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet

OLDEST_DAYS = 31


class ReportAlreadySubmitted(Refusal):
    """A day is reported once."""

    def __init__(self) -> None:
        super().__init__(_g("The report of this day or week is there already."))


class ReportAlreadyRead(Refusal):
    """What somebody has read stays as it was."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has read this report, so it stays as it is. Add a comment instead."))


class WorkReport(Record):
    """Somebody's report of a day or a week."""

    class Kind(models.TextChoices):
        """What a report is about."""

        DAILY = "daily", _("Daily report")
        WEEKLY = "weekly", _("Weekly report")

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("From"))
    type = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    first = models.DateField(_("Day"))
    numbers = models.JSONField(default=dict)
    done = models.TextField(_("Done"), blank=True)
    plan = models.TextField(_("Plan"), blank=True)
    problems = models.TextField(_("Problems"), blank=True)
    due_at = models.DateTimeField(_("Due"))
    submitted_at = models.DateTimeField(_("Submitted"))
    is_late = models.BooleanField(_("Late"), default=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "type", "first"], name="one_work_report_a_day_or_week")]
        indexes = [models.Index(fields=["-first", "-id"], name="work_report_by_day")]

    def __str__(self) -> str:
        days = wording.day(self.first)
        if self.type == self.Kind.WEEKLY:
            days = f"{days} – {wording.day(self.last)}"
        return f"{self.get_type_display()} · {days}"

    @property
    def until(self) -> date:
        """The day after the last one that the report is about."""
        return self.first + timedelta(days=1 if self.type == self.Kind.DAILY else 7)

    @property
    def last(self) -> date:
        """The last day that the report is about."""
        return self.until - timedelta(days=1)

    @property
    def contacts(self) -> list[tuple[str, int]]:
        """How often customers were spoken to, by the way it was done."""
        names = dict(Interaction.Channel.choices)
        counted: dict[str, int] = self.numbers.get("channels", {})
        return [(str(names.get(channel, channel)), times) for channel, times in counted.items()]

    def ensure_valid(self, *, today: date) -> None:
        """Refuse a report of what is still to come, is long over, or says nothing; raises Invalid."""
        if self.type not in self.Kind.values:
            raise Invalid({"kind": [_g("There is no such report.")]})
        if self.first > today or (today - self.first).days > OLDEST_DAYS:
            raise Invalid({"day": [_g("Report a day of the last month.")]})
        if not (self.done.strip() or self.plan.strip() or self.problems.strip()):
            raise Invalid({"done": [_g("Write down what was done.")]})

    def mark_submitted(self, *, due_at: datetime, at: datetime) -> None:
        """Be handed in, in time or late."""
        self.due_at, self.submitted_at, self.is_late = due_at, at, at > due_at


class ReportDraftQuerySet(models.QuerySet["ReportDraft"]):
    """Words for drafts."""

    def one_visible_to(self, person: Person, key: int) -> "ReportDraft | None":
        """Return a draft of somebody's own."""
        return self.filter(owner=person, pk=key).first()


class ReportDraft(models.Model):
    """What somebody has begun to write and not handed in; nobody else reads it."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=WorkReport.Kind.choices)
    first = models.DateField()
    done = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    kept_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "first"], name="one_report_draft_at_a_time")]


class ReportReading(models.Model):
    """That somebody has read a report."""

    report = models.ForeignKey(WorkReport, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person"], name="work_report_read_once")]


class ReportComment(models.Model):
    """What somebody wrote under a report."""

    report = models.ForeignKey(WorkReport, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    created_at = models.DateTimeField()


class ReportReminder(models.Model):
    """That somebody was reminded of a report, once."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    first = models.DateField()
    sent_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "first"], name="reminded_of_a_report_once")]
