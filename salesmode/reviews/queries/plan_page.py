"""An improvement plan as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from salesmode.analytics.links import records_url
from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.models import CheckIn, ImprovementPlan, PlanDecision, PlanGoal, PlanStep
from salesmode.reviews.models.review import period_of
from salesmode.reviews.queries.readings import period_with_days_before, read_people


@dataclass(frozen=True)
class GoalSeen:
    """One goal: where it began, where it stands, and whether that is enough."""

    goal: PlanGoal
    value: Decimal | None
    is_reached: bool | None
    start_url: str
    url: str


@dataclass(frozen=True)
class PlanPage:
    """Everything that a plan's page shows."""

    goals: Sequence[GoalSeen]
    steps: Sequence[PlanStep]
    check_ins: Sequence[CheckIn]
    decisions: Sequence[PlanDecision]
    before: Period
    so_far: Period
    may: Mapping[str, bool] = field(default_factory=dict)


def plan_page(plan: ImprovementPlan, *, seen_by: Person, today: date) -> PlanPage:
    """Return a plan; its numbers as they were decided on, or as they stand today. Five queries, one measurement."""
    whole = period_of(plan.starts_on, plan.ends_on)
    before = period_with_days_before(whole)
    until = min(max(today, plan.starts_on) + timedelta(days=1), plan.ends_on)
    so_far = period_of(plan.starts_on, until) if plan.is_open else whole
    goals = list(plan.goals.order_by("position", "id"))
    values = read_people([goal.metric for goal in goals], [plan.owner_id], so_far) if plan.is_open else {}
    seen = []
    for goal in goals:
        value = values.get((goal.metric, plan.owner_id)) if plan.is_open else goal.end_value
        known, where = REGISTRY.get(goal.metric), {"person": (plan.owner_id,)}
        start_url = records_url(known, before, where) if known else ""
        seen.append(
            GoalSeen(
                goal, value, goal.is_reached_by(value), start_url, records_url(known, so_far, where) if known else ""
            )
        )
    return PlanPage(
        goals=seen,
        steps=list(plan.steps.order_by("due_on", "position", "id")),
        check_ins=list(plan.check_ins.select_related("by").order_by("-made_at", "-id")),
        decisions=list(plan.decisions.select_related("by").order_by("made_at", "id")),
        before=before,
        so_far=so_far,
        may={
            "check_in": plan.is_open and policies.may_check_in_on_plan(seen_by, plan),
            "finish_step": plan.is_open and policies.may_finish_plan_step(seen_by, plan),
            "decide_later": plan.is_open
            and today < plan.ends_on
            and policies.may_decide_improvement_plan(seen_by, plan),
            "decide": plan.is_open and today >= plan.ends_on and policies.may_decide_improvement_plan(seen_by, plan),
        },
    )
