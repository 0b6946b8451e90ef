"""What people fill in about forecasts and inspections; forms parse, operations save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from salesmode.forecasts.models import SubmissionCycle
from salesmode.forecasts.models.inspection import USUAL_LIMITS, Warn
from salesmode.forecasts.queries import Rules
from salesmode.kernel.wording import in_currency
from salesmode.people.models import Team
from salesmode.selling.models import Stage

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
MEANINGS = {
    Warn.RED_FLAG.value: _("One of the words below was written down, or the close date was put off so many times."),
    Warn.OVERDUE.value: _("So many days past the expected close."),
    Warn.GHOSTED.value: _("Two mails or messages at least without an answer, the first more than so many days ago."),
    Warn.STALLED.value: _("Longer in its stage than three of four won deals; needs so many of them to be known."),
    Warn.NO_ACTIVITY.value: _("No contact about the deal or with its customer for more than so many days."),
    Warn.NO_DECISION_MAKER.value: _("Open for more than so many days, and none of the contacts decides."),
    Warn.PRICE_NOT_DISCUSSED.value: _(
        "Open for more than so many days without amount, lines, order or a word of price."
    ),
    Warn.FEW_CONTACTS.value: _("Fewer than so many contacts at the customer."),
}


_DAYS = (Warn.OVERDUE, Warn.GHOSTED, Warn.NO_ACTIVITY, Warn.NO_DECISION_MAKER, Warn.PRICE_NOT_DISCUSSED)


def said_limit(code: str, limit: int) -> str:
    """Say a warning's threshold with what it counts: days, times, won deals, contacts."""
    if code in _DAYS:
        return ngettext("%(n)s day", "%(n)s days", limit) % {"n": limit}
    if code == Warn.STALLED:
        return ngettext("%(n)s won deal", "%(n)s won deals", limit) % {"n": limit}
    if code == Warn.FEW_CONTACTS:
        return ngettext("%(n)s contact", "%(n)s contacts", limit) % {"n": limit}
    return ngettext("%(n)s time", "%(n)s times", limit) % {"n": limit}


UNITS = {
    Warn.RED_FLAG: _("times"),
    Warn.STALLED: _("won deals"),
    Warn.FEW_CONTACTS: _("contacts"),
    **dict.fromkeys(_DAYS, _("days")),
}


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class SubmitForm(forms.Form):
    """What will be won in a period."""

    amount = forms.DecimalField(
        label=in_currency(_("Commit")),
        min_value=0,
        max_digits=15,
        decimal_places=2,
        help_text=_("With what is won already."),
    )
    best_case = forms.DecimalField(
        label=in_currency(_("Best case")), min_value=0, max_digits=15, decimal_places=2, required=False
    )
    comment = forms.CharField(
        label=_("Comment"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class CategoryForm(forms.Form):
    """What a deal's owner thinks of it; nothing is what the stage says."""

    category = forms.ChoiceField(choices=[("", ""), *Stage.Category.choices], required=False)


class SinceForm(forms.Form):
    """Whom a decision is for, and from when on."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("Company")
    )
    since = _day(label=_("From the day"))


class CycleForm(SinceForm):
    """When forecasts are submitted."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=WEEKDAYS, coerce=int, initial=4)
    clock = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="17:00"
    )
    grain = forms.ChoiceField(label=_("Forecast for"), choices=SubmissionCycle.GRAINS, initial="quarter")


class InspectionForm(SinceForm):
    """Which warnings somebody gets, and from which threshold on each."""

    red_words = forms.CharField(
        label=_("Words that raise a red flag"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    price_words = forms.CharField(
        label=_("Words that speak of a price"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for warn in Warn:
            limit = rules.limits.get(warn.value, USUAL_LIMITS[warn.value])
            self.fields[f"on_{warn.value}"] = forms.BooleanField(
                label=warn.label, required=False, initial=rules.watches(warn.value)
            )
            self.fields[warn.value] = forms.IntegerField(
                label=warn.label, min_value=0, max_value=3650, initial=limit, help_text=MEANINGS[warn.value]
            )
        self.fields["red_words"].initial = ", ".join(rules.red_words)
        self.fields["price_words"].initial = ", ".join(rules.price_words)
        self.order_fields(["team", "since"])

    @property
    def pairs(self) -> list[tuple[Any, Any, Any]]:
        """Return each warning's switch, threshold and what that counts, side by side."""
        return [(self[f"on_{warn.value}"], self[warn.value], UNITS[warn]) for warn in Warn]

    def clean(self) -> dict[str, Any]:
        """Return what the operation wants: thresholds, those that are off, and words."""
        given = super().clean() or {}
        if self.errors:
            return given
        return {
            "team": given.get("team"),
            "since": given["since"],
            "limits": {warn.value: given[warn.value] for warn in Warn},
            "off": [warn.value for warn in Warn if not given.get(f"on_{warn.value}")],
            "red_words": _split(given.get("red_words", "")),
            "price_words": _split(given.get("price_words", "")),
        }


def _split(text: str) -> list[str]:
    for sign in "，、;；\n":
        text = text.replace(sign, ",")
    return [word.strip() for word in text.split(",") if word.strip()]
