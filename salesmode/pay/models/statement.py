"""Statements: what somebody is to get for a month, as it was closed; and questions about it."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Refusal
from salesmode.pay.models.ledger import LedgerEntry, PayQuerySet
from salesmode.people.models import Person


class StatementNot(Refusal):
    """A statement takes its steps in order, each once."""

    def __init__(self, statement: "Statement") -> None:
        super().__init__(
            _g("The statement of %(person)s for %(month)s is %(status)s.")
            % {
                "person": statement.owner.name,
                "month": statement.label,
                "status": str(statement.get_status_display()).lower(),
            }
        )


class OpenQuestions(Refusal):
    """Nobody approves what is still questioned."""

    def __init__(self) -> None:
        super().__init__(_g("There is an open question about this statement. Answer it first."))


class Statement(Record):
    """What somebody earned in a month that is closed, and what is due of it."""

    class Status(models.TextChoices):
        """How far a statement has come."""

        CLOSED = "closed", pgettext_lazy("a statement", "Closed")
        APPROVED = "approved", _("Approved")
        SETTLED = "settled", _("Settled")

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statements", verbose_name=_("Person"))
    month = models.DateField(_("Month"))
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.CLOSED)
    currency = models.CharField(_("Currency"), max_length=3)
    opening = models.DecimalField(_("Opening balance"), max_digits=18, decimal_places=3, default=0)
    earned = models.DecimalField(_("Earned"), max_digits=18, decimal_places=3, default=0)
    held = models.DecimalField(_("Held back"), max_digits=18, decimal_places=3, default=0)
    draw = models.DecimalField(_("Draw"), max_digits=18, decimal_places=3, default=0)
    paid = models.DecimalField(_("Paid out"), max_digits=18, decimal_places=3, default=0)
    due = models.DecimalField(_("Due"), max_digits=18, decimal_places=3, default=0)
    questions = models.PositiveSmallIntegerField(_("Open questions"), default=0)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    settled_at = models.DateTimeField(_("Settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = PayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "month"], name="statement_once_a_month"),
            models.CheckConstraint(name="statement_due_is_not_negative", condition=Q(due__gte=0)),
        ]
        indexes = [models.Index(fields=["-month", "-id"], name="statement_by_month")]

    def __str__(self) -> str:
        return f"{self.owner} {self.label}"

    @property
    def may_be_approved(self) -> bool:
        """Whether nothing stands in the way of approving it: it is closed, and no question is open."""
        return self.status == self.Status.CLOSED and not self.questions

    @property
    def label(self) -> str:
        """Return what to call the month."""
        return f"{self.month:%Y-%m}"

    @property
    def closing(self) -> Decimal:
        """Return what the person's account said at the end of the month."""
        return self.opening + self.earned + self.held + self.draw + self.paid

    @property
    def tone(self) -> str:
        """Say how the status is meant."""
        if self.questions:
            return "attention"
        return {"approved": "info", "settled": "good"}.get(self.status, "")


class Dispute(Record):
    """A question about a statement or one of its entries, and its answer."""

    class Status(models.TextChoices):
        """Whether a question was answered, and how."""

        OPEN = "open", _("Open")
        CORRECTED = "corrected", _("Corrected")
        DECLINED = "declined", _("Declined")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="disputes")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    question = models.TextField(_("Question"))
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("Answer"), blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    correction = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PayQuerySet.as_manager()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
