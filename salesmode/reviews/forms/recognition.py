"""Forms about thanks, badges and challenges."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.templatetags.ui import icon
from salesmode.people.models import Person, PersonScope
from salesmode.reviews.forms.reviews import PeriodField, metric_choices
from salesmode.reviews.models import Badge, Challenge
from salesmode.reviews.queries.boards import participants

PICTURES = {
    "award": _("Award"),
    "medal": _("Medal"),
    "trophy": _("Trophy"),
    "star": _("Star"),
    "rosette": _("Rosette"),
    "rocket": _("Rocket"),
    "heart-handshake": _("Helping hand"),
    "bulb": _("Idea"),
    "target-arrow": _("Bull's eye"),
    "flame": _("Flame"),
}


def _pictures() -> list[tuple[str, Any]]:
    return [(name, format_html("{} {}", icon(name), PICTURES[name])) for name in Badge.ICONS]


class ThankForm(forms.Form):
    """Whom to thank, and what for."""

    owner = forms.ModelChoiceField(label=_("Whom"), queryset=Person.objects.none(), empty_label=_("Choose a colleague"))
    text = forms.CharField(label=_("For what"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    badge = forms.ModelChoiceField(label=_("Badge"), queryset=Badge.objects.none(), required=False, empty_label="—")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Person.objects.active().exclude(pk=by.pk).order_by("name", "pk")
        self.fields["badge"].queryset = Badge.objects.filter(is_active=True).order_by("name")


class BadgeForm(forms.Form):
    """A badge."""

    name = forms.CharField(label=_("Badge"), max_length=80)
    meaning = forms.CharField(label=_("What it is given for"), max_length=200, required=False)
    icon = forms.ChoiceField(
        label=_("Picture"), choices=_pictures, widget=forms.RadioSelect(attrs={"class": "of-pictures"}), initial="award"
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class DisplayForm(forms.Form):
    """What of oneself others may be shown."""

    hides_rank = forms.BooleanField(label=_("Do not name me on leaderboards"), required=False)
    hides_praise = forms.BooleanField(label=_("Do not show others the thanks that I get"), required=False)


class ChallengeForm(forms.Form):
    """A challenge to be."""

    name = forms.CharField(label=_("Challenge"), max_length=120)
    metric = forms.ChoiceField(label=_("Metric"))
    paired = forms.ChoiceField(
        label=_("Together with"),
        required=False,
        help_text=_("An activity needs a result beside it; both count half."),
    )
    rule = forms.ChoiceField(label=_("Who wins"), choices=Challenge.Rule.choices, initial=Challenge.Rule.TARGET)
    target = forms.DecimalField(
        label=_("Target"), required=False, min_value=0, max_digits=20, decimal_places=6, help_text=_("For each person.")
    )
    period = PeriodField(label=_("Period"))
    participants = forms.ModelMultipleChoiceField(
        label=_("Who takes part"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    badge = forms.ModelChoiceField(label=_("Badge"), queryset=Badge.objects.none(), required=False, empty_label="—")
    reward = forms.CharField(label=_("Reward"), max_length=200, required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = metric_choices(empty=False)
        self.fields["metric"].initial = "won_amount"
        self.fields["paired"].choices = metric_choices()
        self.fields["badge"].queryset = Badge.objects.filter(is_active=True).order_by("name")
        people = Person.objects.filter(pk__in=[person.pk for person in participants(None)]).order_by("name", "pk")
        if by.role == Person.Role.MANAGER:
            people = people.filter(pk__in=PersonScope.objects.filter(viewer=by).values("owner"))
        self.fields["participants"].queryset = people
        self.fields["participants"].initial = [person.pk for person in people if person.pk != by.pk]
