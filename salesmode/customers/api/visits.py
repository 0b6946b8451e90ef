"""Visits and plans of visits for programs, the phone's among them."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from salesmode.customers import operations
from salesmode.customers.models import Contact, Customer, Visit, VisitPlan, VisitType
from salesmode.customers.models.visit_plan import MOST_PER_MONTH
from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Paging,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    listed,
    load,
    paged,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person

visits = Router(tags=["visits"])


class VisitIn(In):
    """A visit to be; the visitor is whoever asks unless named."""

    customer_id: Id
    owner_id: Id | None = None
    planned_on: date
    type_id: Id | None = None
    purpose: Line = ""


class VisitChange(In):
    """What can change until a visit begins."""

    planned_on: date | None = None
    type_id: Id | None = None
    purpose: Line | None = None


class VisitReasonIn(In):
    """Why a visit will not take place."""

    reason: Line = ""


class PositionIn(In):
    """Where the phone is; without it, the check-in is kept and marked."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    accuracy_m: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] | None = None


class WalkInIn(PositionIn):
    """A check-in at a customer's, planned or not."""

    customer_id: Id


class CheckOutIn(In):
    """What came of a visit; answers go by the labels of the steps."""

    result: Annotated[Text, Field(min_length=1, max_length=20_000)]
    answers: dict[Line, bool | float | Text | None] = {}
    contact_id: Id | None = None
    next_contact_at: AwareDatetime | None = None
    keep_position: bool = False


class MonthIn(In):
    """Whose month to lay out."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    owner_id: Id | None = None


class VisitPlanIn(MonthIn):
    """How often a customer is to be visited in a month."""

    customer_id: Id
    planned: Annotated[int, Field(ge=0, le=MOST_PER_MONTH)]


class VisitOut(RecordOut):
    """A visit."""

    customer_id: int
    owner_id: int
    type_id: int | None
    planned_on: date
    purpose: str
    status: str
    was_planned: bool
    stop: int | None
    checked_in_at: AwareDatetime | None
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    distance_m: float | None
    is_far: bool
    doubt: str
    checked_out_at: AwareDatetime | None
    minutes: int | None
    answers: list[dict[str, Any]]
    interaction_id: int | None
    custom: dict[str, Any]


class VisitList(Schema):
    """One page of visits."""

    items: list[VisitOut]
    next: str | None


class VisitPlanOut(RecordOut):
    """How often a customer is to be visited in a month."""

    customer_id: int
    owner_id: int
    month: date
    grade: str
    planned: int


class VisitPlans(Schema):
    """One page of a month's plan."""

    items: list[VisitPlanOut]
    next: str | None


class VisitPlansAsked(PlainPaging):
    """Whose plan of which month; without a month, this one's."""

    month: Annotated[str, Field(max_length=30)] = "this-month"
    owner_id: Id | None = None


def _visit(visit: Visit) -> dict[str, Any]:
    names = [name for name in VisitOut.model_fields if name not in RecordOut.model_fields and name != "custom"]
    return record_fields(visit) | {name: getattr(visit, name) for name in names}


def _plan(plan: VisitPlan) -> dict[str, Any]:
    names = ("customer_id", "owner_id", "month", "grade", "planned")
    return record_fields(plan) | {name: getattr(plan, name) for name in names}


def _person(request: HttpRequest) -> Person:
    return caller(request)


def _type(key: int | None) -> VisitType | None:
    if key is None:
        return None
    found = VisitType.objects.filter(pk=key, is_active=True).first()
    if found is None:
        raise Invalid({"type_id": [_("There is no such kind of visit.")]})
    return found  # type: ignore[return-value]


def _month(given: MonthIn) -> date:
    return Period.parse(given.month).first


@visits.get("", response=responses(VisitList), operation_id="list_visits")
def list_visits(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the visits that you may see."""
    return listed(request, "visit", _visit)


@visits.post("", response=responses(VisitOut, status=201), operation_id="plan_visit")
def plan_visit(request: HttpRequest, payload: VisitIn) -> HttpResponse:
    """Plan a visit."""
    person = _person(request)
    made = operations.plan_visit(
        visible(Customer.objects.all(), payload.customer_id, "customer_id", person),
        owner=visible(Person.objects.all(), payload.owner_id, "owner_id", person),
        planned_on=payload.planned_on,
        type=_type(payload.type_id),
        purpose=payload.purpose,
        by=person,
        at=now(),
    )
    return answer(_visit(made), status=201)


@visits.post("/check-in", response=responses(VisitOut, status=201), operation_id="begin_visit")
def begin_visit(request: HttpRequest, payload: WalkInIn) -> HttpResponse:
    """Check in at a customer's: to the visit planned there today, else to one that nobody planned."""
    person = _person(request)
    customer = visible(Customer.objects.all(), payload.customer_id, "customer_id", person)
    position = payload.model_dump(exclude={"customer_id"})
    return answer(_visit(operations.begin_visit(customer, **position, by=person, at=now())), status=201)


@visits.get("/plans", response=responses(VisitPlans), operation_id="list_visit_plans")
def list_visit_plans(request: HttpRequest, asked: Query[VisitPlansAsked]) -> HttpResponse:
    """List how often customers are to be visited in a month."""
    person = _person(request)
    rows = VisitPlan.objects.visible_to(person).filter(month=Period.parse(asked.month).first.replace(day=1))
    if asked.owner_id is not None:
        rows = rows.filter(owner=visible(Person.objects.all(), asked.owner_id, "owner_id", person))
    return paged(request, rows, _plan)


@visits.post("/plans", response=responses(VisitPlanOut), operation_id="set_visit_plan")
def set_visit_plan(request: HttpRequest, payload: VisitPlanIn) -> HttpResponse:
    """Plan how often a customer is visited in a month; visits are laid out or called off to match."""
    person = _person(request)
    customer = visible(Customer.objects.all(), payload.customer_id, "customer_id", person)
    owner = visible(Person.objects.all(), payload.owner_id, "owner_id", person) or person
    given: dict[str, Any] = {"owner": owner, "month": _month(payload), "planned": payload.planned}
    return answer(_plan(operations.set_visit_plan(customer, **given, by=person, at=now())))


@visits.post("/plan-month", response=responses(VisitPlans), operation_id="plan_month")
def plan_month(request: HttpRequest, payload: MonthIn) -> HttpResponse:
    """Lay a month out from the frequencies of grades; what is planned already stays."""
    person = _person(request)
    owner = visible(Person.objects.all(), payload.owner_id, "owner_id", person) or person
    plans = operations.plan_month(owner, month=_month(payload), by=person, at=now())
    return answer({"items": [_plan(plan) for plan in plans], "next": None})


@visits.get("/{int:visit_id}", response=responses(VisitOut), operation_id="get_visit")
def get_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Read one visit."""
    return answer(_visit(load(Visit.objects.all(), visit_id, _person(request))))


@visits.patch("/{int:visit_id}", response=responses(VisitOut), operation_id="amend_visit")
def amend_visit(request: HttpRequest, visit_id: int, payload: VisitChange) -> HttpResponse:
    """Move a planned visit, or say what else it is about."""
    visit = load(Visit.objects.all(), visit_id, _person(request))
    version = expected_version(request)
    given = payload.model_dump(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None and name != "type_id"}
    if "type_id" in given:
        changes["type"] = _type(given["type_id"])
    return answer(_visit(operations.amend_visit(visit, version=version, by=_person(request), at=now(), **changes)))


@visits.post("/{int:visit_id}/call-off", response=responses(VisitOut), operation_id="call_off_visit")
def call_off_visit(request: HttpRequest, visit_id: int, payload: VisitReasonIn) -> HttpResponse:
    """Call a planned visit off."""
    visit = load(Visit.objects.all(), visit_id, _person(request))
    return answer(_visit(operations.call_off_visit(visit, reason=payload.reason, by=_person(request), at=now())))


@visits.post("/{int:visit_id}/check-in", response=responses(VisitOut), operation_id="check_in_visit")
def check_in_visit(request: HttpRequest, visit_id: int, payload: PositionIn) -> HttpResponse:
    """Check in to a planned visit; of several who try at once, one does."""
    visit = load(Visit.objects.all(), visit_id, _person(request))
    return answer(_visit(operations.check_in_visit(visit, **payload.model_dump(), by=_person(request), at=now())))


@visits.post("/{int:visit_id}/check-out", response=responses(VisitOut), operation_id="check_out_visit")
def check_out_visit(request: HttpRequest, visit_id: int, payload: CheckOutIn) -> HttpResponse:
    """Check out with what came of the visit; it goes onto the customer's timeline."""
    person = _person(request)
    visit = load(Visit.objects.all(), visit_id, person)
    given = payload.model_dump(exclude={"contact_id"})
    contact = visible(Contact.objects.all(), payload.contact_id, "contact_id", person)
    return answer(_visit(operations.check_out_visit(visit, contact=contact, **given, by=person, at=now())))
