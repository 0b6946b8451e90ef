"""Targets and scorecards for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.catalog.models import Product
from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Paging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.targets import operations, queries
from salesmode.targets.api import absences as leave
from salesmode.targets.api import alerts as watching
from salesmode.targets.api import scorecards as measuring
from salesmode.targets.api import sheets
from salesmode.targets.api.named import load_team
from salesmode.targets.models import Target, Whose
from salesmode.targets.operations.many import Pasted
from salesmode.targets.queries.attainment import Attainment
from salesmode.targets.sheets.pasting import PastedLine, read_pasted

targets = Router(tags=["targets"])
ROUTERS = {
    "targets": targets,
    "target-sheets": sheets.target_sheets,
    "scorecards": measuring.scorecards,
    "absences": leave.absences,
    "alerts": watching.alerts,
    "alert-rules": watching.alert_rules,
    "decisions": watching.decisions,
}
Number = Annotated[Decimal, Field(max_digits=20, decimal_places=4, allow_inf_nan=False)]
Growth = Annotated[Decimal, Field(max_digits=7, decimal_places=2, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=0, le=9999)]


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


class PasteIn(In):
    """A table as it is copied from a spreadsheet: lines of cells with tabs between, for whom in the first cell.

    Then the year (with stretch and challenge), or twelve months, or the year and its months. With `keep` false the
    lines are only judged.
    """

    metric: Line
    year: Year
    table: Annotated[str, Field(max_length=400_000), *Text.__metadata__]
    distribution: Literal["even", "last_year"] = "even"
    keep: bool = True

    model_config = In.model_config | {"str_strip_whitespace": False}


class PastedLineOut(Schema):
    """What is said of one line: a draft to be or one that changes, the next version of what holds, or what is wrong."""

    line: int
    name: str
    verdict: Literal["new", "change", "next", "wrong"]
    problem: str
    base: str | None
    target_id: int | None


class PastedOut(Schema):
    """The verdict on every line; either all of them were kept or none."""

    kept: bool
    lines: list[PastedLineOut]


class LinesWrong(Invalid):
    """Some lines of a table cannot be read as they stand, so none was kept."""

    def __init__(self, lines: list[PastedLine]) -> None:
        super().__init__({f"table.{line.number}": [line.problem] for line in lines if line.problem})
        self.lines = lines

    def extras(self) -> dict[str, Any]:
        """The verdict on every line."""
        return {"lines": [_verdict(line) for line in self.lines]}


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
    return load(rows, target_id, caller(request))


@targets.get("", response=responses(TargetList), operation_id="list_targets")
def list_targets(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List targets."""
    return listed(request, "target", _target)


@targets.post("", response=responses(TargetOut, status=201), operation_id="set_target")
def set_target(request: HttpRequest, payload: TargetIn) -> HttpResponse:
    """Draft a target; a draft that is there is changed."""
    person = caller(request)
    team = load_team(payload.team_id)
    someone = visible(Person.objects.people(), payload.person_id, "person_id", person)
    product = visible(Product.objects.all(), payload.product_id, "product_id", person)
    named = {"team": team, "person": someone, "product": product, "region": payload.region}
    unit = next((name for name, value in named.items() if value), "company")
    whose = Whose(unit, team, someone, product, payload.region)
    numbers = payload.model_dump(exclude={"metric", "year", "team_id", "person_id", "product_id", "region"})
    row = operations.set_target(metric=payload.metric, year=payload.year, whose=whose, by=person, at=now(), **numbers)
    return answer(_target(row), status=201)


@targets.post("/propose", response=responses(TargetsMade, status=201), operation_id="propose_targets")
def propose_targets(request: HttpRequest, payload: ManyIn) -> HttpResponse:
    """Draft targets from what was reached last year."""
    made = operations.propose_targets(**payload.model_dump(), by=caller(request), at=now())
    return answer({"items": [_target(row) for row in made]}, status=201)


@targets.post("/copy", response=responses(TargetsMade, status=201), operation_id="copy_targets")
def copy_targets(request: HttpRequest, payload: ManyIn) -> HttpResponse:
    """Draft targets from those of last year."""
    made = operations.copy_targets(**payload.model_dump(), by=caller(request), at=now())
    return answer({"items": [_target(row) for row in made]}, status=201)


@targets.post("/paste", response=responses(PastedOut, status=201) | {200: PastedOut}, operation_id="paste_targets")
def paste_targets(request: HttpRequest, payload: PasteIn) -> HttpResponse:
    """Draft a whole table of targets, or none of it; every line gets its verdict."""
    person, at = caller(request), now()
    given = payload.model_dump(exclude={"keep"})
    lines = read_pasted(**given, by=person, at=at)
    if not payload.keep:
        return answer({"kept": False, "lines": [_verdict(line) for line in lines]})
    if any(line.problem for line in lines):
        raise LinesWrong(lines)
    rows = [Pasted(line.whose, line.numbers, line.number) for line in lines if line.whose is not None]
    made = operations.set_targets(rows, metric=payload.metric, year=payload.year, by=person, at=at)
    kept = [_verdict(line) | {"target_id": row.pk} for line, row in zip(lines, made, strict=True)]
    return answer({"kept": True, "lines": kept}, status=201)


def _verdict(line: PastedLine) -> dict[str, Any]:
    verdict = "wrong" if line.problem else "change" if line.is_change else "next" if line.is_next else "new"
    base = None if line.draft is None or line.problem else f"{line.draft.base:f}"
    return {
        "line": line.number,
        "name": line.name,
        "verdict": verdict,
        "problem": line.problem,
        "base": base,
        "target_id": line.former.pk if line.former is not None and line.is_change else None,
    }


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
    operations.amend_target(row, version=version, by=caller(request), at=now(), **changes)
    return answer(_target(row))


@targets.post("/{int:target_id}/approve", response=responses(TargetOut), operation_id="approve_target")
def approve_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make a draft hold."""
    return answer(_target(operations.approve_target(_load(request, target_id), by=caller(request), at=now())))


@targets.post("/{int:target_id}/discard", response=responses(TargetOut), operation_id="discard_target")
def discard_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Throw a draft away; the answer is what it was."""
    row = _load(request, target_id)
    operations.discard_target(row, by=caller(request), at=now())
    return answer(_target(row))


@targets.post("/{int:target_id}/lock", response=responses(TargetOut), operation_id="lock_target")
def lock_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make an approved target hold for good."""
    return answer(_target(operations.lock_target(_load(request, target_id), by=caller(request), at=now())))
