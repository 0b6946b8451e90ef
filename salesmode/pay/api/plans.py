"""Pay plans for programs."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
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
    expected_version,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.pay import operations, queries
from salesmode.pay.models import PayPlan, PlanAssignment, PlanVersion
from salesmode.pay.models.terms import PlanTerms
from salesmode.people.models import Person, Team

plans = Router(tags=["pay-plans"])


class PayPlanIn(In):
    """A plan to be: its name, and its terms as a typed document."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    description: Text = ""
    terms: PlanTerms


class PlanChange(In):
    """What can change of a plan; other terms begin its next version, as a draft."""

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    description: Text | None = None
    terms: PlanTerms | None = None


class PublishIn(In):
    """When a version is to hold; `from_zero` says that totals are meant to begin anew in the middle of a span."""

    valid_from: date
    valid_until: date | None = None
    from_zero: bool = False


class EndIn(In):
    """The first day on which something holds no more."""

    valid_until: date


class AssignIn(In):
    """For whom a plan is to hold: a person, a team, or with neither the whole company."""

    person_id: Id | None = None
    team_id: Id | None = None
    valid_from: date
    valid_until: date | None = None
    replacing: bool = False


class WithdrawIn(In):
    """Which assignment ends, and when."""

    assignment_id: Id
    valid_until: date


class VersionOut(Schema):
    """One version of a plan's terms."""

    number: int
    status: str
    valid_from: date | None
    valid_until: date | None
    terms: dict[str, Any]
    sentences: list[str]


class AssignmentOut(Schema):
    """For whom a plan holds."""

    id: int
    person_id: int | None
    team_id: int | None
    valid_from: date
    valid_until: date | None


class PayPlanOut(RecordOut):
    """A pay plan."""

    name: str
    description: str
    versions: list[VersionOut]
    assignments: list[AssignmentOut]


class PlanShort(RecordOut):
    """A pay plan in a list."""

    name: str
    description: str


class PayPlanList(Schema):
    """One page of plans."""

    items: list[PlanShort]
    next: str | None


def _short(plan: PayPlan) -> dict[str, Any]:
    return record_fields(plan) | {"name": plan.name, "description": plan.description}


def _plan(plan: PayPlan) -> dict[str, Any]:
    versions = [
        {
            "number": version.number,
            "status": version.status,
            "valid_from": version.valid_from,
            "valid_until": version.valid_until,
            "terms": version.terms,
            "sentences": queries.sentences(version.document),
        }
        for version in plan.versions.order_by("number")
    ]
    fields = ("id", "person_id", "team_id", "valid_from", "valid_until")
    return _short(plan) | {
        "versions": versions,
        "assignments": list(plan.assignments.order_by("valid_from", "pk").values(*fields)),
    }


@plans.get("", response=responses(PayPlanList), operation_id="list_pay_plans")
def list_pay_plans(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List pay plans."""
    return listed(request, "pay_plan", _short)


@plans.post("", response=responses(PayPlanOut, status=201), operation_id="define_plan")
def define_plan(request: HttpRequest, payload: PayPlanIn) -> HttpResponse:
    """Write a plan down; its first version is a draft that pays nobody."""
    person = caller(request)
    given: dict[str, Any] = {"name": payload.name, "description": payload.description, "terms": payload.terms}
    return answer(_plan(operations.define_plan(**given, by=person, at=now())), status=201)


@plans.get("/{int:plan_id}", response=responses(PayPlanOut), operation_id="get_pay_plan")
def get_pay_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Read one plan: its versions, also as sentences, and for whom it holds."""
    return answer(_plan(load(PayPlan.objects.all(), plan_id, caller(request))))


@plans.patch("/{int:plan_id}", response=responses(PayPlanOut), operation_id="amend_plan")
def amend_plan(request: HttpRequest, plan_id: int, payload: PlanChange) -> HttpResponse:
    """Change a plan's name, or the draft of its terms."""
    person = caller(request)
    plan = load(PayPlan.objects.all(), plan_id, person)
    given = {
        name: value
        for name, value in payload.model_dump(exclude_unset=True, exclude={"terms"}).items()
        if value is not None
    }
    plan = operations.amend_plan(
        plan, terms=payload.terms, version=expected_version(request), by=person, at=now(), **given
    )
    return answer(_plan(plan))


@plans.post("/{int:plan_id}/publish", response=responses(PayPlanOut), operation_id="publish_version")
def publish_version(request: HttpRequest, plan_id: int, payload: PublishIn) -> HttpResponse:
    """Let the draft of a plan hold from a day on; where totals would begin from zero within a span, only if so said."""
    person = caller(request)
    plan = load(PayPlan.objects.all(), plan_id, person)
    draft = plan.versions.filter(status=PlanVersion.Status.DRAFT).first()
    if draft is None:
        raise Invalid({"terms": [_("This plan has no draft. Change its terms first.")]})
    operations.publish_version(draft, **payload.model_dump(), by=person, at=now())
    return answer(_plan(plan))


@plans.post("/{int:plan_id}/end", response=responses(PayPlanOut), operation_id="end_version")
def end_version(request: HttpRequest, plan_id: int, payload: EndIn) -> HttpResponse:
    """Let the last published version of a plan end before a day."""
    person = caller(request)
    plan = load(PayPlan.objects.all(), plan_id, person)
    held = plan.versions.filter(status=PlanVersion.Status.PUBLISHED).order_by("-valid_from").first()
    if held is None:
        raise Invalid({"valid_until": [_("No version of this plan is published.")]})
    operations.end_version(held, valid_until=payload.valid_until, by=person, at=now())
    return answer(_plan(plan))


@plans.post("/{int:plan_id}/assign", response=responses(PayPlanOut), operation_id="assign_plan")
def assign_plan(request: HttpRequest, plan_id: int, payload: AssignIn) -> HttpResponse:
    """Let a plan hold for a person, a team or the company."""
    person = caller(request)
    plan = load(PayPlan.objects.all(), plan_id, person)
    team = Team.objects.filter(pk=payload.team_id).first() if payload.team_id else None
    if payload.team_id and team is None:
        raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    whom = {"person": visible(Person.objects.all(), payload.person_id, "person_id", person), "team": team}
    span = payload.model_dump(include={"valid_from", "valid_until", "replacing"})
    operations.assign_plan(plan, **whom, **span, by=person, at=now())
    return answer(_plan(plan))


@plans.post("/{int:plan_id}/withdraw", response=responses(PayPlanOut), operation_id="withdraw_plan")
def withdraw_plan(request: HttpRequest, plan_id: int, payload: WithdrawIn) -> HttpResponse:
    """Let a plan hold for somebody only until before a day."""
    person = caller(request)
    plan = load(PayPlan.objects.all(), plan_id, person)
    row = PlanAssignment.objects.filter(plan=plan, pk=payload.assignment_id).first()
    if row is None:
        raise Invalid({"assignment_id": [_("There is no such record, or you may not see it.")]})
    operations.withdraw_plan(row, valid_until=payload.valid_until, by=person, at=now())
    return answer(_plan(plan))
