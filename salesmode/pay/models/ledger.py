"""The ledger of pay: entries are added, never changed; the database itself refuses anything else."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel import wording
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Refusal
from salesmode.orders.models import Order, Payment
from salesmode.pay.models.plan import PlanVersion
from salesmode.people.models import Person, PersonScope
from salesmode.selling.models import Deal

SEE_EVERYBODYS = frozenset({"director", "operations", "finance", "auditor", "system"})


class PeriodIsClosed(Refusal):
    """What was closed stays as it is."""

    def __init__(self, month: date) -> None:
        super().__init__(
            _g("%(month)s is closed. Corrections go into a later month.") % {"month": wording.month(month)}
        )


class PaySettings(models.Model):
    """When months are closed, up to which they are, and whether managers see the statements of their people."""

    closes_on_day = models.PositiveSmallIntegerField(_("Close the month before on day"), null=True, default=3)
    managers_see = models.BooleanField(_("Managers see the statements of their people"), default=True)
    closed_through = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_are_one_pay_settings", condition=Q(pk=1)),
            models.CheckConstraint(
                name="pay_closes_on_a_day", condition=Q(closes_on_day=None) | Q(closes_on_day__range=(1, 28))
            ),
        ]

    @classmethod
    def current(cls) -> "PaySettings":
        """Return the settings; a migration wrote the row, and a test that empties the tables gets the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def open_month(self, month: date) -> date:
        """Return where something that belongs to a month is posted: there, or in the first month after the closed."""
        return month if self.closed_through is None else max(month, add_months(self.closed_through, 1))


class PayQuerySet(RecordQuerySet):
    """Words for what belongs to somebody's pay: fewer people see it than see their deals."""

    def visible_to(self, person: Any) -> Self:
        """Return what a person may see: their own; a manager's people's if the settings say so; all for a few roles."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.role in SEE_EVERYBODYS:
            return self
        if person.role == Person.Role.MANAGER and PaySettings.current().managers_see:
            led = PersonScope.objects.filter(viewer=person).values("owner")
            return self.filter(Q(owner=person) | Q(owner__in=led))
        return self.filter(owner=person)


class PayAccount(models.Model):
    """Somebody's pay: held while it is brought up to date, and marked when something happened that it should know."""

    owner = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="pay_account")
    is_stale = models.BooleanField(default=False)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner"], name="stale_pay_account", condition=Q(is_stale=True))]


class LedgerEntry(models.Model):
    """One amount, with everything that it came from; only ever added."""

    class Rule(models.TextChoices):
        """Why there is an entry."""

        COMMISSION = "commission", _("Commission")
        KICKER = "kicker", _("Bonus")
        OVERRIDE = "override", _("Share of the team's sales")
        POOL = "pool", _("Team pool")
        HELD = "held", _("Held back")
        RELEASED = "released", _("Released")
        CLAWBACK = "clawback", _("Taken back")
        DRAW = "draw", _("Draw")
        RECOVERY = "recovery", _("Draw paid back")
        CORRECTION = "correction", _("Correction")
        PAID = "paid", _("Paid out")

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person"))
    key = models.CharField(max_length=120)
    turn = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(_("Rule"), max_length=12, choices=Rule.choices)
    period = models.DateField(_("Month"))
    belongs_to = models.DateField(_("Earned in"))
    happened_on = models.DateField(_("Day"))
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)
    currency = models.CharField(_("Currency"), max_length=3)
    base = models.DecimalField(_("Counted"), max_digits=18, decimal_places=3, null=True)
    rate = models.DecimalField(_("Rate, %"), max_digits=9, decimal_places=3, null=True)
    event_id = models.BigIntegerField(null=True)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Deal"))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Order"))
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Payment")
    )
    plan_version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Plan")
    )
    inputs = models.JSONField(default=dict)
    reversal_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    posted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = PayQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two who post the same thing at once: the second finds it there.
            models.UniqueConstraint(
                fields=["owner", "key", "turn"], condition=Q(reversal_of=None), name="ledger_entry_once"
            ),
            models.CheckConstraint(name="ledger_month_begins_a_month", condition=Q(period__day=1)),
        ]
        indexes = [
            models.Index(fields=["owner", "period"], name="ledger_by_owner"),
            models.Index(fields=["-period", "-id"], name="ledger_by_period"),
            models.Index(fields=["deal"], name="ledger_by_deal", condition=Q(deal__isnull=False)),
        ]

    @property
    def is_correction_of_closed(self) -> bool:
        """Whether this stands in a later month than the one to which it belongs."""
        return self.period != self.belongs_to


class PayPeriod(models.Model):
    """A month of pay that was closed."""

    month = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    statements = models.PositiveIntegerField(default=0)


class CreditSplit(Record):
    """A share of the credit for a deal, or for one order; shares of the same thing add up to 100 %."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_splits")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_splits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person"))
    percent = models.DecimalField(_("Share, %"), max_digits=6, decimal_places=3)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="credit_is_for_a_deal_or_an_order",
                condition=Q(deal__isnull=False, order=None) | Q(deal=None, order__isnull=False),
            ),
            models.CheckConstraint(name="credit_share_is_positive", condition=Q(percent__gt=0, percent__lte=100)),
            models.UniqueConstraint(fields=["deal", "person"], name="credit_share_of_deal_once"),
            models.UniqueConstraint(fields=["order", "person"], name="credit_share_of_order_once"),
        ]


def newest_first() -> tuple[Any, ...]:
    """Return the order in which a ledger reads."""
    return (F("period").desc(), F("id").desc())
