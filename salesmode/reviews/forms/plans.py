"""Forms about improvement plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.people.models import Person, PersonScope
from salesmode.reviews.forms.reviews import metric_choices, words
from salesmode.reviews.models import PlanDecision
from salesmode.reviews.operations import GoalDraft, StepDraft


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def people_below(by: Person) -> Any:
    """Return the people whom somebody leads, or answers for; never themselves."""
    people = Person.objects.active().exclude(pk=by.pk).order_by("name", "pk")
    if by.role == Person.Role.MANAGER:
        people = people.filter(pk__in=PersonScope.objects.filter(viewer=by).values("owner"))
    return people


class PlanForm(forms.Form):
    """Whom a plan is for, why, and until when."""

    owner = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), empty_label="—")
    reason = words(_("Why"), rows=3)
    ends_on = day_field(label=_("Until"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_below(by)


class GoalForm(forms.Form):
    """One number and what it is to reach; one without a number is left out."""

    metric = forms.ChoiceField(label=_("Metric"), required=False)
    target = forms.DecimalField(label=_("Target"), min_value=0, max_digits=20, decimal_places=6, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = metric_choices()
        self.fields["metric"].widget.attrs["class"] = "form-select form-select-sm"
        self.fields["target"].widget.attrs["class"] = "form-control form-control-sm"

    def clean(self) -> dict[str, Any]:
        """Refuse a number without a target."""
        given = super().clean() or {}
        if given.get("metric") and given.get("target") is None:
            self.add_error("target", _("Say what is to be reached."))
        return given

    @property
    def draft(self) -> GoalDraft | None:
        """Return the goal as the operation takes it."""
        given = self.cleaned_data
        return GoalDraft(given["metric"], given["target"]) if given.get("metric") else None


class StepForm(forms.Form):
    """One thing to do; one without a word is left out."""

    text = forms.CharField(label=_("Step"), max_length=300, required=False)
    due_on = day_field(label=_("Due"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control form-control-sm"

    def clean(self) -> dict[str, Any]:
        """Refuse a step without a day."""
        given = super().clean() or {}
        if given.get("text") and given.get("due_on") is None:
            self.add_error("due_on", _("Say until when."))
        return given

    @property
    def draft(self) -> StepDraft | None:
        """Return the step as the operation takes it."""
        given = self.cleaned_data
        return StepDraft(given["text"], given["due_on"]) if given.get("text") else None


GoalForms = forms.formset_factory(GoalForm, extra=2, max_num=20, absolute_max=20)
StepForms = forms.formset_factory(StepForm, extra=4, max_num=20, absolute_max=20)


class CheckInForm(forms.Form):
    """How it goes."""

    text = words(_("How it goes"), rows=2)


class DecideForm(forms.Form):
    """How a plan ended."""

    verdict = forms.ChoiceField(label=_("Outcome"), choices=PlanDecision.Verdict.choices, widget=forms.RadioSelect)
    ends_on = day_field(label=_("If extended: until"), required=False)
    note = words(_("Why"), rows=3, required=False)
