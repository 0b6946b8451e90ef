"""What happens to improvement plans."""

from datetime import date
from typing import ClassVar

from salesmode.kernel.events import Event


class PlanEvent(Event):
    """Something happened to somebody's improvement plan."""

    improvement_plan_id: int
    person_id: int
    owner_id: int
    team_id: int | None = None
    ends_on: date


class PlanOpened(PlanEvent):
    """Somebody and their manager agreed what to work on."""

    name: ClassVar[str] = "improvement_plan.opened"
    metrics: list[str] = []


class PlanCheckedIn(PlanEvent):
    """One of the two said how it goes."""

    name: ClassVar[str] = "improvement_plan.checked_in"


class PlanStepDone(PlanEvent):
    """A step was done."""

    name: ClassVar[str] = "improvement_plan.step_done"
    step_id: int
    due_on: date
    is_late: bool = False


class PlanDecidedOn(PlanEvent):
    """A plan's time was up: reached, extended or not reached."""

    name: ClassVar[str] = "improvement_plan.decided"
    verdict: str
