"""What people fill in about alert rules and decisions; forms parse, operations save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.people.models import Person, PersonScope, Team
from salesmode.targets.models import AlertRule, Whose
from salesmode.targets.models.target import can_aim_at
from salesmode.targets.models.whose import teams_led_by

# What most rules and decisions are about, and so what a new one begins with.
USUAL = "won_amount"


def _metrics() -> list[tuple[str, Any]]:
    found = [
        (one.code, one.label) for one in REGISTRY.values() if can_aim_at(one.code, "company") and one.code != "quota"
    ]
    return sorted(found, key=lambda pair: str(pair[1]))


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, as browsers offer it."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def teams_of(by: Person) -> Any:
    """Return the teams for which somebody may say something."""
    teams = Team.objects.order_by("name", "pk")
    return teams if by.role in (Person.Role.DIRECTOR, Person.Role.OPERATIONS) else teams.filter(pk__in=teams_led_by(by))


class AlertRuleForm(forms.Form):
    """Which number is watched, for whom, and when that is worth an alert."""

    metric = forms.ChoiceField(label=_("Metric"), initial=USUAL)
    kind_of = forms.ChoiceField(label=_("Kind"), choices=AlertRule.Kind.choices)
    limit = forms.DecimalField(
        label=_("Limit"),
        max_digits=18,
        decimal_places=4,
        help_text=_(
            "Pace: percent behind that are fine. Threshold: the number itself, a rate as 0.25. "
            "Change: percent. Unusual: width of the usual range, 3 is common."
        ),
    )
    direction = forms.ChoiceField(label=_("Alert when it is"), choices=AlertRule.Direction.choices)
    team = forms.ModelChoiceField(label=_("Where"), queryset=Team.objects.none(), required=False, empty_label="—")
    each = forms.ChoiceField(label=_("For"), choices=AlertRule.Each.choices, initial="person")
    grain = forms.ChoiceField(label=_("Period"), choices=AlertRule.Grain.choices, initial="month")
    span = forms.ChoiceField(
        label=_("Which period"),
        choices=AlertRule.Span.choices,
        help_text=_("Pace always looks at the running period, unusual numbers at the last whole one."),
    )
    history = forms.IntegerField(
        label=_("Earlier periods"),
        min_value=0,
        max_value=1000,
        initial=12,
        help_text=_("Only for unusual numbers; a day is compared with the same weekday."),
    )
    season = forms.ChoiceField(label=_("Compare with"), choices=AlertRule.Season.choices)
    severity = forms.ChoiceField(label=_("Severity"), choices=AlertRule.Severity.choices, initial="attention")
    quiet_days = forms.IntegerField(label=_("Quiet days between repeats"), min_value=0, max_value=32_000, initial=7)
    receivers = forms.MultipleChoiceField(
        label=_("Who is told"),
        choices=AlertRule.Receiver.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["owner", "manager"],
    )
    starts_on = day_field(label=_("Holds from"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = _metrics()
        self.fields["team"].queryset = teams_of(by)
        is_head = by.role in (Person.Role.DIRECTOR, Person.Role.OPERATIONS)
        self.fields["team"].empty_label = _("Company") if is_head else None
        self.fields["team"].required = not is_head


class RetireForm(forms.Form):
    """From which day on a rule no longer holds."""

    ends_on = day_field(label=_("Until"))


class DecisionForm(forms.Form):
    """What was decided about which number, why, and what is expected by when."""

    title = forms.CharField(label=_("Decision"), max_length=200, help_text=_("What is done from now on."))
    why = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    metric = forms.ChoiceField(label=_("Metric"), initial=USUAL)
    whose = forms.ChoiceField(label=_("Whose"))
    expected_from = forms.DecimalField(
        label=_("Value before"),
        max_digits=20,
        decimal_places=6,
        required=False,
        help_text=_("Left empty, it is measured over as many days before today as there are until the review."),
    )
    expected_to = forms.DecimalField(
        label=_("Value expected"),
        max_digits=20,
        decimal_places=6,
        help_text=_("What you expect for the days until the review; a rate as 0.25."),
    )
    review_on = day_field(label=_("Review on"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = _metrics()
        self.by = by
        self.fields["whose"].choices = self._subjects()

    def _subjects(self) -> list[tuple[str, Any]]:
        by = self.by
        is_head = by.role in (Person.Role.DIRECTOR, Person.Role.OPERATIONS)
        people = Person.objects.active().filter(role__in=("seller", "manager")).order_by("name", "pk")
        if not is_head:
            below = PersonScope.objects.filter(viewer=by).values("owner")
            people = people.filter(pk__in=below) | people.filter(pk=by.pk)
        found: list[tuple[str, Any]] = [("company", _("Company"))] if is_head else []
        found += [(f"team:{team.pk}", team.name) for team in teams_of(by)]
        return [*found, *((f"person:{person.pk}", person.name) for person in people)]

    def clean_whose(self) -> Whose:
        """Return whom the number is about."""
        unit, _colon, key = self.cleaned_data["whose"].partition(":")
        if unit == "team":
            return Whose("team", team=Team.objects.get(pk=int(key)))
        return Whose("person", person=Person.objects.get(pk=int(key))) if unit == "person" else Whose()


class LessonForm(forms.Form):
    """What was learned."""

    lesson = forms.CharField(label=_("What was learned"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
