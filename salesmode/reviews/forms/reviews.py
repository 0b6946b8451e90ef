"""Forms about reviews: templates, rounds, what each side says, and the steps that need words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.reviews import policies
from salesmode.reviews.models import ReviewCycle, ReviewLine, ReviewTemplate
from salesmode.reviews.models.outcomes import personal_metrics
from salesmode.reviews.models.scoring import LEVELS, Grade
from salesmode.reviews.operations import LineDraft, SideDraft
from salesmode.reviews.queries.review_page import View

BLANK = 4


def words(label: Any, *, rows: int = 3, required: bool = True, **kwargs: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=10_000, widget=area, **kwargs)


def result_field(**kwargs: Any) -> forms.DecimalField:
    """Return a field for a result in points of a hundred."""
    return forms.DecimalField(label=_("Result"), min_value=0, max_digits=9, decimal_places=2, **kwargs)


def metric_choices(*, empty: bool = True) -> list[tuple[str, Any]]:
    """Return the numbers that can be told person by person."""
    return [*([("", "—")] if empty else []), *((metric.code, metric.label) for metric in personal_metrics())]


class PeriodField(forms.CharField):
    """A period as people write it: 2026-Q3, 2026-03, 2026-01-01..2026-06-30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40, help_text=_("For example 2026-Q3, 2026-09 or 2026-01-01..2026-06-30."), **kwargs
        )

    def clean(self, value: Any) -> Period | None:
        """Return the period; raises ValidationError for what is none."""
        text = super().clean(value)
        try:
            return Period.parse(text) if text else None
        except Invalid as refusal:
            raise forms.ValidationError(refusal.fields["period"]) from None


class SideForm(forms.Form):
    """What one side says: a level with its anchor for each competency, and what it says in words."""

    strengths = words(_("Strengths"), required=False)
    improvements = words(_("What to improve"), required=False)
    comment = words(_("Comment"), required=False)

    def __init__(self, *args: Any, lines: Sequence[ReviewLine], view: View | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if not line.is_metric]
        for line in self.lines:
            score = view.scores.get(line.pk) if view else None
            label = _g("%(name)s, weight %(weight)s") % {"name": line.name, "weight": f"{line.weight.normalize():f}%"}
            self.fields[f"level_{line.pk}"] = forms.TypedChoiceField(
                label=label,
                choices=[(level, _level(line, level)) for level in LEVELS],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=score.level if score else None,
            )
            self.fields[f"comment_{line.pk}"] = forms.CharField(
                label=_g("Why: %(name)s") % {"name": line.name},
                required=False,
                max_length=2_000,
                initial=score.comment if score else "",
            )
        if view:
            for name in ("strengths", "improvements", "comment"):
                self.fields[name].initial = getattr(view.side, name)
        told = [f"{part}_{line.pk}" for line in self.lines for part in ("level", "comment")]
        self.order_fields([*told, "strengths", "improvements", "comment"])
        # A draft may leave all of it open; what is missing is said when it is sent.
        for line in self.lines:
            self.fields[f"level_{line.pk}"].is_asked_later = True  # type: ignore[attr-defined]

    @property
    def draft(self) -> SideDraft:
        """Return what was said as the operation takes it."""
        given = self.cleaned_data
        return SideDraft(
            levels={line.pk: given.get(f"level_{line.pk}") for line in self.lines},
            comments={line.pk: given.get(f"comment_{line.pk}", "") for line in self.lines},
            strengths=given["strengths"],
            improvements=given["improvements"],
            comment=given["comment"],
        )

    def refuse(self, refusal: Invalid) -> None:
        """Put a rule's sentences to the fields that they are about."""
        for name, messages in refusal.fields.items():
            field = name.replace("levels.", "level_")
            self.add_error(field if field in self.fields else None, messages)


def _level(line: ReviewLine, level: int) -> str:
    anchor = line.anchors[level - 1] if level <= len(line.anchors) else ""
    return f"{level} · {anchor}" if anchor else str(level)


class CalibrateForm(forms.Form):
    """Another result, and why."""

    result = result_field()
    reason = words(_("Reason"), rows=2)


class DisagreeForm(forms.Form):
    """Why somebody does not agree."""

    statement = words(_("What you see otherwise"), rows=5)


class AnswerForm(forms.Form):
    """What the manager says to that."""

    answer = words(_("Answer"), rows=5)


class OpinionForm(forms.Form):
    """What the next leader thinks, and the result that is to hold, if another."""

    opinion = words(_("Second opinion"), rows=5)
    result = result_field(required=False, help_text=_("Leave empty when the result stays."))


class RoundForm(forms.Form):
    """A round to be."""

    template = forms.ModelChoiceField(label=_("Review form"), queryset=ReviewTemplate.objects.none(), empty_label=None)
    period = PeriodField(label=_("Period"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = ReviewTemplate.objects.filter(is_active=True).order_by("name")
        teams = Team.objects.order_by("name")
        if by.role == Person.Role.MANAGER:
            led = [team.pk for team in teams.select_related("lead") if policies.leads(by, team)]
            self.fields["team"] = forms.ModelChoiceField(
                label=_("Team"), queryset=teams.filter(pk__in=led), empty_label=None
            )
        else:
            self.fields["team"] = forms.ModelChoiceField(
                label=_("Team"), queryset=teams, required=False, empty_label=_("The whole company")
            )


class CycleForm(forms.Form):
    """How often a team is reviewed."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("The whole company")
    )
    template = forms.ModelChoiceField(label=_("Review form"), queryset=ReviewTemplate.objects.none(), empty_label=None)
    grain = forms.ChoiceField(label=_("How often"), choices=ReviewCycle.Grain.choices, initial="quarter")
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = ReviewTemplate.objects.filter(is_active=True).order_by("name")


class TemplateForm(forms.Form):
    """A form for reviews: its name and what to bear in mind."""

    name = forms.CharField(label=_("Review form"), max_length=120)
    guidance = words(_("What to bear in mind"), required=False, rows=2)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


def _weight() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Weight"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )


class _Small(forms.Form):
    """A row of a table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select form-select-sm" if is_choice else "form-control form-control-sm"


class MetricLineForm(_Small):
    """A number with its weight and target; one without a number is left out."""

    metric = forms.ChoiceField(label=_("Metric"), required=False)
    weight = _weight()
    target = forms.DecimalField(
        label=_("Target; empty: the person's own"), min_value=0, max_digits=20, decimal_places=6, required=False
    )
    cap = forms.DecimalField(
        label=_("At most, %"), min_value=1, max_value=9_999, max_digits=6, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = metric_choices()

    @property
    def draft(self) -> LineDraft | None:
        """Return the line as the operation takes it."""
        given = self.cleaned_data
        if not given.get("metric"):
            return None
        return LineDraft(given.get("weight") or Decimal(), given["metric"], "", given.get("target"), given.get("cap"))


class CompetencyForm(_Small):
    """A competency with its weight and one line for each level; one without a name is left out."""

    name = forms.CharField(label=_("Competency"), max_length=120, required=False)
    weight = _weight()
    anchors = forms.CharField(
        label=_("What levels 1 to 5 look like, a line each"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    @property
    def draft(self) -> LineDraft | None:
        """Return the line as the operation takes it."""
        given = self.cleaned_data
        if not given.get("name"):
            return None
        anchors = [line.strip() for line in given.get("anchors", "").splitlines()][: len(LEVELS)]
        return LineDraft(given.get("weight") or Decimal(), name=given["name"], anchors=anchors)


class GradeForm(_Small):
    """One grade; one without a letter is left out."""

    code = forms.CharField(label=_("Grade"), max_length=8, required=False)
    least = forms.DecimalField(
        label=_("From this result on"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    share = forms.DecimalField(
        label=_("Intended share, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )

    @property
    def draft(self) -> Grade | None:
        """Return the grade."""
        given = self.cleaned_data
        if not given.get("code"):
            return None
        return Grade(given["code"], given.get("least") or Decimal(), given.get("share") or Decimal())


MetricLineForms = forms.formset_factory(MetricLineForm, extra=BLANK, max_num=20, absolute_max=20)
CompetencyForms = forms.formset_factory(CompetencyForm, extra=BLANK, max_num=20, absolute_max=20)
GradeForms = forms.formset_factory(GradeForm, extra=1, max_num=12, absolute_max=12)


def drafts(formset: Any) -> list[Any]:
    """Return the rows that were filled in."""
    return [form.draft for form in formset if form.cleaned_data and form.draft]
