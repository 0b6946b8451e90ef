"""Scorecards and scores for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Name,
    Paging,
    PlainPaging,
    RecordOut,
    answer,
    caller,
    expected_version,
    few,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling.queries import last_busy_day
from salesmode.targets import operations, queries
from salesmode.targets.api.named import load_team
from salesmode.targets.models import Scorecard
from salesmode.targets.models.scorecard import LineDraft
from salesmode.targets.queries import designs

scorecards = Router(tags=["scorecards"])
Number = Annotated[Decimal, Field(max_digits=20, decimal_places=4, allow_inf_nan=False)]


class LineIn(In):
    """One metric of a scorecard; cap and floor in percent of the benchmark."""

    score: Line
    metric: Line
    weight: Number
    benchmark: Number
    cap: Number | None = None
    floor: Number | None = None


class ScorecardIn(In):
    """A scorecard to be."""

    name: Name
    description: Line = ""
    ramp: list[int] = []
    lines: list[LineIn] = []


class UseIn(In):
    """For which team (none: the company), from which day."""

    team_id: Id | None = None
    starts_on: date


class StopIn(In):
    """For which team (none: the company), from which day on its own scorecard no longer holds."""

    team_id: Id | None = None
    ends_on: date


class ScorecardChanges(In):
    """What is to change; once a scorecard was in use only its name and description."""

    name: Name | None = None
    description: Line | None = None
    ramp: list[int] | None = None
    lines: list[LineIn] | None = None


class BenchmarkIn(In):
    """What a team or a person is measured against; without a value, the scorecard's own again."""

    line_id: Id
    team_id: Id | None = None
    person_id: Id | None = None
    value: Number | None = None


class TeamAsked(PlainPaging):
    """For which team; none: everybody whom the caller sees."""

    team_id: Id | None = None


class ProposedOut(Schema):
    """What one in five reached of a metric; null where nothing is known."""

    score: str
    metric: str
    benchmark: str | None


class ProposedList(Schema):
    """A proposal for each line of a scorecard."""

    items: list[ProposedOut]
    next: str | None


class PointsOut(Schema):
    """One line of a score: what was reached against what, and what that is worth."""

    metric: str
    actual: str | None
    benchmark: str
    weight: str
    points: str | None
    how: str


class ScoreOut(Schema):
    """How somebody scores in the week or month of today."""

    person_id: int
    scorecard_id: int
    score: str
    period: str
    value: str | None
    points: list[PointsOut]


class ScoreList(Schema):
    """Everybody's scores."""

    items: list[ScoreOut]
    next: str | None


class ScorecardOut(RecordOut):
    """A scorecard with its metrics."""

    name: str
    description: str
    owner_id: int
    ramp: list[int]
    lines: list[dict[str, Any]]


class ScorecardList(Schema):
    """One page of scorecards."""

    items: list[ScorecardOut]
    next: str | None


def _load(request: HttpRequest, scorecard_id: int) -> Scorecard:
    return load(Scorecard.objects.all(), scorecard_id, caller(request))


def _scorecard(row: Scorecard) -> dict[str, Any]:
    names = ("score", "metric", "weight", "benchmark", "cap", "floor")
    lines = [{name: getattr(line, name) for name in ("id", *names)} for line in row.lines.order_by("position", "pk")]
    shown = {name: getattr(row, name) for name in ("name", "description", "owner_id", "ramp")}
    return record_fields(row) | shown | {"lines": lines}


@scorecards.get("", response=responses(ScorecardList), operation_id="list_scorecards")
def list_scorecards(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List scorecards."""
    return listed(request, "scorecard", _scorecard)


@scorecards.post("", response=responses(ScorecardOut, status=201), operation_id="define_scorecard")
def define_scorecard(request: HttpRequest, payload: ScorecardIn) -> HttpResponse:
    """Design a scorecard."""
    lines = [LineDraft(**line.model_dump()) for line in payload.lines]
    given = payload.model_dump(exclude={"lines"})
    row = operations.define_scorecard(lines=lines, **given, by=caller(request), at=now())
    return answer(_scorecard(row), status=201)


@scorecards.get("/{int:scorecard_id}", response=responses(ScorecardOut), operation_id="get_scorecard")
def get_scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Read one scorecard."""
    return answer(_scorecard(_load(request, scorecard_id)))


@scorecards.post("/{int:scorecard_id}/use", response=responses(ScorecardOut), operation_id="use_scorecard")
def use_scorecard(request: HttpRequest, scorecard_id: int, payload: UseIn) -> HttpResponse:
    """Put a scorecard in use for a team or the company from a day on."""
    person = caller(request)
    row = _load(request, scorecard_id)
    team = load_team(payload.team_id)
    operations.use_scorecard(row, team=team, starts_on=payload.starts_on, by=person, at=now())
    return answer(_scorecard(row))


@scorecards.patch("/{int:scorecard_id}", response=responses(ScorecardOut), operation_id="amend_scorecard")
def amend_scorecard(request: HttpRequest, scorecard_id: int, payload: ScorecardChanges) -> HttpResponse:
    """Change a scorecard; what is not named stays."""
    row, version = _load(request, scorecard_id), expected_version(request)
    changes = payload.model_dump(exclude_unset=True)
    if payload.lines is not None:
        changes["lines"] = [LineDraft(**line.model_dump()) for line in payload.lines]
    operations.amend_scorecard(row, version=version, by=caller(request), at=now(), **changes)
    return answer(_scorecard(row))


@scorecards.post("/{int:scorecard_id}/stop", response=responses(ScorecardOut), operation_id="stop_scorecard")
def stop_scorecard(request: HttpRequest, scorecard_id: int, payload: StopIn) -> HttpResponse:
    """Take the scorecard of a team or the company out of use from a day on."""
    row = _load(request, scorecard_id)
    team = load_team(payload.team_id)
    operations.stop_scorecard(team=team, ends_on=payload.ends_on, by=caller(request), at=now())
    return answer(_scorecard(row))


@scorecards.post("/{int:scorecard_id}/benchmark", response=responses(ScorecardOut), operation_id="set_benchmark")
def set_benchmark(request: HttpRequest, scorecard_id: int, payload: BenchmarkIn) -> HttpResponse:
    """Measure a team or a person against another benchmark, or against the scorecard's own again."""
    person = caller(request)
    row = _load(request, scorecard_id)
    line = row.lines.filter(pk=payload.line_id).first()
    if line is None:
        raise Invalid({"line_id": [_("There is no such record, or you may not see it.")]})
    someone = visible(Person.objects.people(), payload.person_id, "person_id", person)
    team = load_team(payload.team_id)
    operations.set_benchmark(line, value=payload.value, team=team, person=someone, by=person, at=now())
    return answer(_scorecard(row))


@scorecards.get("/{int:scorecard_id}/proposals", response=responses(ProposedList), operation_id="propose_benchmarks")
def propose_benchmarks(request: HttpRequest, scorecard_id: int, of: Query[TeamAsked]) -> HttpResponse:
    """Return what one in five reached in the last twelve weeks, for each line of a scorecard."""
    row = _load(request, scorecard_id)
    people = designs.people_to_propose_from(caller(request), load_team(of.team_id))
    asked = list(row.lines.order_by("position", "pk").values_list("score", "metric"))
    found = queries.proposed_benchmarks(asked, people, today=last_busy_day(localdate()))
    items = [{"score": score, "metric": code, "benchmark": found[score, code]} for score, code in asked]
    return few(request, items, dict, key=lambda item: f"{item['score']}.{item['metric']}")


@scorecards.get("/scores", response=responses(ScoreList), operation_id="list_scores")
def list_scores(request: HttpRequest, of: Query[TeamAsked]) -> HttpResponse:
    """Return how everybody scores whose numbers the caller sees, every point explained."""
    people = designs.measured_people(caller(request), load_team(of.team_id))
    found = queries.scores(people, day=last_busy_day(localdate()))
    items = [_score(one, score) for one in found for score in one.scores.values()]
    return few(request, items, dict, key=lambda item: f"{item['person_id']}.{item['scorecard_id']}.{item['score']}")


def _score(one: queries.Scored, score: queries.Score) -> dict[str, Any]:
    points = [
        {
            "metric": each.line.metric,
            "actual": each.actual,
            "benchmark": each.measured_against,
            "weight": each.line.weight,
            "points": each.points,
            "how": each.how,
        }
        for each in score.points
    ]
    return {
        "person_id": one.person.pk,
        "scorecard_id": one.card.pk,
        "score": score.kind,
        "period": score.period.code,
        "value": score.value,
        "points": points,
    }
