"""Agree on improvement plans, follow them, and decide them when their time is up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period, day_of
from salesmode.kernel.refusals import Invalid, NotFound
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.plans import PlanCheckedIn, PlanDecidedOn, PlanOpened, PlanStepDone
from salesmode.reviews.models import CheckIn, ImprovementPlan, PlanDecision, PlanGoal, PlanStep
from salesmode.reviews.models.outcomes import personal_metric
from salesmode.reviews.models.review import period_of
from salesmode.reviews.operations.facts import plan_facts
from salesmode.reviews.queries.readings import period_with_days_before, read_people

MOST = 20
VERDICTS = PlanDecision.Verdict


@dataclass(frozen=True)
class GoalDraft:
    """A number and what it is to reach."""

    metric: str
    target: Decimal


@dataclass(frozen=True)
class StepDraft:
    """Something to do, until a day."""

    text: str
    due_on: date


@transaction.atomic
def open_improvement_plan(
    *,
    owner: Person,
    reason: str,
    ends_on: date,
    goals: Sequence[GoalDraft],
    steps: Sequence[StepDraft] = (),
    starts_on: date | None = None,
    by: Person,
    at: datetime,
) -> ImprovementPlan:
    """Agree with somebody on what to work on; where they start is measured over as many days before.

    Raises NotAllowed, Invalid.
    """
    plan = ImprovementPlan(owner=owner, leader=by, reason=reason.strip(), ends_on=ends_on)
    require(policies.may_open_improvement_plan(by, plan))
    plan.starts_on = starts_on or day_of(at, Company.objects.current().zone)
    _check(plan, goals, steps)
    fit(plan)
    save(plan, at=at)
    before = period_with_days_before(period_of(plan.starts_on, plan.ends_on))
    values = read_people([goal.metric for goal in goals], [owner.pk], before)
    rows = [
        PlanGoal(
            plan=plan,
            metric=goal.metric,
            target=goal.target,
            start_value=values.get((goal.metric, owner.pk)),
            position=place,
        )
        for place, goal in enumerate(goals)
    ]
    todo = [PlanStep(plan=plan, text=step.text, due_on=step.due_on, position=place) for place, step in enumerate(steps)]
    for row in (*rows, *todo):
        fit(row)
    PlanGoal.objects.bulk_create(rows)
    PlanStep.objects.bulk_create(todo)
    record(PlanOpened(**plan_facts(plan), metrics=[goal.metric for goal in goals]), by=by, at=at)
    return plan


def _check(plan: ImprovementPlan, goals: Sequence[GoalDraft], steps: Sequence[StepDraft]) -> None:
    wrong: dict[str, list[str]] = {}
    if not plan.reason:
        wrong["reason"] = [_("Say why.")]
    if plan.ends_on <= plan.starts_on:
        wrong["ends_on"] = [_("A plan ends after it begins.")]
    if not goals or len(goals) > MOST or len({goal.metric for goal in goals}) < len(goals):
        wrong["goals"] = [_("Name at least one number that is to become better, each once.")]
    if len(steps) > MOST or any(not step.text.strip() for step in steps):
        wrong["steps"] = [_("Say what is to be done, in at most %(most)s steps.") % {"most": MOST}]
    if any(not plan.starts_on <= step.due_on <= plan.ends_on for step in steps):
        wrong["steps"] = [_("Each step is due while the plan runs.")]
    if wrong:
        raise Invalid(wrong)
    for goal in goals:
        personal_metric(goal.metric, field="goals")


@transaction.atomic
def check_in_on_plan(plan: ImprovementPlan, *, text: str, by: Person, at: datetime) -> CheckIn:
    """Say how it goes.

    Raises NotAllowed, PlanDecided, Invalid without a word.
    """
    lock(plan)
    require(policies.may_check_in_on_plan(by, plan))
    plan.must_run()
    if not text.strip():
        raise Invalid({"text": [_("Say it in your own words.")]})
    row = CheckIn(plan=plan, text=text.strip(), by=by, made_at=at)
    fit(row)
    row.save()
    record(PlanCheckedIn(**plan_facts(plan)), by=by, at=at)
    return row


@transaction.atomic
def finish_plan_step(plan: ImprovementPlan, *, step: PlanStep, by: Person, at: datetime) -> PlanStep:
    """Say that a step is done; said again, it stays as it was.

    Raises NotAllowed, PlanDecided, NotFound for a step of another plan.
    """
    lock(plan)
    require(policies.may_finish_plan_step(by, plan))
    plan.must_run()
    if step.plan_id != plan.pk:
        raise NotFound
    if PlanStep.objects.filter(pk=step.pk, done_at=None).update(done_at=at):
        is_late = day_of(at, Company.objects.current().zone) > step.due_on
        event = PlanStepDone(**plan_facts(plan), step_id=step.pk, due_on=step.due_on, is_late=is_late)
        record(event, by=by, at=at)
    step.refresh_from_db()
    return step


@transaction.atomic
def decide_improvement_plan(
    plan: ImprovementPlan,
    *,
    verdict: str,
    note: str = "",
    ends_on: date | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> ImprovementPlan:
    """Decide on the end day or later, with the numbers measured again: reached, not reached, or extended to a day.

    Raises NotAllowed, Stale, PlanDecided, PlanNotOver, Invalid.
    """
    lock(plan, version=version)
    require(policies.may_decide_improvement_plan(by, plan))
    today = day_of(at, Company.objects.current().zone)
    plan.must_be_over(today=today)
    if verdict not in VERDICTS.values:
        raise Invalid({"verdict": [_("Reached, extended or not reached.")]})
    period = period_of(plan.starts_on, plan.ends_on)
    measured = _measured_again(plan, period)
    if verdict == VERDICTS.EXTENDED:
        if ends_on is None or ends_on <= today:
            raise Invalid({"ends_on": [_("Say until which day after today.")]})
        former, plan.ends_on = plan.ends_on, ends_on
    else:
        former = plan.ends_on
        plan.mark_decided(verdict, today=today, at=at)
    row = PlanDecision(plan=plan, verdict=verdict, note=note, ends_on=former, measured=measured, by=by, made_at=at)
    fit(row)
    row.save()
    save(plan, at=at)
    record(PlanDecidedOn(**plan_facts(plan), verdict=verdict), by=by, at=at)
    return plan


def _measured_again(plan: ImprovementPlan, period: Period) -> dict[str, str | None]:
    goals = list(plan.goals.order_by("position", "id"))
    values = read_people([goal.metric for goal in goals], [plan.owner_id], period)
    measured: dict[str, str | None] = {}
    for goal in goals:
        goal.end_value = values.get((goal.metric, plan.owner_id))
        goal.save(update_fields=["end_value"])
        measured[str(goal.pk)] = None if goal.end_value is None else f"{goal.end_value:f}"
    return measured
