"""What a rule found: a number that somebody should look at."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.analytics.wording import spoken
from salesmode.kernel.models import Record
from salesmode.kernel.periods import Period
from salesmode.kernel.wording import short_money
from salesmode.people.models import Person
from salesmode.targets.models.alert_rule import AlertRule
from salesmode.targets.models.whose import AboutANumber, SomebodysQuerySet, Whose


class AlertQuerySet(SomebodysQuerySet):
    """Words for sets of alerts."""

    def open(self) -> Self:
        """Return the alerts that nobody has taken care of yet."""
        return self.filter(status=Alert.Status.OPEN)


class Alert(AboutANumber, Record):
    """One number outside of what its rule expects: once for a rule, a subject and a period until it is armed again."""

    class Status(models.TextChoices):
        """Whether somebody takes care of it."""

        OPEN = "open", pgettext_lazy("alert", "Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts", verbose_name=_("Rule"))
    metric = models.CharField(_("Metric"), max_length=60)
    unit = models.CharField(max_length=10)
    key = models.CharField(max_length=20, blank=True)
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    owner = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    severity = models.CharField(_("Severity"), max_length=10, choices=AlertRule.Severity.choices)
    # The period of the rule that it belongs to, and the days that were measured.
    first = models.DateField(_("Period"))
    measured_from = models.DateField()
    measured_until = models.DateField()
    # Counts the alerts of a rule about a subject in a period: the next one comes after the quiet days.
    times = models.PositiveSmallIntegerField(default=1)
    value = models.DecimalField(_("Value"), max_digits=24, decimal_places=6)
    expected = models.DecimalField(_("Expected"), max_digits=24, decimal_places=6, null=True)
    low = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    # What else went into it: the goal, the working days, how many earlier periods.
    basis = models.JSONField(default=dict)
    status = models.CharField(_("Status"), max_length=14, choices=Status.choices, default=Status.OPEN)
    raised_at = models.DateTimeField(_("Raised"))
    acknowledged_at = models.DateTimeField(_("Acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "key", "first", "times"], name="alert_is_raised_once"),
            models.CheckConstraint(
                name="alert_says_when_it_was_acknowledged",
                condition=Q(status="open", acknowledged_at=None)
                | Q(status="acknowledged", acknowledged_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-raised_at"], name="alert_by_status"),
            models.Index(fields=["rule", "key", "-first"], name="alert_by_subject"),
        ]

    def __str__(self) -> str:
        return _g("%(who)s · %(metric)s: %(what)s") % {
            "who": self.subject_label,
            "metric": self.metric_label,
            "what": self.sentence,
        }

    @property
    def whose(self) -> Whose:
        """Return whom this is about."""
        return Whose(self.unit, team=self.team, person=self.owner)

    @property
    def subject_label(self) -> str:
        """What to call whom this is about."""
        return str(self.owner or self.team or _g("Company"))

    @property
    def tone(self) -> str:
        """How it looks."""
        return {"info": "info", "attention": "attention", "urgent": "wrong"}[self.severity]

    def measured(self, zone: Any) -> Period:
        """Return the days that were measured."""
        return Period(self.measured_from, self.measured_until, "days", "", zone)

    def _said(self, value: Any) -> str:
        return spoken(self.metric_unit, _plain(value))

    def _in_short(self, value: Any) -> str:
        return short_money(value) if self.metric_unit == "money" else self._said(value)

    @property
    def usual(self) -> str:
        """Between which numbers nothing would have been said, in words."""
        return self._between(self._said(self.low), self._said(self.high))

    def _between(self, low: str, high: str) -> str:
        if self.low is None:
            return _g("at most %(high)s") % {"high": high}
        if self.high is None:
            return _g("at least %(low)s") % {"low": low}
        return _g("%(low)s to %(high)s") % {"low": low, "high": high}

    @property
    def sentence(self) -> str:
        """What is the matter, in one sentence."""
        words = {"value": self._in_short(self.value), "expected": self._in_short(self.expected)}
        words["usual"] = self._between(self._in_short(self.low), self._in_short(self.high))
        kind = self.rule.kind_of
        if kind == AlertRule.Kind.PACE:
            return _g("%(value)s; %(expected)s expected by now") % words
        if kind == AlertRule.Kind.THRESHOLD:
            return _g("%(value)s; it should be %(usual)s") % words
        if kind == AlertRule.Kind.CHANGE:
            return _g("%(value)s; before it was %(expected)s") % words
        return _g("%(value)s; usual is %(usual)s") % words

    @property
    def how(self) -> str:
        """How the expectation was computed, in words."""
        words: dict[str, Any] = {"limit": f"{_plain(self.rule.limit)}", "expected": self._said(self.expected)}
        words |= {"usual": self.usual, **self.basis}
        kind = self.rule.kind_of
        if kind == AlertRule.Kind.PACE:
            words["goal"] = self._said(self.basis.get("goal") and _decimal(self.basis["goal"]))
            if not self.basis.get("adds_up", True):
                return _g("The target is %(goal)s; %(limit)s %% past it is still fine.") % words
            return (
                _g(
                    "The target is %(goal)s. %(elapsed)s of %(total)s working days are over, which makes %(expected)s; "
                    "%(limit)s %% behind that is still fine."
                )
                % words
            )
        if kind == AlertRule.Kind.THRESHOLD:
            return _g("The rule names a threshold of %(expected)s.") % words
        if kind == AlertRule.Kind.CHANGE:
            words["before"] = f"{self.basis.get('before_from')} – {self.basis.get('before_last')}"
            return _g("Compared with %(before)s: %(expected)s. A change of up to %(limit)s %% is fine.") % words
        return (
            _g(
                "The median of %(periods)s comparable earlier periods is %(expected)s; usual is %(usual)s, which is "
                "%(limit)s robust deviations (1.4826 × MAD, at least 5 %% of the median) to a side."
            )
            % words
        )

    def mark_acknowledged(self, *, by: Person, at: datetime) -> bool:
        """Remember who takes care of it; False when somebody already does."""
        if self.status == self.Status.ACKNOWLEDGED:
            return False
        self.status, self.acknowledged_at, self.acknowledged_by = self.Status.ACKNOWLEDGED, at, by
        return True

    def is_quiet_on(self, day: date, *, raised_on: date) -> bool:
        """Say whether the quiet days since this alert are still running."""
        return (day - raised_on).days < self.rule.quiet_days


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


def _plain(value: Any) -> Any:
    """Return a number without the zeros that a column adds."""
    if value is None:
        return None
    short = value.normalize()
    return short.quantize(1) if short == short.to_integral_value() else short
