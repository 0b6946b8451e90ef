"""What people fill in about scorecards; forms parse, operations save."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, PersonScope, Team
from salesmode.targets.forms import whole_numbers
from salesmode.targets.forms.alerts import day_field, teams_of
from salesmode.targets.models import Scorecard, ScorecardLine
from salesmode.targets.models.scorecard import MOST, LineDraft, can_be_scored

_LINE = re.compile(r"(score|metric|weight|benchmark|cap|floor)_(\d+)")
# How many metrics a score is advised to have at most: as many lines stand open.
ADVISED = 5
PERCENT = {"max_digits": 8, "decimal_places": 2, "required": False}


def scored_metrics() -> list[tuple[str, Any]]:
    """Return the metrics that can stand on a scorecard, by name."""
    found = [(one.code, one.label) for one in REGISTRY.values() if can_be_scored(one.code)]
    return sorted(found, key=lambda pair: str(pair[1]))


class LineForm(forms.Form):
    """One metric of a score; a line without anything is no line."""

    metric = forms.ChoiceField(label=_("Metric"), required=False)
    weight = forms.DecimalField(label=_("Weight"), max_digits=7, decimal_places=2, required=False)
    benchmark = forms.DecimalField(label=_("Benchmark"), max_digits=20, decimal_places=4, required=False)
    cap = forms.DecimalField(label=_("Cap, percent of the benchmark"), **PERCENT)
    floor = forms.DecimalField(label=_("Floor, percent of the benchmark"), **PERCENT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [("", "—"), *scored_metrics()]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "metric" else "form-control"
        # What one in five reached, where somebody asked for it.
        self.proposed: Decimal | None = None
        self.was_asked = False

    @property
    def code(self) -> str:
        """The metric that is chosen, however far the line is filled in."""
        return str(self["metric"].value() or "")

    @property
    def is_lower(self) -> bool:
        """Whether the chosen metric is one that is to be low."""
        return self.code in REGISTRY and REGISTRY[self.code].direction == "lower"

    @property
    def unit(self) -> str:
        """The unit of the chosen metric."""
        return REGISTRY[self.code].unit if self.code in REGISTRY else ""

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in a line that is begun."""
        given = self.cleaned_data
        if any(given.get(name) not in (None, "") for name in self.fields):
            for name in ("metric", "weight", "benchmark"):
                if name not in self.errors and given.get(name) in (None, ""):
                    self.add_error(name, _g("Fill this in, or empty the line."))
        return given

    @property
    def number(self) -> int:
        """Which line of its score this is, from one."""
        return int(str(self.prefix).rpartition("-")[2] or 0) + 1 if self.prefix else 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in this line."""
        return not any(self.cleaned_data.get(name) not in (None, "") for name in self.fields)


class LineTable(forms.BaseFormSet):
    """The lines of one score: as many as are advised stand open, and those that are filled in."""

    @property
    def _open(self) -> int:
        begun = [place for place, row in enumerate(self.forms, 1) if row["metric"].value() or row.errors]
        return max(ADVISED, *begun) if begun else ADVISED

    @property
    def first(self) -> list[LineForm]:
        """The lines that stand open."""
        return self.forms[: self._open]

    @property
    def rest(self) -> list[LineForm]:
        """The lines that are folded away until somebody wants more."""
        return self.forms[self._open :]


_Lines = forms.formset_factory(LineForm, formset=LineTable, extra=0, min_num=MOST, max_num=MOST, absolute_max=MOST)


class ScorecardForm(forms.Form):
    """A scorecard: its name, and up to five metrics for each of its two scores."""

    name = forms.CharField(label=_("Scorecard"), max_length=120)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    ramp = forms.CharField(
        label=_("Ramp"),
        required=False,
        help_text=_(
            "What is asked of newcomers in their first months, in percent: 25 50 75. Empty asks all of everybody."
        ),
    )
    among = forms.ModelChoiceField(
        label=_("Propose benchmarks from"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("All sellers I see"),
        help_text=_("A proposed benchmark is what one in five reached: the 80th percentile of the last 12 weeks."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        by: Person,
        lines: Mapping[str, Sequence[dict[str, Any]]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.by = by
        self.fields["among"].queryset = teams_of(by)
        self.tables = {
            score: _Lines(data, prefix=score, initial=(lines or {}).get(score, [])) for score in Scorecard.Score.values
        }
        self.said: dict[str, list[str]] = {}

    @property
    def parts(self) -> list[tuple[str, Any, Any, list[str]]]:
        """Return for each score its code, its name, its lines, and what is wrong with them together."""
        labels = dict(Scorecard.Score.choices)
        return [(score, labels[score], table, self.said.get(score, [])) for score, table in self.tables.items()]

    @property
    def rows(self) -> list[tuple[str, LineForm]]:
        """Return the lines that are filled in, each with its score, in order."""
        return [
            (score, row) for score, table in self.tables.items() for row in table if row.is_valid() and not row.is_empty
        ]

    def clean_ramp(self) -> list[int]:
        """Read percentages, one for each month."""
        return whole_numbers(self.cleaned_data["ramp"])

    def clean(self) -> dict[str, Any]:
        """Take the lines along; a line that cannot be read keeps its own sentence."""
        given = self.cleaned_data
        given.pop("among", None)
        wrong = [table for table in self.tables.values() if not table.is_valid()]
        if wrong:
            raise ValidationError(_g("Some lines need another look."))
        given["lines"] = [LineDraft(score=score, **row.cleaned_data) for score, row in self.rows]
        return given

    def place(self, refusal: Invalid) -> None:
        """Put what a rule says about lines to where the lines stand."""
        rows = [row for _score, row in self.rows]
        for field, sentences in refusal.fields.items():
            match = _LINE.fullmatch(field)
            if match and int(match[2]) < len(rows):
                row = rows[int(match[2])]
                row.add_error(match[1] if match[1] in row.fields else None, sentences)
            elif field in self.tables:
                self.said.setdefault(field, []).extend(sentences)

    def with_proposals(self, found: Mapping[tuple[str, str], Decimal | None], taken: str) -> "ScorecardForm":
        """Return this form as it was filled in, with what is proposed beside each line.

        A proposal is filled in where no benchmark stands, and in the line whose prefix is `taken`.
        """
        values = {name: self[name].value() for name in self.fields}
        lines: dict[str, list[dict[str, Any]]] = {}
        for score, table in self.tables.items():
            for row in table:
                written = {name: row[name].value() for name in row.fields}
                proposed = _rounded(found.get((score, row.code)), row.unit)
                if proposed and (not written["benchmark"] or row.prefix == taken):
                    written["benchmark"] = f"{proposed:f}"
                lines.setdefault(score, []).append(written)
        again = ScorecardForm(by=self.by, initial=values, lines=lines)
        for score, table in again.tables.items():
            for row in table:
                row.was_asked = (score, row.code) in found
                row.proposed = _rounded(found.get((score, row.code)), row.unit)
        return again

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Return (score, metric) of every line with a known metric, whatever else is missing."""
        return [(score, row.code) for score, table in self.tables.items() for row in table if can_be_scored(row.code)]


def _rounded(value: Decimal | None, unit: str) -> Decimal | None:
    if value is None:
        return None
    found = value.quantize(Decimal("0.0001") if unit == "ratio" else Decimal("0.01"))
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


def initial_lines(drafts: Sequence[LineDraft]) -> dict[str, list[dict[str, Any]]]:
    """Return lines as the form begins with them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in drafts:
        numbers = {name: getattr(line, name) for name in ("weight", "benchmark", "cap", "floor")}
        said = {name: None if value is None else f"{value.normalize():f}" for name, value in numbers.items()}
        found.setdefault(line.score, []).append({"metric": line.metric} | said)
    return found


class UseForm(forms.Form):
    """For whom a scorecard holds, and from when."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label="—")
    starts_on = day_field(label=_("From"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_head = by.role in (Person.Role.DIRECTOR, Person.Role.OPERATIONS)
        self.fields["team"].queryset = teams_of(by)
        self.fields["team"].empty_label = _("Whole company") if is_head else None
        self.fields["team"].required = not is_head


class StopForm(forms.Form):
    """From which day on a team is no longer measured by a scorecard of its own."""

    team = forms.ModelChoiceField(queryset=Team.objects.all(), required=False, empty_label="—")
    ends_on = day_field(label=_("Until"))


class BenchmarkForm(forms.Form):
    """Another benchmark for a team or a person; without a value, the scorecard's own again."""

    line = forms.ModelChoiceField(label=_("Metric"), queryset=ScorecardLine.objects.none(), empty_label="—")
    whose = forms.ChoiceField(label=_("For"))
    value = forms.DecimalField(
        label=_("Benchmark"),
        max_digits=20,
        decimal_places=4,
        required=False,
        help_text=_("Left empty, the scorecard's own holds again."),
    )

    def __init__(self, *args: Any, card: Scorecard, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = card.lines.order_by("position", "pk")
        self.fields["line"].label_from_instance = lambda line: f"{line.asked.label} · {line.get_score_display()}"
        people = Person.objects.active().filter(role=Person.Role.SELLER).order_by("name", "pk")
        if by.role not in (Person.Role.DIRECTOR, Person.Role.OPERATIONS):
            people = people.filter(pk__in=PersonScope.objects.filter(viewer=by).values("owner"))
        named = [(f"team:{team.pk}", team.name) for team in teams_of(by)]
        self.fields["whose"].choices = [*named, *((f"person:{each.pk}", each.name) for each in people)]

    def clean(self) -> dict[str, Any]:
        """Return the team or the person."""
        given = self.cleaned_data
        unit, _colon, key = given.pop("whose", "").partition(":")
        if unit == "team":
            given["team"] = Team.objects.select_related("lead", "parent__lead").get(pk=int(key))
        elif unit == "person":
            given["person"] = Person.objects.get(pk=int(key))
        return given
