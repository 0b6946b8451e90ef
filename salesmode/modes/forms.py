"""What people fill in about modes; forms parse, operations save."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.modes import policies, queries
from salesmode.modes.models import AdoptedPractice, Parameter, Practice
from salesmode.people.models import Person, Team

COMPANY = "company"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _teams(person: Person) -> list[tuple[str, str]]:
    teams = [team for team in queries.tree().teams.values() if policies.may_adopt_practices(person, team)]
    company = [(COMPANY, str(_("The whole company")))] if policies.may_adopt_practices(person, None) else []
    return [*company, *((str(team.pk), team.name) for team in teams)]


def field_of(parameter: Parameter) -> forms.Field:
    """Return the field in which a parameter is set."""
    more: dict[str, Any] = {"label": str(parameter.name), "help_text": str(parameter.help or "")}
    if parameter.kind == "choice":
        whole = all(isinstance(each.value, int) for each in parameter.choices)
        choices = [(each.value, str(each.name)) for each in parameter.choices]
        return forms.TypedChoiceField(choices=choices, coerce=int if whole else str, **more)
    if parameter.kind == "yes_no":
        return forms.BooleanField(required=False, **more)
    if parameter.kind == "text":
        return forms.CharField(max_length=200, required=False, **more)
    if isinstance(parameter.default, int):
        least, most = (None if bound is None else int(bound) for bound in (parameter.least, parameter.most))
        return forms.IntegerField(min_value=least, max_value=most, **more)
    return forms.FloatField(min_value=parameter.least, max_value=parameter.most, **more)


class ParametersForm(forms.Form):
    """The parameters of practices, those of the file or of the adoption filled in."""

    def __init__(
        self,
        *args: Any,
        practices: Sequence[Practice],
        now: Mapping[str, Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.practices = practices
        for practice in practices:
            for parameter in practice.parameters:
                field = field_of(parameter)
                field.initial = (now or {}).get(practice.code, {}).get(parameter.code, parameter.default)
                self.fields[f"{practice.code}.{parameter.code}"] = field

    def of(self, practice: Practice) -> list[Any]:
        """Return the fields of one practice."""
        return [self[f"{practice.code}.{each.code}"] for each in practice.parameters]

    def groups(self) -> list[tuple[Practice, list[Any]]]:
        """Return every practice with its fields."""
        return [(practice, self.of(practice)) for practice in self.practices]

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Return what was chosen, by practice."""
        return {
            practice.code: {
                each.code: self.cleaned_data[f"{practice.code}.{each.code}"] for each in practice.parameters
            }
            for practice in self.practices
        }


class AdoptForm(forms.Form):
    """For whom, from when, and why."""

    team = forms.ChoiceField(label=_("For whom"))
    from_day = forms.DateField(label=_("From"), widget=DAY)
    note = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = _teams(seen_by)  # type: ignore[attr-defined]

    def clean_team(self) -> Team | None:
        """Return the team that was chosen; none for the company."""
        key = self.cleaned_data["team"]
        return queries.tree().teams.get(int(key)) if key != COMPANY else None


class TakeBackForm(forms.Form):
    """From when."""

    on = forms.DateField(label=_("From"), widget=DAY)


class AdjustForm(forms.Form):
    """From when the other parameters hold."""

    from_day = forms.DateField(label=_("From"), widget=DAY)


class DecideForm(forms.Form):
    """What becomes of a practice, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (AdoptedPractice.Decision.KEEP, _("Keep it")),
            (AdoptedPractice.Decision.ADJUST, _("Adjust it")),
            (AdoptedPractice.Decision.TAKE_BACK, _("Take it back")),
        ],
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
