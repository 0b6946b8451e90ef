"""Forecasts, pipeline changes and warnings for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.forecasts import operations, queries
from salesmode.forecasts.models import ForecastSubmission
from salesmode.kernel.api import (
    Given,
    Id,
    In,
    MoneyIn,
    MoneyOut,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    load,
    money,
    paged,
    responses,
    visible,
)
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.selling.models import Deal

forecasts = Router(tags=["forecasts"])
warned = Router(tags=["deals"])
ROUTERS = {"forecasts": forecasts, "deals": warned}


class RollOut(Schema):
    """The roll-up of a period: single categories, cumulative ones, and the weighted total."""

    period: str
    first: date
    until: date
    single: dict[str, MoneyOut]
    counts: dict[str, int]
    cumulative: dict[str, MoneyOut]
    weighted: MoneyOut


class SubmissionIn(In):
    """A forecast of a person (yourself, if nobody is named), a team or the company, for a period."""

    period: Annotated[str, Field(max_length=30)]
    person_id: Id | None = None
    team_id: Id | None = None
    company: bool = False
    amount: MoneyIn
    best_case: MoneyIn | None = None
    comment: Annotated[Text, Field(max_length=500)] = ""
    seen: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class SubmissionOut(RecordOut):
    """A forecast as it was submitted; it is never changed."""

    person_id: int | None
    team_id: int | None
    by_id: int
    is_own: bool
    first: date
    until: date
    number: int
    amount: MoneyOut
    best_case: MoneyOut | None
    comment: str
    rolled_up: MoneyOut
    closed: MoneyOut


class SubmissionList(Schema):
    """One page of submissions, the newest first."""

    items: list[SubmissionOut]
    next: str | None


class SubmissionsAsked(PlainPaging):
    """Which submissions are asked for."""

    period: Annotated[str, Field(max_length=30)] = ""
    person_id: Id | None = None
    team_id: Id | None = None


class WaterfallAsked(Given):
    """Between the ends of which days, of which deals, and broken down by what."""

    start: date
    end: date
    by: Literal["team", "person"] | None = None
    scope: str = ""
    closing: str = ""


class WaterfallBarOut(Schema):
    """One bar of the waterfall."""

    count: int
    amount: MoneyOut
    deals: int


class WaterfallPartOut(Schema):
    """The waterfall of one team or person."""

    key: int | None
    label: str
    steps: dict[str, WaterfallBarOut]


class WaterfallOut(Schema):
    """The pipeline at the end of one day, at the end of another, and what lies between."""

    start_on: date
    end_on: date
    steps: dict[str, WaterfallBarOut]
    breakdown: list[WaterfallPartOut]


class WarningOut(Schema):
    """One thing that a deal should be looked at for."""

    code: str
    label: str
    sentence: str


class WarningsOut(Schema):
    """The warnings of a deal, the most serious first."""

    deal_id: int
    checked_at: datetime | None
    items: list[WarningOut]


def _scope(request: HttpRequest, scope: str) -> queries.Scope:
    tree = queries.Tree.of(caller(request))
    return queries.scope_called(scope, queries.scopes(tree))


@forecasts.get("/roll-up", response=responses(RollOut), operation_id="get_forecast")
def get_forecast(request: HttpRequest, period: str = "this-quarter", scope: str = "") -> HttpResponse:
    """Read the roll-up of a period for a scope: empty for all you see, team:7, person:3."""
    chosen, whose = Period.parse(period), _scope(request, scope)
    rolls = queries.roll_up(chosen, seen_by=caller(request), owners=whose.owners)
    roll = sum(rolls.values(), queries.Roll())
    currency = Company.objects.current().currency
    cumulative = {name: getattr(roll, name) for name in ("open_pipeline", "best_case", "most_likely", "commit")}
    return answer(
        {
            "period": chosen.label,
            "first": chosen.first,
            "until": chosen.until,
            "single": {name: money(amount, currency) for name, amount in roll.amounts.items()},
            "counts": roll.counts,
            "cumulative": {name: money(amount, currency) for name, amount in cumulative.items()},
            "weighted": money(roll.weighted.quantize(Decimal("0.01")), currency),
        }
    )


@forecasts.get("", response=responses(SubmissionList), operation_id="list_forecasts")
def list_forecasts(request: HttpRequest, asked: Query[SubmissionsAsked]) -> HttpResponse:
    """List what was submitted, the newest first, as far as you may see it."""
    rows = ForecastSubmission.objects.visible_to(caller(request))
    if asked.period:
        chosen = Period.parse(asked.period)
        rows = rows.of_period(chosen.first, chosen.until)
    if asked.person_id is not None:
        rows = rows.filter(person=asked.person_id)
    if asked.team_id is not None:
        rows = rows.filter(team=asked.team_id)
    return paged(request, rows, _submission, newest_first=True)


@forecasts.get("/{int:submission_id}", response=responses(SubmissionOut), operation_id="get_forecast_submission")
def get_forecast_submission(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Read one forecast as it was submitted."""
    return answer(_submission(load(ForecastSubmission.objects.all(), submission_id, caller(request))))


@forecasts.post("", response=responses(SubmissionOut, status=201), operation_id="submit_forecast")
def submit_forecast(request: HttpRequest, payload: SubmissionIn) -> HttpResponse:
    """Say what will be won in a period."""
    person: Any = caller(request)
    team = None
    whose = None
    if payload.team_id is not None:
        team = Team.objects.select_related("lead").filter(pk=payload.team_id).first()
        if team is None:
            raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    if payload.person_id is not None:
        tree = queries.Tree.of(person)
        whose = tree.people.get(payload.person_id) or visible(
            Person.objects.none(), payload.person_id, "person_id", person
        )
    elif team is None and not payload.company:
        whose = person
    made = operations.submit_forecast(
        period=Period.parse(payload.period),
        person=whose,
        team=team,
        amount=_own_currency(payload.amount, "amount"),
        best_case=None if payload.best_case is None else _own_currency(payload.best_case, "best_case"),
        comment=payload.comment,
        seen=payload.seen,
        by=person,
        at=now(),
    )
    return answer(_submission(made), status=201)


@forecasts.get("/waterfall", response=responses(WaterfallOut), operation_id="get_waterfall")
def get_waterfall(request: HttpRequest, asked: Query[WaterfallAsked]) -> HttpResponse:
    """Read what happened to the pipeline from the end of one day to the end of another; it always adds up."""
    whose = _scope(request, asked.scope)
    narrowed = queries.Narrowed(owners=whose.owners, closes=Period.parse(asked.closing) if asked.closing else None)
    found = queries.waterfall(asked.start, asked.end, narrowed, by=asked.by)
    parts = [{"key": part.key, "label": part.label, "steps": _steps(part)} for part in found.breakdown]
    return answer({"start_on": asked.start, "end_on": asked.end, "steps": _steps(found), "breakdown": parts})


@warned.get("/{int:deal_id}/warnings", response=responses(WarningsOut), operation_id="list_deal_warnings")
def list_deal_warnings(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Read what a deal should be looked at for."""
    deal = load(Deal.objects.select_related("inspection"), deal_id, caller(request))
    kept = getattr(deal, "inspection", None) if deal.is_open else None
    items = [{"code": one.code, "label": one.label, "sentence": one.sentence} for one in queries.sentences(kept)]
    return answer({"deal_id": deal.pk, "checked_at": kept.checked_at if kept else None, "items": items})


def _own_currency(given: MoneyIn, field: str) -> Decimal:
    currency = Company.objects.current().currency
    if given.currency not in ("", currency):
        raise Invalid({f"{field}.currency": [_("Forecasts are in %(code)s.") % {"code": currency}]})
    return given.amount


def _submission(row: ForecastSubmission) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "person_id": row.person_id,
        "team_id": row.team_id,
        "by_id": row.by_id,
        "is_own": row.is_own,
        "first": row.first_on,
        "until": row.until_on,
        "number": row.number,
        "amount": money(row.amount, row.currency),
        "best_case": money(row.best_case, row.currency),
        "comment": row.comment,
        "rolled_up": money(row.rolled_up, row.currency),
        "closed": money(row.closed, row.currency),
    }


def _steps(found: queries.Waterfall) -> dict[str, Any]:
    currency = Company.objects.current().currency
    return {
        name: {"count": step.count, "amount": money(step.amount, currency), "deals": step.deals}
        for name, step in found.steps.items()
    }
