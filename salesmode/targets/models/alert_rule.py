"""Rules that watch a number and say when somebody should look."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY, Metric, metric
from salesmode.analytics.wording import spoken
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.targets.models.alert_judging import LEAST_HISTORY
from salesmode.targets.models.target import can_aim_at
from salesmode.targets.models.whose import AboutANumber, teams_led_by

LARGEST = Decimal(10) ** 14
MOST_HISTORY = 52
MOST_QUIET_DAYS = 365


class AlertRuleRetiredAlready(Refusal):
    """A rule that has ended cannot end again."""

    def __init__(self, rule: "AlertRule") -> None:
        said = {"day": f"{rule.ends_on}"}
        super().__init__(_g("This rule has already been retired on %(day)s.") % said)


class AlertRuleQuerySet(RecordQuerySet):
    """Words for sets of rules."""

    def visible_to(self, person: Any) -> Self:
        """Return the rules that a person may read: the company's and those of the teams below, all to heads."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.sees_all:
            return self
        if person.role == Person.Role.MANAGER:
            return self.filter(Q(team=None) | Q(team__in=teams_led_by(person)))
        return self.none()

    def on(self, day: date) -> Self:
        """Return the rules that hold on a day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class AlertRule(AboutANumber, Record):
    """A rule: which number is watched, for whom, and when that is worth an alert."""

    class Kind(models.TextChoices):
        """What a number is compared with."""

        PACE = "pace", _("Behind the pace of its target")
        THRESHOLD = "threshold", _("Past a threshold")
        CHANGE = "change", _("Changed against the period before")
        ANOMALY = "anomaly", _("Unusual for its season")

    class Each(models.TextChoices):
        """For whom the number is looked at."""

        WHOLE = "whole", _("The whole")
        TEAM = "team", _("Each team")
        PERSON = "person", _("Each person")

    class Grain(models.TextChoices):
        """Over how long the number is looked at."""

        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    class Span(models.TextChoices):
        """Which of these periods."""

        RUNNING = "running", _("The running one, so far")
        LAST = "last", _("The last whole one")

    class Direction(models.TextChoices):
        """On which side it is worth an alert."""

        BELOW = "below", _("Below")
        ABOVE = "above", _("Above")
        EITHER = "either", _("Either side")

    class Season(models.TextChoices):
        """Which earlier periods say what is usual; a day is always compared with the same weekday."""

        RECENT = "recent", _("The periods right before")
        YEARLY = "yearly", _("The same one of earlier years")

    class Severity(models.TextChoices):
        """How much it matters."""

        INFO = "info", _("Worth knowing")
        ATTENTION = "attention", _("Attention")
        URGENT = "urgent", _("Urgent")

    class Receiver(models.TextChoices):
        """Who is told."""

        OWNER = "owner", _("Whom it concerns")
        MANAGER = "manager", _("Their manager")
        DIRECTOR = "director", _("Directors")

    metric = models.CharField(_("Metric"), max_length=60)
    kind_of = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    each = models.CharField(_("For"), max_length=8, choices=Each.choices, default=Each.PERSON)
    grain = models.CharField(_("Period"), max_length=8, choices=Grain.choices, default=Grain.MONTH)
    span = models.CharField(_("Which period"), max_length=8, choices=Span.choices, default=Span.RUNNING)
    direction = models.CharField(_("Alert when it is"), max_length=8, choices=Direction.choices, default="below")
    limit = models.DecimalField(_("Limit"), max_digits=20, decimal_places=4)
    history = models.PositiveSmallIntegerField(_("Earlier periods"), default=12)
    season = models.CharField(_("Compare with"), max_length=8, choices=Season.choices, default=Season.RECENT)
    severity = models.CharField(_("Severity"), max_length=10, choices=Severity.choices, default=Severity.ATTENTION)
    quiet_days = models.PositiveSmallIntegerField(_("Quiet days between repeats"), default=7)
    receivers = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("Who is told"))
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("Set by"))
    evaluated_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AlertRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "kind_of", "team", "each", "grain", "span", "direction"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="alert_rule_holds_once",
            ),
            models.CheckConstraint(
                name="alert_rule_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gt=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return _g("%(metric)s: %(kind)s") % {"metric": self.metric_label, "kind": self.get_kind_of_display()}

    @property
    def limit_label(self) -> str:
        """Say the limit with what it is counted in."""
        figure = f"{self.limit.normalize():f}"
        if self.kind_of == self.Kind.THRESHOLD:
            return spoken(self.asked.unit, self.limit.normalize())
        if self.kind_of == self.Kind.PACE:
            return _g("%(n)s pts behind") % {"n": figure}
        if self.kind_of == self.Kind.CHANGE:
            return _g("by %(n)s percent") % {"n": figure}
        return _g("%(n)s usual spreads") % {"n": figure}

    @property
    def asked(self) -> Metric:
        """Return the metric that is watched."""
        return metric(self.metric)

    @property
    def metric_label(self) -> str:
        """What the metric is called; its code where it is no longer in the dictionary."""
        return str(REGISTRY[self.metric].label) if self.metric in REGISTRY else self.metric

    @property
    def scope_label(self) -> str:
        """Where the rule holds."""
        return str(self.team) if self.team is not None else _g("Company")

    @property
    def same(self) -> tuple[Any, ...]:
        """What makes rules of different teams the same, so that the nearer one takes the place of the other."""
        return (self.metric, self.kind_of, self.each, self.grain, self.span, self.direction)

    @property
    def settings(self) -> dict[str, Any]:
        """Return what the rule says, without from when."""
        names = ("limit", "history", "season", "severity", "quiet_days", "receivers")
        return {name: getattr(self, name) for name in names}

    @property
    def unit(self) -> str:
        """The kind of unit that is looked at."""
        return ("team" if self.team_id else "company") if self.each == self.Each.WHOLE else self.each

    def ensure_valid(self) -> None:
        """Take over what the kind leaves no choice of, and refuse what makes no sense; raises Invalid at the fields."""
        wrong = self._wrong_choices()
        if wrong:
            raise Invalid(wrong)
        if self.metric not in REGISTRY:
            raise Invalid({"metric": [_g("There is no metric called %(code)s.") % {"code": str(self.metric)[:60]}]})
        if not can_aim_at(self.metric, self.unit):
            said = {"metric": self.metric_label, "unit": self.get_each_display()}
            raise Invalid({"each": [_g("%(metric)s is not known for: %(unit)s.") % said]})
        if self.kind_of == self.Kind.PACE:
            self.span = self.Span.RUNNING
            self.direction = self.Direction.ABOVE if self.asked.direction == "lower" else self.Direction.BELOW
        elif self.kind_of == self.Kind.ANOMALY:
            self.span = self.Span.LAST
        wrong = self._wrong_numbers()
        if wrong:
            raise Invalid(wrong)

    def _wrong_choices(self) -> dict[str, list[str]]:
        fields = ("kind_of", "each", "grain", "span", "direction", "season", "severity")
        said = _g("Choose one of the offered values.")
        wrong = {name: [said] for name in fields if getattr(self, name) not in dict(self._choices(name))}
        if not self.receivers or not set(self.receivers) <= set(self.Receiver.values):
            wrong["receivers"] = [_g("Say who is told.")]
        return wrong

    def _choices(self, name: str) -> Any:
        return self._meta.get_field(name).choices  # type: ignore[union-attr]

    def _wrong_numbers(self) -> dict[str, list[str]]:
        wrong: dict[str, list[str]] = {}
        limit = self.limit
        if limit is None or not limit.is_finite():
            wrong["limit"] = [_g("Give a number.")]
        elif abs(limit) >= LARGEST:
            wrong["limit"] = [_g("That is too large.")]
        elif self.kind_of == self.Kind.PACE and not 0 <= limit < 100:
            wrong["limit"] = [_g("Give how many percent behind the pace are fine: 0 up to 99.")]
        elif self.kind_of == self.Kind.CHANGE and not 0 < limit <= 1000:
            wrong["limit"] = [_g("Give a change in percent: more than 0, up to 1,000.")]
        elif self.kind_of == self.Kind.ANOMALY and not 1 <= limit <= 10:
            wrong["limit"] = [_g("Give the width of what is usual: 1 to 10; 3 is common.")]
        if self.kind_of == self.Kind.THRESHOLD and self.direction == self.Direction.EITHER:
            wrong["direction"] = [_g("A threshold has one side: below or above.")]
        if not LEAST_HISTORY <= self.history <= MOST_HISTORY:
            said = {"least": LEAST_HISTORY, "most": MOST_HISTORY}
            wrong["history"] = [_g("Compare with %(least)s to %(most)s earlier periods.") % said]
        if not 0 <= self.quiet_days <= MOST_QUIET_DAYS:
            wrong["quiet_days"] = [_g("Keep quiet for 0 to 365 days.")]
        return wrong

    def mark_retired(self, *, on: date) -> None:
        """End on a day; raises AlertRuleRetiredAlready, Invalid for a day before it began."""
        if self.ends_on is not None:
            raise AlertRuleRetiredAlready(self)
        if on <= self.starts_on:
            raise Invalid({"ends_on": [_g("It began on %(day)s; choose a later day.") % {"day": self.starts_on}]})
        self.ends_on = on
