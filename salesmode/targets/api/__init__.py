"""Targets and scorecards for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.catalog.models import Product
from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Name,
    Paging,
    RecordOut,
    answer,
    expected_version,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets import operations, queries
from salesmode.targets.api import alerts as watching
from salesmode.targets.models import Scorecard, Target, Whose
from salesmode.targets.models.scorecard import LineDraft
from salesmode.targets.queries.attainment import Attainment

targets = Router(tags=["targets"])
scorecards = Router(tags=["scorecards"])
ROUTERS = {
    "targets": targets,
    "scorecards": scorecards,
    "alerts": watching.alerts,
    "alert-rules": watching.alert_rules,
    "decisions": watching.decisions,
}
Number = Annotated[Decimal, Field(max_digits=20, decimal_places=4, allow_inf_nan=False)]
Growth = Annotated[Decimal, Field(max_digits=7, decimal_places=2, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=0, le=9999)]
Day = Annotated[date, Field()]


class TargetNumbers(In):
    """What is to be reached, and how it is spread over the months."""

    base: Number | None = None
    stretch: Number | None = None
    challenge: Number | None = None
    distribution: Line = "even"
    shares: list[Number] = []
    months: list[Number] | None = None
    is_prorated: bool = False
    ramp: list[int] = []
    note: Line = ""


class TargetIn(TargetNumbers):
    """A target to be: for the company unless a team, person, product or region is named."""

    metric: Line
    year: Year
    team_id: Id | None = None
    person_id: Id | None = None
    product_id: Id | None = None
    region: Line = ""


class ManyIn(In):
    """Drafts for everybody, from last year's actuals or last year's targets."""

    metric: Line
    year: Year
    growth: Growth = Decimal(0)


class AttainmentOut(Schema):
    """How far a target is in its year."""

    actual: str | None
    attainment: str | None
    gap: str | None
    projection: str | None
    required_daily: str | None
    status: str


class TargetOut(RecordOut):
    """A version of a target."""

    metric: str
    unit: str
    key: str
    year: int
    starts_on: date
    edition: int
    status: str
    currency: str
    base: str
    stretch: str | None
    challenge: str | None
    base_months: list[str]
    distribution: str
    note: str


class TargetDetail(TargetOut):
    """A version of a target with how far it is."""

    attainment: AttainmentOut


class TargetList(Schema):
    """One page of targets."""

    items: list[TargetOut]
    next: str | None


class TargetsMade(Schema):
    """The drafts that were made."""

    items: list[TargetOut]


def _target(row: Target) -> dict[str, Any]:
    names = (
        "metric",
        "unit",
        "key",
        "year",
        "starts_on",
        "edition",
        "status",
        "currency",
        "base",
        "stretch",
        "challenge",
        "base_months",
        "distribution",
        "note",
    )
    return record_fields(row) | {name: getattr(row, name) for name in names}


def _attainment(one: Attainment) -> dict[str, Any]:
    pace = one.pace
    names = ("actual", "attainment", "gap", "projection", "required_daily", "status")
    return {name: getattr(pace, name) for name in names}


def _load(request: HttpRequest, target_id: int) -> Target:
    rows = Target.objects.select_related("team__lead", "owner", "product")
    return load(rows, target_id, request.auth)  # type: ignore[attr-defined]


@targets.get("", response=responses(TargetList), operation_id="list_targets")
def list_targets(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List targets."""
    return listed(request, "target", _target)


@targets.post("", response=responses(TargetOut, status=201), operation_id="set_target")
def set_target(request: HttpRequest, payload: TargetIn) -> HttpResponse:
    """Draft a target; a draft that is there is changed."""
    person = request.auth  # type: ignore[attr-defined]
    team = load_team(payload.team_id)
    someone = visible(Person.objects.people(), payload.person_id, "person_id", person)
    product = visible(Product.objects.all(), payload.product_id, "product_id", person)
    named = {"team": team, "person": someone, "product": product, "region": payload.region}
    unit = next((name for name, value in named.items() if value), "company")
    whose = Whose(unit, team, someone, product, payload.region)
    numbers = payload.model_dump(exclude={"metric", "year", "team_id", "person_id", "product_id", "region"})
    row = operations.set_target(metric=payload.metric, year=payload.year, whose=whose, by=person, at=now(), **numbers)
    return answer(_target(row), status=201)


def load_team(team_id: int | None) -> Team | None:
    """Return the team that a body names; raises Invalid at the field when there is none."""
    if team_id is None:
        return None
    team = Team.objects.select_related("lead").filter(pk=team_id).first()
    if team is None:
        raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    return team


@targets.post("/propose", response=responses(TargetsMade, status=201), operation_id="propose_targets")
def propose_targets(request: HttpRequest, payload: ManyIn) -> HttpResponse:
    """Draft targets from what was reached last year."""
    made = operations.propose_targets(**payload.model_dump(), by=request.auth, at=now())  # type: ignore[attr-defined]
    return answer({"items": [_target(row) for row in made]}, status=201)


@targets.post("/copy", response=responses(TargetsMade, status=201), operation_id="copy_targets")
def copy_targets(request: HttpRequest, payload: ManyIn) -> HttpResponse:
    """Draft targets from those of last year."""
    made = operations.copy_targets(**payload.model_dump(), by=request.auth, at=now())  # type: ignore[attr-defined]
    return answer({"items": [_target(row) for row in made]}, status=201)


@targets.get("/{int:target_id}", response=responses(TargetDetail), operation_id="get_target")
def get_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Read a target and how far it is."""
    row = _load(request, target_id)
    one = queries.attainment_of(row, queries.year_of(row), today=localdate())
    return answer(_target(row) | {"attainment": _attainment(one)})


@targets.patch("/{int:target_id}", response=responses(TargetOut), operation_id="amend_target")
def amend_target(request: HttpRequest, target_id: int, payload: TargetNumbers) -> HttpResponse:
    """Change a draft; what is not named stays."""
    row, version = _load(request, target_id), expected_version(request)
    changes = payload.model_dump(exclude_unset=True)
    operations.amend_target(row, version=version, by=request.auth, at=now(), **changes)  # type: ignore[attr-defined]
    return answer(_target(row))


@targets.post("/{int:target_id}/approve", response=responses(TargetOut), operation_id="approve_target")
def approve_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make a draft hold."""
    return answer(_target(operations.approve_target(_load(request, target_id), by=request.auth, at=now())))  # type: ignore[attr-defined]


@targets.post("/{int:target_id}/lock", response=responses(TargetOut), operation_id="lock_target")
def lock_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make an approved target hold for good."""
    return answer(_target(operations.lock_target(_load(request, target_id), by=request.auth, at=now())))  # type: ignore[attr-defined]


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
    starts_on: Day


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
    row = operations.define_scorecard(lines=lines, **given, by=request.auth, at=now())  # type: ignore[attr-defined]
    return answer(_scorecard(row), status=201)


@scorecards.get("/{int:scorecard_id}", response=responses(ScorecardOut), operation_id="get_scorecard")
def get_scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Read one scorecard."""
    return answer(_scorecard(load(Scorecard.objects.all(), scorecard_id, request.auth)))  # type: ignore[attr-defined]


@scorecards.post("/{int:scorecard_id}/use", response=responses(ScorecardOut), operation_id="use_scorecard")
def use_scorecard(request: HttpRequest, scorecard_id: int, payload: UseIn) -> HttpResponse:
    """Put a scorecard in use for a team or the company from a day on."""
    person = request.auth  # type: ignore[attr-defined]
    row = load(Scorecard.objects.all(), scorecard_id, person)
    team = load_team(payload.team_id)
    operations.use_scorecard(row, team=team, starts_on=payload.starts_on, by=person, at=now())
    return answer(_scorecard(row))
