"""Which commission plan holds as a part."""

from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.pay import operations as pay
from salesmode.pay.models import PayPlan, PlanAssignment, PlanVersion
from salesmode.pay.models.sale import InForce
from salesmode.people.models import Person, Team


class PlanValue(Strict):
    """Which plan; 0 stands for the newest published one that pays on what is named."""

    plan: int = 0
    pays_on: Literal["won", "signed", "received"] = "received"


def _kind(version: PlanVersion) -> str:
    held = InForce(version.pk, version.plan_id, version.plan.name, version.number, version.document)
    return held.terms.sale_kind


def _resolve(value: Value) -> Value:
    if value["plan"]:
        return value
    published = PlanVersion.objects.filter(status=PlanVersion.Status.PUBLISHED).select_related("plan")
    # A plan that holds for single people only, say for team leads, is none for a whole team.
    standing = PlanAssignment.objects.filter(valid_until=None)
    for_all = standing.filter(person=None).values_list("plan", flat=True)
    personal = set(standing.exclude(person=None).values_list("plan", flat=True)) - set(for_all)
    fitting = (row for row in published.order_by("-pk") if row.plan_id not in personal)
    found = next((row for row in fitting if _kind(row) == value["pays_on"]), None)
    return {**value, "plan": found.plan_id if found else 0}


def _of(team: Team | None) -> PlanAssignment | None:
    return PlanAssignment.objects.filter(team=team, person=None, valid_until=None).order_by("-pk").first()


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = _of(team)
    return {"plan": row.plan_id, "pays_on": value.get("pays_on", "received")} if row else None


def _describe(value: Value) -> str:
    plan = PayPlan.objects.filter(pk=value["plan"]).first()
    if plan is None:
        return _g("Nothing yet: no plan is published that pays on this")
    return _g("Commission by the plan %(plan)s") % {"plan": plan.name}


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    plan = PayPlan.objects.filter(pk=value["plan"]).first()
    if plan is not None:
        pay.assign_plan(plan, team=team, valid_from=day, replacing=True, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    row = _of(team)
    if row is not None:
        pay.withdraw_plan(row, valid_until=max(day, row.valid_from), by=by, at=at)


register(Part("pay.plan", _("Commission plan"), PlanValue, _current, _describe, _apply, _remove, resolve=_resolve))
