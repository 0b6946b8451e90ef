"""Scorecards: what is counted, with which weight, against which benchmark, and for whom from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.measure import dimensions_of
from salesmode.analytics.metrics import REGISTRY, Metric, metric
from salesmode.analytics.wording import spoken
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.targets.models.held import HeldByTeam

# Three to five metrics make a good score; the published example has two.
MOST = 10
HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 14


class ScorecardInUse(Refusal):
    """What people are measured by does not change under them."""

    def __init__(self, card: "Scorecard") -> None:
        super().__init__(
            _g("%(card)s is or was in use, so its metrics and weights stay. Copy it, and put the copy in use.")
            % {"card": card.name}
        )


@dataclass(frozen=True)
class LineDraft:
    """One metric of a scorecard as somebody writes it down; cap and floor in percent of the benchmark."""

    score: str
    metric: str
    weight: Decimal
    benchmark: Decimal
    cap: Decimal | None = None
    floor: Decimal | None = None


def can_be_scored(code: str) -> bool:
    """Say whether a metric can stand on a scorecard: it must be known for each person."""
    return code in REGISTRY and "person" in dimensions_of(REGISTRY[code])


def ensure_valid_lines(lines: Sequence[LineDraft]) -> None:
    """Refuse lines that make no score; raises Invalid, every field named."""
    wrong: dict[str, list[str]] = {}
    for score, label in Scorecard.Score.choices:
        mine = [line for line in lines if line.score == score]
        if not mine:
            continue
        if len(mine) > MOST:
            wrong.setdefault(score, []).append(
                _g("%(score)s takes at most %(most)s metrics.") % {"score": label, "most": MOST}
            )
        weights = sum((line.weight for line in mine), Decimal())
        if weights != HUNDRED:
            said = {"score": label, "sum": f"{weights.normalize():f}"}
            wrong.setdefault(score, []).append(_g("The weights of %(score)s add up to %(sum)s, not to 100.") % said)
        if len({line.metric for line in mine}) < len(mine):
            wrong.setdefault(score, []).append(_g("A metric stands on a score once."))
    if not lines:
        wrong["lines"] = [_g("Choose metrics for at least one of the two scores.")]
    for number, line in enumerate(lines):
        for field, sentence in _wrong_with(line):
            wrong.setdefault(f"{field}_{number}", []).append(sentence)
    if wrong:
        raise Invalid(wrong)


def _wrong_with(line: LineDraft) -> list[tuple[str, str]]:
    found = []
    if line.score not in Scorecard.Score.values:
        found.append(("score", _g("Choose the activity score or the objective score.")))
    if not can_be_scored(line.metric):
        found.append(("metric", _g("There is no such metric for a person.")))
    if not line.weight.is_finite() or not 0 < line.weight <= HUNDRED:
        found.append(("weight", _g("A weight lies above 0 and is at most 100.")))
    if not line.benchmark.is_finite() or not 0 < line.benchmark < LARGEST:
        found.append(("benchmark", _g("A benchmark is above zero.")))
    for name, value in (("cap", line.cap), ("floor", line.floor)):
        if value is not None and not (value.is_finite() and 0 <= value <= 10_000):
            found.append((name, _g("This is a percentage of the benchmark, from 0 to 10,000.")))
    if line.cap is not None and line.floor is not None and line.cap < line.floor:
        found.append(("cap", _g("The cap is not below the floor.")))
    if can_be_scored(line.metric) and metric(line.metric).direction == "lower" and line.cap is None:
        found.append(
            ("cap", _g("Where lower is better a cap is needed: nothing at all would be worth endless points."))
        )
    return found


class ScorecardQuerySet(RecordQuerySet):
    """Words for sets of scorecards."""

    def visible_to(self, person: Any) -> Self:
        """Return the scorecards that a person may see: how people are measured is no secret to them."""
        return self if getattr(person, "is_active", False) else self.none()


class Scorecard(Record):
    """Two scores with their metrics: what somebody does week by week, and what comes of it month by month."""

    class Score(models.TextChoices):
        """Which of the two scores a metric belongs to."""

        ACTIVITY = "activity", _("Activity score")
        OBJECTIVE = "objective", _("Objective score")

    GRAIN = {"activity": "week", "objective": "month"}

    name = models.CharField(_("Scorecard"), max_length=120)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("Made by"))
    ramp = models.JSONField(_("Ramp"), default=list, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(models.functions.Lower("name"), name="scorecard_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    def ensure_valid(self) -> None:
        """Refuse a scorecard without a name or with an impossible ramp; raises Invalid."""
        wrong = {}
        if not self.name.strip():
            wrong["name"] = [_g("Give the scorecard a name.")]
        ensure_valid_ramp(self.ramp)
        if wrong:
            raise Invalid(wrong)


def ensure_valid_ramp(ramp: Sequence[int]) -> None:
    """Refuse a curve that is no list of up to 24 percentages; raises Invalid."""
    if len(ramp) > 24 or any(not isinstance(share, int) or not 0 <= share <= 100 for share in ramp):
        raise Invalid({"ramp": [_g("A ramp is up to 24 percentages from 0 to 100, one for each month.")]})


class ScorecardLine(models.Model):
    """One metric of a scorecard."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="lines")
    score = models.CharField(max_length=10, choices=Scorecard.Score.choices)
    position = models.PositiveSmallIntegerField(default=0)
    metric = models.CharField(max_length=60)
    weight = models.DecimalField(_("Weight"), max_digits=7, decimal_places=2)
    benchmark = models.DecimalField(_("Benchmark"), max_digits=20, decimal_places=4)
    cap = models.DecimalField(_("Cap"), max_digits=8, decimal_places=2, null=True, blank=True)
    floor = models.DecimalField(_("Floor"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "score", "metric"], name="metric_stands_on_a_score_once"),
            models.CheckConstraint(name="weight_is_positive", condition=Q(weight__gt=0)),
            models.CheckConstraint(name="benchmark_is_positive", condition=Q(benchmark__gt=0)),
        ]

    @property
    def asked(self) -> Metric:
        """Return the metric that is counted."""
        return metric(self.metric)

    def draft(self) -> LineDraft:
        """Return this line as somebody would write it down."""
        return LineDraft(self.score, self.metric, self.weight, self.benchmark, self.cap, self.floor)


class Benchmark(models.Model):
    """What a line is measured against for one team (with all below it) or one person, instead of the line's own."""

    line = models.ForeignKey(ScorecardLine, on_delete=models.CASCADE, related_name="benchmarks")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "team", "person"], nulls_distinct=False, name="benchmark_is_set_once"
            ),
            models.CheckConstraint(
                name="benchmark_is_for_a_team_or_a_person",
                condition=Q(team__isnull=True, person__isnull=False) | Q(team__isnull=False, person__isnull=True),
            ),
        ]


class ScorecardUse(HeldByTeam):
    """From when until when a team (none: the whole company) is measured by a scorecard."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="one_scorecard_in_use_for_a_team",
            ),
            models.UniqueConstraint(
                fields=["team", "starts_on"], nulls_distinct=False, name="one_scorecard_begins_for_a_team_on_a_day"
            ),
        ]


@dataclass(frozen=True)
class Points:
    """What one line is worth to one person in a period: points = actual ÷ benchmark × weight, capped and floored."""

    line: ScorecardLine
    actual: Decimal | None
    benchmark: Decimal
    share: Decimal = Decimal(1)

    @property
    def is_excused(self) -> bool:
        """Whether somebody was not there at all, so that nothing was asked of them."""
        return self.measured_against <= 0

    @property
    def measured_against(self) -> Decimal:
        """The benchmark for the time somebody was there."""
        return self.benchmark * self.share

    @property
    def ratio(self) -> Decimal | None:
        """Actual ÷ benchmark, or benchmark ÷ actual where lower is better; None where nothing is known or asked."""
        if self.actual is None or self.is_excused:
            return None
        cap = None if self.line.cap is None else self.line.cap / HUNDRED
        if self.line.asked.direction == "lower":
            found = cap if self.actual <= 0 else self.measured_against / self.actual
        else:
            found = self.actual / self.measured_against
        if found is None:
            return None
        if self.line.floor is not None and found < self.line.floor / HUNDRED:
            return Decimal(0)
        return found if cap is None else min(found, cap)

    @property
    def points(self) -> Decimal | None:
        """The ratio times the weight."""
        return None if self.ratio is None else self.ratio * self.line.weight

    @property
    def how(self) -> str:
        """Say how the points come about, with the numbers that were used."""
        if self.is_excused:
            return _g("Away all the time: nothing is asked.")
        if self.actual is None:
            return _g("Not known, so its weight does not count.")
        unit, weight = self.line.asked.unit, _short(self.line.weight)
        actual, against = spoken(unit, _fine(self.actual)), spoken(unit, _fine(self.measured_against))
        if self.line.asked.direction == "lower":
            actual, against = against, actual
        said = [f"{actual} ÷ {against} × {weight}"]
        if self.share != 1:
            of = {"whole": spoken(unit, _fine(self.benchmark)), "share": f"{self.share:.1%}"}
            said.append(_g("benchmark %(whole)s × %(share)s of the time") % of)
        if self.line.cap is not None and self.ratio == self.line.cap / HUNDRED:
            said.append(_g("capped at %(cap)s percent of the benchmark") % {"cap": _short(self.line.cap)})
        elif self.line.floor is not None and not self.ratio:
            said.append(
                _g("below the floor of %(floor)s percent of the benchmark") % {"floor": _short(self.line.floor)}
            )
        return " · ".join(said)


def _fine(value: Decimal) -> Decimal:
    return (
        value.quantize(Decimal(1))
        if value == value.to_integral_value()
        else value.quantize(Decimal("0.0001")).normalize()
    )


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def score_of(points: Sequence[Points]) -> Decimal | None:
    """Return the sum of the points, which may exceed 100; None where no line is known."""
    known = [each.points for each in points if each.points is not None]
    return sum(known, Decimal()) if known else None


def percentile(values: Sequence[Decimal], share: Decimal = Decimal("0.8")) -> Decimal | None:
    """Return the value below which a share of the values lies, between neighbours in a straight line; None of none."""
    if not values:
        return None
    rows = sorted(values)
    place = share * (len(rows) - 1)
    low = int(place)
    high = min(low + 1, len(rows) - 1)
    return rows[low] + (rows[high] - rows[low]) * (place - low)
