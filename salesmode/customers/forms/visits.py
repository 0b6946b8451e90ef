"""What people fill in about visits; forms parse, operations save."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.forms.records import DAY, CustomerPicker, MomentInput
from salesmode.customers.models import Customer, Visit, VisitRules, VisitType
from salesmode.customers.models.visit_plan import MOST_PER_MONTH, STEP_KINDS
from salesmode.people.models import Person


def _kinds_of_visits() -> Any:
    return VisitType.objects.filter(is_active=True).order_by("name", "id")


class VisitForm(forms.Form):
    """What is planned of a visit."""

    planned_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    type = forms.ModelChoiceField(
        label=_("Kind of visit"), queryset=VisitType.objects.none(), required=False, empty_label="—"
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = _kinds_of_visits()  # type: ignore[attr-defined]


class PlanVisitForm(VisitForm):
    """A visit to be: to whom, and who makes it."""

    def __init__(self, *args: Any, seen_by: Person, visitors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = CustomerPicker(seen_by, label=_("Customer"))
        if visitors is not None:
            self.fields["owner"] = forms.ModelChoiceField(
                label=_("Visitor"), queryset=visitors, initial=seen_by, empty_label="—"
            )
        self.order_fields(["customer", "owner", "planned_on", "type", "purpose"])


class CheckInForm(forms.Form):
    """Where the phone is, when it says so."""

    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)


class CheckOutForm(forms.Form):
    """What came of a visit: the steps that belong to its kind, what was agreed, when to speak next."""

    result = forms.CharField(label=_("What came of it"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    next_contact_at = forms.DateTimeField(label=_("Next contact"), required=False, widget=MomentInput())

    def __init__(self, *args: Any, visit: Visit, type: VisitType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        kind = visit.type or type
        self.steps = kind.steps if kind else []
        if type is not None and visit.type is None:
            self.fields["type"] = forms.ModelChoiceField(
                queryset=_kinds_of_visits(), initial=type, empty_label="—", widget=forms.HiddenInput
            )
        fields = {"check": forms.BooleanField, "number": forms.FloatField, "text": forms.CharField}
        for place, step in enumerate(self.steps):
            self.fields[f"step_{place}"] = fields[step["kind"]](label=step["label"], required=False)
        contacts = visit.customer.contacts.filter(left_at=None).order_by("name", "id")
        self.fields["contact"] = forms.ModelChoiceField(
            label=_("With whom"), queryset=contacts, required=False, empty_label="—"
        )
        if visit.place is not None and visit.customer.position is None:
            label = _("The customer is here: remember this position")
            self.fields["keep_position"] = forms.BooleanField(label=label, required=False, initial=True)
        names = [*(f"step_{place}" for place in range(len(self.steps))), "result", "contact", "next_contact_at"]
        self.order_fields(names)

    def clean(self) -> dict[str, Any]:
        """Gather the answers to the steps."""
        given = super().clean() or {}
        answers = {step["label"]: given.pop(f"step_{place}", None) for place, step in enumerate(self.steps)}
        return given | {"answers": answers}


class CallOffForm(forms.Form):
    """Why a visit will not take place."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class VisitRulesForm(forms.Form):
    """How often customers of each grade are visited, and how near a check-in has to be."""

    radius_m = forms.IntegerField(
        label=_("A check-in is near within, m"),
        min_value=20,
        max_value=100_000,
        help_text=_("Farther away it counts all the same, but is marked for whoever looks at the visit."),
    )

    def __init__(self, *args: Any, rules: VisitRules, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"radius_m": rules.radius_m}} | kwargs)
        for grade in Customer.Grade.values:
            label = _g("Visits a month, grade %(grade)s") % {"grade": grade}
            often = rules.per_month.get(grade, 0)
            self.fields[grade] = forms.IntegerField(label=label, min_value=0, max_value=MOST_PER_MONTH, initial=often)
        self.order_fields([*Customer.Grade.values, "radius_m"])

    def clean(self) -> dict[str, Any]:
        """Gather the frequencies."""
        given = super().clean() or {}
        return {
            "radius_m": given.get("radius_m"),
            "per_month": {grade: given.get(grade) for grade in Customer.Grade.values},
        }


class StepsField(forms.CharField):
    """Steps of a visit, one a line; `number:` or `text:` before it says what is answered, else it is ticked."""

    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        """Show the steps one a line."""
        if not isinstance(value, list):
            return value
        return "\n".join(
            step["label"] if step["kind"] == "check" else f"{step['kind']}: {step['label']}" for step in value
        )

    def to_python(self, value: Any) -> list[dict[str, str]]:  # type: ignore[override]
        """Read the steps."""
        steps = []
        for line in (super().to_python(value) or "").splitlines():
            kind, colon, label = line.replace("：", ":").partition(":")
            known = colon and kind.strip().lower() in STEP_KINDS
            kind, label = (kind.strip().lower(), label) if known else ("check", line)
            if label.strip():
                steps.append({"label": label.strip()[:100], "kind": kind})
        return steps


class VisitTypeForm(forms.Form):
    """A kind of visit with its steps."""

    name = forms.CharField(label=_("Kind of visit"), max_length=60)
    steps = StepsField(
        label=_("Steps"),
        required=False,
        help_text=_("One a line. Begin a line with number: or text: to ask for an answer instead of a tick."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
