"""Say for whom a plan holds, and take it back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.kernel.wording import day as said_day
from salesmode.pay import policies
from salesmode.pay.events import PayPlanAssigned, PayPlanWithdrawn
from salesmode.pay.models import PayPlan, PlanAssignment
from salesmode.pay.operations.staleness import mark_everybody_stale
from salesmode.people.models import Person, Team


@transaction.atomic
def assign_plan(
    plan: PayPlan,
    *,
    person: Person | None = None,
    team: Team | None = None,
    valid_from: date,
    valid_until: date | None = None,
    replacing: bool = False,
    by: Person,
    at: datetime,
) -> PlanAssignment:
    """Let a plan hold for a person, a team with all below it, or (with neither) the whole company, from a day on.

    `replacing` ends what holds there now on that day; without it an overlap is refused.

    Raises NotAllowed, Invalid when another plan holds for the same person or team on one of the days.
    """
    require(policies.may_assign_plan(by))
    if person is not None and team is not None:
        raise Invalid({"team": [_("Choose a person or a team, not both.")]})
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid({"valid_until": [_("This is not after the first day.")]})
    lock(plan)
    row = PlanAssignment(plan=plan, person=person, team=team, valid_from=valid_from, valid_until=valid_until)
    same = PlanAssignment.objects.filter(person=person, team=team).select_related("plan", "person", "team")
    for other in same.select_for_update(of=("self",)).order_by("valid_from"):
        if other.valid_until is not None and other.valid_until <= valid_from:
            continue
        if valid_until is not None and valid_until <= other.valid_from:
            continue
        if replacing and other.valid_from <= valid_from:
            if other.plan_id == plan.pk and other.valid_until == valid_until:
                return other
            _end(other, valid_from, by=by, at=at)
            continue
        raise Invalid({"valid_from": [_in_the_way(other)]})
    try:
        with transaction.atomic():
            save(row, at=at)
    except IntegrityError:
        raise Invalid({"valid_from": [_("Another plan holds on one of these days.")]}) from None
    mark_everybody_stale()
    record(PayPlanAssigned(**_facts(row)), by=by, at=at)
    return row


@transaction.atomic
def withdraw_plan(assignment: PlanAssignment, *, valid_until: date, by: Person, at: datetime) -> PlanAssignment:
    """Let a plan hold for somebody only until before a day; on its first day, it never held.

    Raises NotAllowed, Invalid for a day before it began.
    """
    lock(assignment)
    require(policies.may_assign_plan(by))
    if valid_until < assignment.valid_from:
        raise Invalid({"valid_until": [_("This is before the first day.")]})
    if assignment.valid_until is not None and valid_until > assignment.valid_until:
        raise Invalid({"valid_until": [_("It ends earlier already.")]})
    assignment.valid_until = valid_until
    save(assignment, at=at)
    mark_everybody_stale()
    record(PayPlanWithdrawn(**_facts(assignment)), by=by, at=at)
    return assignment


def _end(row: PlanAssignment, day: date, *, by: Person, at: datetime) -> None:
    row.valid_until = day
    save(row, at=at)
    record(PayPlanWithdrawn(**_facts(row)), by=by, at=at)


def _facts(row: PlanAssignment) -> dict[str, Any]:
    return {
        "pay_plan_id": row.plan_id,
        "assignment_id": row.pk,
        "person_id": row.person_id,
        "team_id": row.team_id,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def _in_the_way(other: PlanAssignment) -> str:
    said = {
        "plan": other.plan.name,
        "whose": other.whose,
        "first": said_day(other.valid_from),
        "until": said_day(other.valid_until),
    }
    if other.valid_until is None:
        return _("%(plan)s holds for %(whose)s since %(first)s until further notice. End that first.") % said
    return _("%(plan)s holds for %(whose)s from %(first)s until before %(until)s. Choose other days.") % said
