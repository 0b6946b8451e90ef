"""Improvement plans for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    Paging,
    RecordOut,
    Text,
    answer,
    caller,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.people.models import Person
from salesmode.reviews import operations
from salesmode.reviews.models import ImprovementPlan, PlanDecision
from salesmode.reviews.models.scoring import plainly
from salesmode.reviews.queries.plan_page import plan_page

plans = Router(tags=["improvement-plans"])

Words = Annotated[str, Field(min_length=1, max_length=10_000), *Text.__metadata__]
Value = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=6, allow_inf_nan=False)]


class GoalIn(In):
    """A number and what it is to reach."""

    metric: Annotated[str, Field(min_length=1, max_length=60), *Text.__metadata__]
    target: Value


class StepIn(In):
    """Something to do, until a day."""

    text: Annotated[str, Field(min_length=1, max_length=300), *Text.__metadata__]
    due_on: date


class ImprovementPlanIn(In):
    """A plan to be; where it starts is measured."""

    owner_id: Id
    reason: Words
    ends_on: date
    goals: Annotated[list[GoalIn], Field(min_length=1, max_length=20)]
    steps: Annotated[list[StepIn], Field(max_length=20)] = []


class CheckInIn(In):
    """How it goes."""

    text: Words


class DecideIn(In):
    """How a plan ended; an extension names the day until which."""

    verdict: PlanDecision.Verdict
    note: Annotated[str, Field(max_length=10_000), *Text.__metadata__] = ""
    ends_on: date | None = None


class GoalOut(Schema):
    """A number: where it began, what it is to reach, where it stands or stood at the end."""

    metric: str
    name: str
    start: str | None
    target: str
    value: str | None
    is_reached: bool | None
    records: str


class PlanStepOut(Schema):
    """Something to do."""

    id: int
    text: str
    due_on: date
    done_at: datetime | None


class ImprovementPlanOut(RecordOut):
    """An improvement plan."""

    owner_id: int
    leader_id: int
    reason: str
    starts_on: date
    ends_on: date
    outcome: str
    decided_at: datetime | None
    custom: dict[str, Any]


class WholePlanOut(ImprovementPlanOut):
    """An improvement plan with its goals and steps."""

    goals: list[GoalOut]
    steps: list[PlanStepOut]


class ImprovementPlanList(Schema):
    """One page of improvement plans."""

    items: list[ImprovementPlanOut]
    next: str | None


def _plan(plan: ImprovementPlan) -> dict[str, Any]:
    return record_fields(plan) | {
        "owner_id": plan.owner_id,
        "leader_id": plan.leader_id,
        "reason": plan.reason,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "outcome": plan.outcome,
        "decided_at": plan.decided_at,
    }


def _whole(plan: ImprovementPlan, person: Person) -> dict[str, Any]:
    page = plan_page(plan, seen_by=person, today=localdate())
    return _plan(plan) | {
        "goals": [
            {
                "metric": one.goal.metric,
                "name": one.goal.label,
                "start": plainly(one.goal.start_value),
                "target": plainly(one.goal.target),
                "value": plainly(one.value),
                "is_reached": one.is_reached,
                "records": one.url,
            }
            for one in page.goals
        ],
        "steps": [
            {"id": step.pk, "text": step.text, "due_on": step.due_on, "done_at": step.done_at} for step in page.steps
        ],
    }


def _loaded(request: HttpRequest, plan_id: int) -> ImprovementPlan:
    return load(ImprovementPlan.objects.all(), plan_id, caller(request))


@plans.get("", response=responses(ImprovementPlanList), operation_id="list_improvement_plans")
def list_plans(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the improvement plans that you may see."""
    return listed(request, "improvementplan", _plan)


@plans.post("", response=responses(WholePlanOut, status=201), operation_id="open_improvement_plan")
def open_plan(request: HttpRequest, payload: ImprovementPlanIn) -> HttpResponse:
    """Agree on a plan with somebody."""
    person = caller(request)
    plan = operations.open_improvement_plan(
        owner=visible(Person.objects.all(), payload.owner_id, "owner_id", person),
        reason=payload.reason,
        ends_on=payload.ends_on,
        goals=[operations.GoalDraft(one.metric, one.target) for one in payload.goals],
        steps=[operations.StepDraft(one.text, one.due_on) for one in payload.steps],
        by=person,
        at=now(),
    )
    return answer(_whole(plan, person), status=201)


@plans.get("/{int:plan_id}", response=responses(WholePlanOut), operation_id="get_improvement_plan")
def get_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Read one plan."""
    person = caller(request)
    return answer(_whole(_loaded(request, plan_id), person))


@plans.post("/{int:plan_id}/check-in", response=responses(WholePlanOut), operation_id="check_in_on_plan")
def check_in(request: HttpRequest, plan_id: int, payload: CheckInIn) -> HttpResponse:
    """Say how it goes."""
    person, plan = caller(request), _loaded(request, plan_id)
    operations.check_in_on_plan(plan, text=payload.text, by=person, at=now())
    return answer(_whole(plan, person))


@plans.post("/{int:plan_id}/decide", response=responses(WholePlanOut), operation_id="decide_improvement_plan")
def decide_plan(request: HttpRequest, plan_id: int, payload: DecideIn) -> HttpResponse:
    """Decide a plan whose time is up; its numbers are measured again."""
    person, plan = caller(request), _loaded(request, plan_id)
    operations.decide_improvement_plan(plan, **payload.model_dump(), by=person, at=now())
    return answer(_whole(plan, person))
