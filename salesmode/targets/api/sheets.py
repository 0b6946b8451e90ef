"""Required target sheets for programs."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router, Schema

from salesmode.kernel.api import Id, In, Line, answer, caller, responses
from salesmode.people.models import Team
from salesmode.targets import operations, queries
from salesmode.targets.api.named import load_team
from salesmode.targets.models import TargetSheet
from salesmode.targets.models.whose import teams_led_by

target_sheets = Router(tags=["targets"])


class SheetAsked(In):
    """Of which team the sheet is, and on which day; without a team the company's, without a day today."""

    team_id: Id | None = None
    on: date | None = None


class SheetOut(Schema):
    """What is required of a team on a day; `metric` is null where nothing is. `missing` names who has no target."""

    team_id: int | None
    required_by_team_id: int | None
    metric: str | None
    with_people: bool | None
    starts_on: date | None
    missing: list[str]
    is_confirmed: bool


class SheetIn(In):
    """A sheet to require of a team, or the company, from a day on."""

    team_id: Id | None = None
    metric: Line = "won_amount"
    with_people: bool = True
    starts_on: date


class SheetReleaseIn(In):
    """From when on nothing of its own is required of a team, or the company."""

    team_id: Id | None = None
    ends_on: date


class SheetConfirmIn(In):
    """Whose targets were gone over."""

    team_id: Id


def _sheet(team: Team | None, sheet: TargetSheet | None, day: date, *, names: bool) -> dict[str, Any]:
    due = queries.sheet_due(team, day) if team is not None and names else None
    return {
        "team_id": team.pk if team else None,
        "required_by_team_id": sheet.team_id if sheet else None,
        "metric": sheet.metric if sheet else None,
        "with_people": sheet.with_people if sheet else None,
        "starts_on": sheet.starts_on if sheet else None,
        "missing": due.names if due else [],
        "is_confirmed": due is not None and due.check is not None,
    }


@target_sheets.get("", response=responses(SheetOut), operation_id="get_target_sheet")
def get_target_sheet(request: HttpRequest, asked: Query[SheetAsked]) -> HttpResponse:
    """Read which target sheet holds for a team on a day, and who has no approved target yet."""
    team, day = load_team(asked.team_id), asked.on or localdate()
    sheet = queries.target_sheet_for(team.pk if team else None, day)
    return answer(_sheet(team, sheet, day, names=_may_read_names(request, team)))


def _may_read_names(request: HttpRequest, team: Team | None) -> bool:
    """Say whether the caller sees who has no target: who sees everything, or leads the team."""
    person = caller(request)
    return person.sees_all or (team is not None and team.pk in teams_led_by(person))


@target_sheets.post("/require", response=responses(SheetOut, status=201), operation_id="require_target_sheet")
def require_target_sheet(request: HttpRequest, payload: SheetIn) -> HttpResponse:
    """Require approved targets of a team, or the company, from a day on."""
    team = load_team(payload.team_id)
    named = payload.model_dump(exclude={"team_id"})
    sheet = operations.require_target_sheet(team=team, **named, by=caller(request), at=now())
    return answer(_sheet(team, sheet, sheet.starts_on, names=True), status=201)


@target_sheets.post("/release", response=responses(SheetOut), operation_id="release_target_sheet")
def release_target_sheet(request: HttpRequest, payload: SheetReleaseIn) -> HttpResponse:
    """Require nothing of its own of a team, or the company, from a day on; the answer is what holds then."""
    team = load_team(payload.team_id)
    operations.release_target_sheet(team=team, ends_on=payload.ends_on, by=caller(request), at=now())
    sheet = queries.target_sheet_for(team.pk if team else None, payload.ends_on)
    return answer(_sheet(team, sheet, payload.ends_on, names=True))


@target_sheets.post("/confirm", response=responses(SheetOut), operation_id="confirm_target_sheet")
def confirm_target_sheet(request: HttpRequest, payload: SheetConfirmIn) -> HttpResponse:
    """Say that a team's targets were gone over for the quarter that runs."""
    team = load_team(payload.team_id)
    assert team is not None  # a body without a team is refused before
    operations.confirm_target_sheet(team, by=caller(request), at=now())
    return answer(_sheet(team, queries.target_sheet_for(team.pk, localdate()), localdate(), names=True))
