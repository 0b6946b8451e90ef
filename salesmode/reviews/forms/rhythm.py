"""What people fill in about habits, reports and meetings; forms parse, operations save."""

from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.people.models import Person, Team
from salesmode.reviews.models import DealDecision, Meeting, Rhythm, WorkReport
from salesmode.selling.models import Deal

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _text(label: Any, rows: int, *, later: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    field = forms.CharField(label=label, required=False, max_length=20_000, widget=area)
    # A draft may leave it open; a report that says nothing at all is refused when it is handed in.
    field.is_asked_later = later  # type: ignore[attr-defined]
    return field


class ReportForm(forms.Form):
    """What was done, what comes next, what is in the way."""

    done = _text(_("Done"), 6, later=True)
    plan = _text(_("Plan"), 4, later=True)
    problems = _text(_("Problems, help wanted"), 3)


class NewReportForm(ReportForm):
    """A report of a day or of its week."""

    kind = forms.ChoiceField(choices=WorkReport.Kind.choices, widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.HiddenInput)


class CommentForm(forms.Form):
    """Something to write under a report."""

    content = forms.CharField(
        label=pgettext_lazy("to say under it", "Comment"), max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RhythmForm(forms.Form):
    """A habit: what, for whom, when, from which day on."""

    kind = forms.ChoiceField(label=_("What"), choices=Rhythm.Kind.choices)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("The whole company")
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("every working day")), *WEEKDAYS.items()],
    )
    due_time = forms.TimeField(label=_("Time"), initial=time(18), widget=TIME)
    starts_on = forms.DateField(label=_("From"), widget=DAY)
    is_required = forms.BooleanField(
        label=_("It has to be done"),
        required=False,
        initial=True,
        help_text=_("Without it, a team is freed from what the company asks."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """A meeting to be."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label="—")
    person = forms.ModelChoiceField(label=_("With"), queryset=Person.objects.none(), required=False, empty_label="—")
    planned_on = forms.DateField(label=_("Day"), widget=DAY)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [person.pk for person in people]
        self.fields["person"].queryset = Person.objects.filter(pk__in=keys).order_by("name")  # type: ignore[attr-defined]
        teams = Team.objects.filter(pk__in={person.team_id for person in people if person.team_id})
        self.fields["team"].queryset = teams.order_by("name")  # type: ignore[attr-defined]


class NotesForm(forms.Form):
    """What is noted in a meeting."""

    deal = forms.ModelChoiceField(
        label=_("The one deal"), queryset=Deal.objects.none(), required=False, empty_label="—"
    )
    skill = forms.CharField(label=_("The one skill"), max_length=200, required=False)
    notes = _text(_("Notes of the meeting"), 4)

    def __init__(self, *args: Any, deals: Any, with_deal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deal"].queryset = deals  # type: ignore[attr-defined]
        if not with_deal:
            del self.fields["deal"], self.fields["skill"]


class DecisionForm(forms.Form):
    """What to do about a deal."""

    choice = forms.ChoiceField(label=_("Decision"), choices=DealDecision.Choice.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class ActionForm(forms.Form):
    """Who does what by when."""

    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), empty_label="—")
    due_on = forms.DateField(label=_("Due on"), widget=DAY)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Person.objects.filter(pk__in=[person.pk for person in people]).order_by("name")
        self.fields["owner"].queryset = rows  # type: ignore[attr-defined]
