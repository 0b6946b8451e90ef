"""What people fill in about targets; forms parse, operations save."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.analytics.metrics import REGISTRY
from salesmode.targets.models import Target
from salesmode.targets.models.target import adds_up, can_aim_at


def metric_choices(unit: str = "company") -> list[tuple[str, Any]]:
    """Return the metrics that can be targets of a kind of unit, by name."""
    found = [(one.code, one.label) for one in REGISTRY.values() if can_aim_at(one.code, unit) and one.code != "quota"]
    return sorted(found, key=lambda pair: str(pair[1]))


def _numbers(text: str) -> list[Decimal]:
    """Read numbers that stand apart by spaces, tabs or line ends, as a table is pasted."""
    try:
        return [Decimal(part.replace(",", "").rstrip("%")) for part in text.replace("，", " ").split()]
    except ArithmeticError:
        raise forms.ValidationError(_g("Write numbers only, apart by spaces or tabs.")) from None


def whole_numbers(text: str) -> list[int]:
    """Read whole numbers that stand apart."""
    found = _numbers(text)
    if any(number != number.to_integral_value() for number in found):
        raise forms.ValidationError(_g("Write whole numbers, apart by spaces or commas."))
    return [int(number) for number in found]


class TargetForm(forms.Form):
    """What is to be reached in a year, and how it is spread over the months."""

    base = forms.DecimalField(label=_("Target"), max_digits=20, decimal_places=4, required=False)
    stretch = forms.DecimalField(label=_("Stretch"), max_digits=20, decimal_places=4, required=False)
    challenge = forms.DecimalField(
        label=pgettext_lazy("target", "Challenge"), max_digits=20, decimal_places=4, required=False
    )
    distribution = forms.ChoiceField(label=_("Distribution"), choices=Target.Distribution.choices)
    shares = forms.CharField(
        label=_("Own percentages"),
        required=False,
        help_text=_("Twelve numbers that add up to 100, apart by spaces or tabs."),
    )
    months = forms.CharField(
        label=_("Own amounts"), required=False, help_text=_("Twelve numbers, as you copy them from a table.")
    )
    is_prorated = forms.BooleanField(label=_("For the time somebody is there"), required=False)
    ramp = forms.CharField(
        label=_("Ramp"),
        required=False,
        help_text=_(
            "What newcomers carry in their first months, in percent: 25 50 75. Only for the time somebody is there."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, counts_presence: bool = True, last_year: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Own amounts say the year's by themselves, so nothing is required here; without them it is.
        self.fields["base"].is_asked_later = True  # type: ignore[attr-defined]
        if last_year:
            self.fields["base"].help_text = _g("Reached the year before: %(amount)s.") % {"amount": last_year}
        if not counts_presence:
            for name in ("is_prorated", "ramp"):
                del self.fields[name]

    def clean_shares(self) -> list[Decimal]:
        """Read twelve percentages."""
        return _numbers(self.cleaned_data["shares"])

    def clean_months(self) -> list[Decimal] | None:
        """Read twelve amounts."""
        return _numbers(self.cleaned_data["months"]) or None

    def clean_ramp(self) -> list[int]:
        """Read percentages, one for each month."""
        return whole_numbers(self.cleaned_data["ramp"])


class ManyForm(forms.Form):
    """A metric, a year and a percentage for many drafts."""

    metric = forms.ChoiceField(label=_("Metric"))
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2200)
    growth = forms.DecimalField(label=_("More than last year, %"), max_digits=7, decimal_places=2, initial=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(code, label) for code, label in metric_choices() if adds_up(REGISTRY[code])]


GROUPS = {"org": (), "product": ("product",), "region": ("region",)}


def group_names() -> dict[str, Any]:
    """Return what the three sheets of a year are called."""
    return {"org": _g("Organisation"), "product": _g("Products"), "region": _g("Regions")}


class ProposeForm(ManyForm):
    """A metric, a year, a percentage, and for what the drafts are made."""

    groups = forms.ChoiceField(label=_("For"), required=False)
    field_order = ("metric", "year", "groups", "growth")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = list(group_names().items())

    def clean_groups(self) -> tuple[str, ...]:
        """Say which kinds of units are meant; the organisation is all that the operation takes by itself."""
        return GROUPS[self.cleaned_data["groups"] or "org"]


class PasteForm(forms.Form):
    """A table as it is copied from a spreadsheet, for one metric and year."""

    metric = forms.ChoiceField(label=_("Metric"))
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2200)
    distribution = forms.ChoiceField(
        label=_("How a year is spread"),
        choices=[("even", _("Even")), ("last_year", _("Like last year"))],
        required=False,
        help_text=_("Only for lines that give the year; months stay as they are pasted."),
    )
    table = forms.CharField(
        label=_("Table"),
        max_length=400_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "class": "paste"}),
        help_text=_(
            "Copy the lines in Excel and paste them here. First column: company, team, person (name or e-mail), "
            "product or province. Then the year, or year, stretch and challenge, or twelve months, or the year and its "
            "twelve months. "
            "A first line of headings may say which is which."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = metric_choices()

    def clean_distribution(self) -> str:
        """Spread evenly unless something else is chosen."""
        return self.cleaned_data["distribution"] or "even"
