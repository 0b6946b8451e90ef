"""Plan visits, check in where the customer is, check out with what came of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import (
    CustomerLocated,
    PersonVisitsOrdered,
    VisitAmended,
    VisitBegun,
    VisitCalledOff,
    VisitEnded,
    VisitPassedOn,
    VisitPlanned,
)
from salesmode.customers.models import Contact, Customer, Visit, VisitRules, VisitType
from salesmode.customers.models.interaction import Interaction
from salesmode.customers.models.place import Place, is_place, nearest_first
from salesmode.customers.models.visit import (
    A_DAY,
    AlreadyOnAVisit,
    VisitAlreadyBegun,
    VisitAlreadyPlanned,
    cleaned_answers,
)
from salesmode.customers.operations.facts import customer_facts
from salesmode.customers.operations.interactions import log_interaction
from salesmode.customers.operations.visit_facts import visit_facts
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.operations import attach_file
from salesmode.kernel.periods import day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def plan_visit(
    customer: Customer,
    *,
    owner: Person | None = None,
    planned_on: date,
    type: VisitType | None = None,
    purpose: str = "",
    was_planned: bool = True,
    by: Person,
    at: datetime,
) -> Visit:
    """Plan that somebody goes to see a customer on a day; of several who plan it at once, one does.

    Raises NotAllowed, Invalid for a day that is over or a customer the visitor does not see, CustomerAlreadyMerged,
    VisitAlreadyPlanned.
    """
    owner = owner or by
    require(policies.may_plan_visit(by, owner))
    lock(customer)
    customer.ensure_valid()
    if not Customer.objects.reachable_by(owner).filter(pk=customer.pk).exists():
        raise Invalid({"customer": [_("%(person)s does not see this customer.") % {"person": owner.name}]})
    visit = Visit(customer=customer, owner=owner, planned_on=planned_on, type=type, purpose=purpose.strip())
    visit.was_planned = was_planned
    _ensure_to_come(visit, at=at)
    fit(visit)
    save_planned(visit, at=at)
    record(VisitPlanned(**visit_facts(visit)), by=by, at=at)
    return visit


@transaction.atomic
def amend_visit(visit: Visit, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Visit:
    """Move a planned visit to another day, or say what else it is about.

    Raises NotAllowed, Stale, VisitNotPlanned, VisitAlreadyPlanned, Invalid.
    """
    lock(visit, version=version)
    require(policies.may_plan_visit(by, visit.owner))
    visit.ensure_planned()
    if fixed := set(changes) - {"planned_on", "type", "purpose"}:
        raise Invalid({name: [_("This stays as it was written down.")] for name in sorted(fixed)})
    former_day = visit.planned_on
    names = changed(visit, changes)
    if not names:
        return visit
    if "planned_on" in names:
        _ensure_to_come(visit, at=at)
        visit.stop = None
    fit(visit)
    save_planned(visit, at=at)
    record(VisitAmended(**visit_facts(visit), changed=names, former_day=former_day), by=by, at=at)
    return visit


def save_planned(visit: Visit, *, at: datetime) -> None:
    """Save a planned visit; raises VisitAlreadyPlanned where the same is planned for that day."""
    try:
        with transaction.atomic():
            save(visit, at=at)
    except IntegrityError:
        raise VisitAlreadyPlanned(visit) from None


@transaction.atomic
def call_off_visit(visit: Visit, *, reason: str = "", by: Person, at: datetime, version: int | None = None) -> Visit:
    """Call a planned visit off.

    Raises NotAllowed, Stale, VisitNotPlanned.
    """
    lock(visit, version=version)
    require(policies.may_plan_visit(by, visit.owner))
    visit.ensure_planned()
    visit.status = Visit.Status.CALLED_OFF
    save(visit, at=at)
    record(VisitCalledOff(**visit_facts(visit), reason=reason.strip()[:200]), by=by, at=at)
    return visit


@transaction.atomic
def pass_visits_on(customer: Customer, *, former_owner_id: int | None = None, by: Person, at: datetime) -> list[Visit]:
    """Give the visits to come of a former owner, or of anybody who sees the customer no longer, to its owner.

    Those to a customer in the pool are called off. Told again, nothing is left to do. Raises NotAllowed.
    """
    require(policies.may_pass_visits_on(by))
    lock(customer)
    today = day_of(at, Company.objects.current().zone)
    to_come = Visit.objects.select_for_update(of=("self",)).select_related("owner", "customer")
    to_come = to_come.filter(customer=customer, status=Visit.Status.PLANNED, planned_on__gte=today)
    passed_on = []
    for visit in to_come.exclude(owner=customer.owner).order_by("pk"):
        visitor = visit.owner
        if visitor.pk != former_owner_id and Customer.objects.visible_to(visitor).filter(pk=customer.pk).exists():
            continue
        if customer.owner is None:
            call_off_visit(visit, reason=_("The customer went back to the pool"), by=by, at=at)
            continue
        theirs = Visit.objects.filter(owner=customer.owner, customer=customer, planned_on=visit.planned_on)
        if theirs.filter(status=Visit.Status.PLANNED).exists():
            call_off_visit(visit, reason=_("The new owner goes there on that day already"), by=by, at=at)
            continue
        visit.owner, visit.plan, visit.stop = customer.owner, None, None
        save(visit, at=at)
        record(VisitPassedOn(**visit_facts(visit), former_owner_id=visitor.pk), by=by, at=at)
        passed_on.append(visit)
    return passed_on


@transaction.atomic
def check_in_visit(
    visit: Visit,
    *,
    latitude: float | None = None,
    longitude: float | None = None,
    accuracy_m: float | None = None,
    attachments: Sequence[tuple[str, BinaryIO]] = (),
    by: Person,
    at: datetime,
) -> Visit:
    """Begin a visit where the visitor is, or without a position; of several who try at once, one does.

    Raises NotAllowed, VisitAlreadyBegun, AlreadyOnAVisit, Invalid.
    """
    whole = Visit.objects.select_related("owner", "customer")
    visit.refresh_from_db(from_queryset=whole)
    require(policies.may_check_in(by, visit))
    place: Place | None = None
    if latitude is not None and longitude is not None:
        place = (latitude, longitude)
    before = Visit.objects.filter(owner=visit.owner, checked_in_at__gte=at - A_DAY, latitude__isnull=False)
    radius_m = VisitRules.objects.current().radius_m
    last = before.order_by("-checked_in_at").first()
    visit.mark_checked_in(place=place, accuracy_m=accuracy_m, radius_m=radius_m, before=last, at=at)
    begun = {name: getattr(visit, name) for name in BEGUN}
    still_planned = Visit.objects.filter(pk=visit.pk, status=Visit.Status.PLANNED)
    try:
        with transaction.atomic():
            taken = still_planned.update(**begun, version=F("version") + 1, updated_at=at)
    except IntegrityError:
        raise AlreadyOnAVisit from None
    if not taken:
        raise VisitAlreadyBegun
    visit.refresh_from_db(from_queryset=whole)
    seen = {name: getattr(visit, name) for name in ("accuracy_m", "distance_m", "is_far", "doubt")}
    record(VisitBegun(**visit_facts(visit), has_position=visit.place is not None, **seen), by=by, at=at)
    _attach(visit, attachments, by=by, at=at)
    return visit


BEGUN = ("status", "checked_in_at", "latitude", "longitude", "accuracy_m", "distance_m", "is_far", "doubt")


@transaction.atomic
def begin_visit(
    customer: Customer, *, type: VisitType | None = None, by: Person, at: datetime, **check_in: Any
) -> Visit:
    """Check in at a customer's: to the visit that is planned there today, else to one that nobody planned.

    Raises NotAllowed, AlreadyOnAVisit, Invalid, CustomerAlreadyMerged.
    """
    today = day_of(at, Company.objects.current().zone)
    there = Visit.objects.filter(customer=customer, owner=by, planned_on=today, status=Visit.Status.PLANNED)
    visit = there.order_by("stop", "id").first()
    if visit is None:
        visit = plan_visit(customer, planned_on=today, type=type, was_planned=False, by=by, at=at)
    return check_in_visit(visit, **check_in, by=by, at=at)


@transaction.atomic
def check_out_visit(
    visit: Visit,
    *,
    result: str,
    answers: dict[str, Any] | None = None,
    contact: Contact | None = None,
    next_contact_at: datetime | None = None,
    type: VisitType | None = None,
    keep_position: bool = False,
    attachments: Sequence[tuple[str, BinaryIO]] = (),
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Visit:
    """End a visit: what came of it goes onto the customer's timeline as a contact by visit.

    `type` says what kind of visit it was, with which steps, where nobody had said so.
    Raises NotAllowed, Stale, VisitNotUnderWay, Invalid.
    """
    lock(visit, version=version)
    require(policies.may_check_in(by, visit))
    visit.mark_checked_out(at=at)
    if not result.strip():
        raise Invalid({"result": [_("Write down what came of the visit.")]})
    visit.type = visit.type or type
    steps = visit.type.steps if visit.type else []
    visit.answers = cleaned_answers(steps, answers or {})
    spoken: dict[str, Any] = {
        "happened_at": visit.checked_in_at,
        "minutes": visit.minutes,
        "next_contact_at": next_contact_at,
    }
    visit.interaction = log_interaction(
        visit.customer, contact=contact, channel=Interaction.Channel.VISIT, content=result, **spoken, by=by, at=at
    )
    save(visit, at=at)
    ended: dict[str, Any] = {
        name: getattr(visit, name) for name in ("interaction_id", "minutes", "distance_m", "is_far", "doubt")
    }
    ended["began_at"] = visit.checked_in_at
    done = sum(1 for step in visit.answers if step["value"] not in (None, "", False))
    counts: dict[str, Any] = {"steps": len(visit.answers), "steps_done": done, "has_position": visit.place is not None}
    record(VisitEnded(**visit_facts(visit), **ended, **counts), by=by, at=at)
    _attach(visit, attachments, by=by, at=at)
    if keep_position and visit.place is not None:
        locate_customer(visit.customer, latitude=visit.place[0], longitude=visit.place[1], visit=visit, by=by, at=at)
    return visit


@transaction.atomic
def locate_customer(
    customer: Customer, *, latitude: float, longitude: float, visit: Visit | None = None, by: Person, at: datetime
) -> Customer:
    """Say where a customer is, so that check-ins can be compared with it.

    Raises NotAllowed, Invalid, CustomerAlreadyMerged.
    """
    lock(customer)
    require(policies.may_locate_customer(by, customer))
    customer.ensure_valid()
    if not is_place(latitude, longitude):
        raise Invalid({"latitude": [_("This is not a position on the earth.")]})
    customer.latitude, customer.longitude = latitude, longitude
    save(customer, at=at)
    record(CustomerLocated(**customer_facts(customer), visit_id=visit.pk if visit else None), by=by, at=at)
    return customer


@transaction.atomic
def order_visits(
    owner: Person, *, day: date, order: Sequence[int] | None = None, by: Person, at: datetime
) -> list[Visit]:
    """Put somebody's planned visits of a day in an order: the one given, else always on to the nearest.

    Raises NotAllowed, Invalid when the order names other visits.
    """
    require(policies.may_plan_visit(by, owner))
    rows = Visit.objects.select_for_update(of=("self",)).select_related("customer")
    visits = list(rows.filter(owner=owner, planned_on=day, status=Visit.Status.PLANNED).order_by("stop", "id"))
    if order is None:
        begun = Visit.objects.filter(owner=owner, planned_on=day, latitude__isnull=False).order_by("-checked_in_at")
        last = begun.first()
        places = [visit.customer.position for visit in visits]
        ordered = [visits[index] for index in nearest_first(places, start=last.place if last else None)]
    else:
        by_key = {visit.pk: visit for visit in visits}
        if sorted(order) != sorted(by_key):
            raise Invalid({"order": [_("The day's visits have changed meanwhile. Look at them again.")]})
        ordered = [by_key[key] for key in order]
    for stop, visit in enumerate(ordered, start=1):
        visit.stop = stop
        Visit.objects.filter(pk=visit.pk).update(stop=stop)
    counted: dict[str, Any] = {"person_id": owner.pk, "day": day, "visits": len(ordered), "by_nearness": order is None}
    record(PersonVisitsOrdered(**counted), by=by, at=at)
    return ordered


def _ensure_to_come(visit: Visit, *, at: datetime) -> None:
    today = day_of(at, Company.objects.current().zone)
    if visit.planned_on < today:
        raise Invalid({"planned_on": [_("Choose a day that is still to come.")]})
    if (visit.planned_on - today).days > 3 * 366:
        raise Invalid({"planned_on": [_("This is too far in the future.")]})


def _attach(visit: Visit, attachments: Sequence[tuple[str, BinaryIO]], *, by: Person, at: datetime) -> None:
    for name, content in attachments:
        attach_file(visit, name=name, content=content, by=by, at=at)
