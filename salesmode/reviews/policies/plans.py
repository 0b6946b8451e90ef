"""Who may do what to improvement plans."""

from salesmode.people.models import Person
from salesmode.people.permissions import may
from salesmode.reviews.models import ImprovementPlan


def may_open_improvement_plan(by: Person, plan: ImprovementPlan | None = None) -> bool:
    """May this person agree on a plan with somebody: a leader with those below, nobody with themselves?"""
    return may(by, "reviews.open_improvement_plan", plan) and (plan is None or by.pk != plan.owner_id)


def may_check_in_on_plan(by: Person, plan: ImprovementPlan) -> bool:
    """May this person say how it goes?"""
    return may(by, "reviews.check_in_on_plan", plan)


def may_finish_plan_step(by: Person, plan: ImprovementPlan) -> bool:
    """May this person say that a step is done?"""
    return may(by, "reviews.finish_plan_step", plan)


def may_decide_improvement_plan(by: Person, plan: ImprovementPlan) -> bool:
    """May this person say whether a plan was reached? Nobody about themselves."""
    return may(by, "reviews.decide_improvement_plan", plan) and by.pk != plan.owner_id
