"""What open deals are inspected for, and what was found."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.forecasts.models.submission import SinceQuerySet
from salesmode.kernel.models import Record
from salesmode.people.models import Team
from salesmode.selling.models import Deal, Stage


class Warn(models.TextChoices):
    """What a deal can be warned of, the most serious first."""

    RED_FLAG = "red_flag", _("Red flag")
    OVERDUE = "overdue", _("Overdue")
    GHOSTED = "ghosted", _("No answer")
    STALLED = "stalled", _("Stalled")
    NO_ACTIVITY = "no_activity", _("No activity")
    NO_DECISION_MAKER = "no_decision_maker", _("No decision maker")
    PRICE_NOT_DISCUSSED = "price_not_discussed", _("Price not discussed")
    FEW_CONTACTS = "few_contacts", _("Too few contacts")


# Thresholds until somebody chooses others: days, a number of contacts, of pushes, of won deals.
USUAL_LIMITS = {
    Warn.RED_FLAG.value: 3,
    Warn.OVERDUE.value: 0,
    Warn.GHOSTED.value: 10,
    Warn.STALLED.value: 20,
    Warn.NO_ACTIVITY.value: 21,
    Warn.NO_DECISION_MAKER.value: 14,
    Warn.PRICE_NOT_DISCUSSED.value: 21,
    Warn.FEW_CONTACTS.value: 2,
}
USUAL_RED_WORDS = [
    "暂停",
    "取消",
    "搁置",
    "冻结",
    "竞争对手",
    "换供应商",
    "on hold",
    "cancelled",
    "budget cut",
    "competitor",
]
USUAL_PRICE_WORDS = ["价格", "报价", "预算", "折扣", "单价", "price", "quote", "budget", "discount"]


class InspectionRule(Record):
    """From a day on, what the deals of a team (or of the company) are inspected for.

    `limits` holds a threshold for each warning, `off` those that nobody wants; withdrawn, what holds above holds.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    is_withdrawn = models.BooleanField(default=False)
    limits = models.JSONField(default=dict, blank=True)
    off = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    red_words = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    price_words = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    objects = SinceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "since"], nulls_distinct=False, name="one_inspection_from_a_day_on")
        ]

    def __str__(self) -> str:
        return f"{self.team_id or '-'} {self.since}"


class StageExpectation(models.Model):
    """How long three of four won deals stayed in a stage at most, and of how many deals that is known."""

    stage = models.OneToOneField(Stage, on_delete=models.CASCADE, related_name="+", primary_key=True)
    days = models.FloatField()
    deals = models.PositiveIntegerField()


class DealWarnings(models.Model):
    """What an open deal was warned of when it was last looked at; a deal without warnings has no row."""

    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="inspection", primary_key=True)
    codes = ArrayField(models.CharField(max_length=30))
    # The figures behind each warning: days, words, numbers.
    figures = models.JSONField(default=dict)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["codes"], name="deal_warnings_by_code")]

    @property
    def worst(self) -> Any:
        """Return the most serious warning."""
        return self.codes[0] if self.codes else ""


class WarningAttention(models.Model):
    """A deal was dealt with on a day while it stood under warnings: once for each deal and day."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    codes = ArrayField(models.CharField(max_length=30))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "day"], name="warned_deal_is_attended_once_a_day")]
