"""An import: one file on its way into one sheet, with what became of every row."""

from pathlib import Path
from typing import Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.files import path_of
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Refusal


class ImportNotReady(Refusal):
    """An import takes its steps in order."""

    def __init__(self, run: "ImportRun") -> None:
        super().__init__(_g("This import is %(status)s.") % {"status": str(run.get_status_display()).lower()})


class ImportRunQuerySet(RecordQuerySet):
    """Words for sets of imports."""

    def visible_to(self, person: Any) -> Self:
        """Return the imports a person may see: only their own, for a file may hold more than they wrote."""
        return self.filter(by_id=person.pk) if getattr(person, "is_active", False) else self.none()

    def active(self) -> Self:
        """Return the imports that still go on."""
        return self.filter(status__in=ImportRun.ACTIVE)


class ImportRun(Record):
    """One file on its way into one sheet: how it is read, how far it has come, and how its rows fared."""

    class Status(models.TextChoices):
        """How far an import has come."""

        DRAFT = "draft", _("Being prepared")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Stopped")
        DONE = "done", _("Done")

    class Mode(models.TextChoices):
        """What happens to rows whose record exists, and to those whose record does not."""

        CREATE = "create", _("Add new records, leave existing ones as they are")
        UPDATE = "update", _("Change existing records, add none")
        UPSERT = "upsert", _("Change existing records and add new ones")

    ACTIVE = ("waiting", "running")

    sheet = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    form = models.CharField(max_length=8)
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CREATE)
    keys = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    message = models.CharField(max_length=500, blank=True)
    # Whoever asked also does the work, row by row, as the command line does; nobody else takes it up.
    is_attended = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    by_id = models.BigIntegerField()
    requested_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    custom = None  # An import has no fields of its own.

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["by_id", "-created_at", "-id"], name="import_by_person"),
            models.Index(fields=["sheet", "file_sha256"], name="import_by_file"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for an import."""
        return "import"

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return path_of(self.file_sha256)

    @property
    def is_active(self) -> bool:
        """Whether rows are still to be read."""
        return self.status in self.ACTIVE

    @property
    def share(self) -> int:
        """Return how much is done, in percent."""
        return 100 if self.status == self.Status.DONE else min(99, 100 * self.done // self.total) if self.total else 0

    def mark_waiting(self) -> None:
        """Wait for a worker; raises ImportNotReady unless it is prepared or has stopped."""
        if self.status not in (self.Status.DRAFT, self.Status.FAILED, self.Status.CANCELLED):
            raise ImportNotReady(self)
        self.status, self.message = self.Status.WAITING, ""

    def mark_cancelled(self) -> None:
        """Stop where it is; what came in stays. Raises ImportNotReady when there is nothing to stop."""
        if not self.is_active and self.status != self.Status.DRAFT:
            raise ImportNotReady(self)
        self.status = self.Status.CANCELLED

    def mark_failed(self, message: str) -> None:
        """Stop because the file or the program cannot go on; it can be resumed."""
        self.status, self.message = self.Status.FAILED, message[:500]

    def count(self, verdicts: dict[str, int]) -> None:
        """Add up what became of some rows."""
        for verdict, number in verdicts.items():
            setattr(self, verdict, getattr(self, verdict) + number)
            self.done += number


class ImportLine(models.Model):
    """What became of one row: its record or the reason, and a mark by which the same row is known again."""

    class Verdict(models.TextChoices):
        """What became of a row."""

        CREATED = "created", _("New")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("As it was")
        SKIPPED = "skipped", _("Left out")
        FAILED = "failed", _("Not possible")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    record_id = models.BigIntegerField(null=True, blank=True)
    # Why the row did not come in, as whoever imports it reads; the other languages are there for failed rows only.
    reason = models.CharField(max_length=500, blank=True)
    translated = models.JSONField(null=True, blank=True)
    mark = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_reported_once"),
            models.UniqueConstraint(
                fields=["sheet", "mark"], condition=models.Q(verdict="created"), name="import_row_made_once"
            ),
        ]
        indexes = [models.Index(fields=["run", "verdict", "number"], name="import_line_by_verdict")]

    @property
    def said(self) -> str:
        """The reason in the language of whoever reads it now."""
        return (self.translated or {}).get(get_language()) or self.reason


class ListExport(models.Model):
    """A list that somebody took out: what, how many rows, when."""

    kind = models.CharField(max_length=40)
    query = models.CharField(max_length=2_000, blank=True)
    form = models.CharField(max_length=8)
    rows = models.PositiveIntegerField(default=0)
    by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by_id", "-created_at"], name="export_by_person")]


class CompanyImport(Record):
    """A whole company on its way in from some files: first looked at, then taken over."""

    class Status(models.TextChoices):
        """How far it has come."""

        CHECKING = "checking", _("Being looked at")
        READY = "ready", _("Ready to be taken over")
        RUNNING = "running", _("Being taken over")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    files = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    report = models.JSONField(default=dict)
    message = models.CharField(max_length=500, blank=True)
    by_id = models.BigIntegerField()
    custom = None

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by_id", "-created_at", "-id"], name="company_import_by_person")]

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for it."""
        return "company_import"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker is busy with it or will be."""
        return self.status in (self.Status.CHECKING, self.Status.RUNNING)
