"""Say how often customers are visited, and lay a seller's month out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import VisitPlanned, VisitPlanSet, VisitRulesSet, VisitTypeDefined
from salesmode.customers.models import Customer, Visit, VisitPlan, VisitRules, VisitType
from salesmode.customers.models.visit import VisitsPlannedMeanwhile
from salesmode.customers.models.visit_plan import MOST_PER_MONTH, frequency_of, spread
from salesmode.customers.operations.visit_facts import visit_facts
from salesmode.customers.operations.visits import call_off_visit, save_planned
from salesmode.kernel.events import record, record_many
from salesmode.kernel.holidays import is_workday
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import add_months, day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person

MOST_CUSTOMERS = 2_000


@transaction.atomic
def set_visit_rules(
    *, per_month: dict[str, int], radius_m: int, by: Person, at: datetime, version: int | None = None
) -> VisitRules:
    """Say how often customers of each grade are visited a month, and how near a check-in has to be.

    Raises NotAllowed, Stale, Invalid.
    """
    require(policies.may_set_visit_rules(by))
    VisitRules.objects.get_or_create(pk=1, defaults={"created_at": at, "updated_at": at})
    rules = VisitRules.objects.get(pk=1)
    lock(rules, version=version)
    rules.per_month, rules.radius_m = dict(per_month), radius_m
    rules.ensure_valid()
    fit(rules)
    save(rules, at=at)
    record(VisitRulesSet(visit_rules_id=1, per_month=rules.per_month, radius_m=radius_m), by=by, at=at)
    return rules


@transaction.atomic
def define_visit_type(
    kind: VisitType | None = None,
    *,
    name: str,
    steps: Sequence[dict[str, str]] = (),
    is_active: bool = True,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> VisitType:
    """Define a kind of visit with its steps, or change one; visits that took place keep the steps they had.

    Raises NotAllowed, Stale, Invalid.
    """
    require(policies.may_set_visit_rules(by))
    if kind is None:
        kind = VisitType()
    else:
        lock(kind, version=version)
    kind.name, kind.steps, kind.is_active = name.strip(), [dict(step) for step in steps], is_active
    kind.ensure_valid()
    fit(kind)
    try:
        with transaction.atomic():
            save(kind, at=at)
    except IntegrityError:
        raise Invalid({"name": [_("There is a kind of visit of that name.")]}) from None
    defined: dict[str, Any] = {"visit_type_id": kind.pk, "steps": len(kind.steps), "is_active": is_active}
    record(VisitTypeDefined(**defined), by=by, at=at)
    return kind


@transaction.atomic
def plan_month(owner: Person, *, month: date, by: Person, at: datetime) -> list[VisitPlan]:
    """Lay somebody's visits of a month out: their customers as often as their grade asks, over the working days left.

    Customers that are planned already stay as they are, so that it can be asked for again.

    Raises NotAllowed, Invalid, VisitsPlannedMeanwhile.
    """
    require(policies.may_plan_visit(by, owner))
    # One at a time for each seller: a second one waits, and finds everything planned.
    Person.objects.select_for_update().get(pk=owner.pk)
    first = month.replace(day=1)
    days = _days_left(first, at=at)
    if not days:
        raise Invalid({"month": [_("This month has no working days left.")]})
    per_month = VisitRules.objects.current().per_month
    known = VisitPlan.objects.filter(owner=owner, month=first).values("customer")
    wanted = [grade for grade, often in per_month.items() if often]
    customers = Customer.objects.filter(owner=owner, merged_into=None, grade__in=wanted).exclude(pk__in=known)
    load, taken = _load(owner, first), _taken(owner, first)
    plans: list[VisitPlan] = []
    visits: list[Visit] = []
    for customer in customers.order_by("grade", "id")[:MOST_CUSTOMERS]:
        free = [day for day in days if day not in taken[customer.pk]]
        chosen = spread(frequency_of(customer, per_month), free, load)
        plan = VisitPlan(owner=owner, customer=customer, month=first, grade=customer.grade, planned=len(chosen))
        plan.created_at = plan.updated_at = at
        plans.append(plan)
        visits += [_visit(plan, day, at=at) for day in chosen]
    VisitPlan.objects.bulk_create(plans)
    try:
        with transaction.atomic():
            Visit.objects.bulk_create(visits)
    except IntegrityError:
        raise VisitsPlannedMeanwhile from None
    record_many([(VisitPlanSet(**_facts(plan)), at) for plan in plans], by=by)
    record_many([(VisitPlanned(**visit_facts(visit)), at) for visit in visits], by=by)
    return plans


@transaction.atomic
def set_visit_plan(
    customer: Customer, *, owner: Person, month: date, planned: int, by: Person, at: datetime
) -> VisitPlan:
    """Plan how often a customer is visited in a month; visits are laid out or called off to match, the last first.

    Raises NotAllowed, Invalid, VisitAlreadyPlanned.
    """
    require(policies.may_plan_visit(by, owner))
    Person.objects.select_for_update().get(pk=owner.pk)
    customer.ensure_valid()
    if not Customer.objects.visible_to(owner).filter(pk=customer.pk).exists():
        raise Invalid({"customer": [_("%(person)s does not see this customer.") % {"person": owner.name}]})
    if not 0 <= planned <= MOST_PER_MONTH:
        raise Invalid({"planned": [_("Choose a number from 0 to %(most)s.") % {"most": MOST_PER_MONTH}]})
    first = month.replace(day=1)
    plan = VisitPlan.objects.filter(owner=owner, customer=customer, month=first).first()
    plan = plan or VisitPlan(owner=owner, customer=customer, month=first, grade=customer.grade, planned=0)
    former = plan.planned
    if plan.pk is not None and former == planned:
        return plan
    standing = list(plan.visits.standing().order_by("planned_on", "id")) if plan.pk else []  # type: ignore[attr-defined]
    taken = {visit.planned_on for visit in standing} | _taken(owner, first)[customer.pk]
    free = [day for day in _days_left(first, at=at) if day not in taken]
    if planned > len(standing) + len(free):
        most = {"most": len(standing) + len(free)}
        raise Invalid({"planned": [_("The days left in this month hold %(most)s visits.") % most]})
    plan.planned = planned
    save(plan, at=at)
    record(VisitPlanSet(**_facts(plan, former=former)), by=by, at=at)
    for visit in [each for each in reversed(standing) if each.is_planned][: max(len(standing) - planned, 0)]:
        call_off_visit(visit, reason=_("Planned less often"), by=by, at=at)
    for day in spread(max(planned - len(standing), 0), free, _load(owner, first)):
        visit = _visit(plan, day, at=at)
        save_planned(visit, at=at)
        record(VisitPlanned(**visit_facts(visit)), by=by, at=at)
    return plan


def _days_left(first: date, *, at: datetime) -> list[date]:
    company = Company.objects.current()
    begin, until = max(first, day_of(at, company.zone)), add_months(first, 1)
    days = [begin + timedelta(days=number) for number in range((until - begin).days)]
    return [day for day in days if is_workday(day, company.country)]


def _load(owner: Person, first: date) -> Counter[date]:
    planned = Visit.objects.standing().filter(owner=owner, planned_on__gte=first, planned_on__lt=add_months(first, 1))
    return Counter(planned.values_list("planned_on", flat=True))


def _taken(owner: Person, first: date) -> dict[int, set[date]]:
    """Return the days of a month on which somebody goes to see a customer already, by customer."""
    until = add_months(first, 1)
    found: dict[int, set[date]] = defaultdict(set)
    rows = Visit.objects.standing().filter(owner=owner, planned_on__gte=first, planned_on__lt=until)
    for customer_id, day in rows.values_list("customer", "planned_on"):
        found[customer_id].add(day)
    return found


def _visit(plan: VisitPlan, day: date, *, at: datetime) -> Visit:
    visit = Visit(owner=plan.owner, customer=plan.customer, plan=plan, planned_on=day)
    visit.created_at = visit.updated_at = at
    return visit


def _facts(plan: VisitPlan, *, former: int = 0) -> dict[str, Any]:
    return {
        "visit_plan_id": plan.pk,
        "customer_id": plan.customer_id,
        "owner_id": plan.owner_id,
        "team_id": plan.owner.team_id,
        "month": plan.month,
        "grade": plan.grade,
        "planned": plan.planned,
        "former": former,
    }
