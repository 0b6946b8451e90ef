"""What the forecasts app tells the world."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class ForecastSubmitted(Event):
    """Somebody said what will be won in a period: for themselves, for somebody they lead, a team or the company."""

    name: ClassVar[str] = "forecast.submitted"
    forecast_id: int
    person_id: int | None = None
    team_id: int | None = None
    # Who answers for it: the person, or the team's lead.
    owner_id: int | None = None
    submitted_by_id: int
    is_own: bool = True
    first_on: date
    until_on: date
    number: int
    amount: Decimal
    best_case: Decimal | None = None
    currency: str
    rolled_up: Decimal
    closed: Decimal


class CycleEvent(Event):
    """Something was decided about when forecasts are submitted."""

    cycle_id: int
    team_id: int | None = None
    since: date


class CycleSet(CycleEvent):
    """From a day on, a team or the company submits its forecast every week at a time."""

    name: ClassVar[str] = "cycle.set"
    weekday: int
    clock: str
    grain: str


class CycleWithdrawn(CycleEvent):
    """From a day on, a team or the company has no submission time of its own any more."""

    name: ClassVar[str] = "cycle.withdrawn"


class InspectionEvent(Event):
    """Something was decided about what deals are inspected for."""

    inspection_id: int
    team_id: int | None = None
    since: date


class InspectionSet(InspectionEvent):
    """From a day on, a team or the company is warned of some things, each from its own threshold on."""

    name: ClassVar[str] = "inspection.set"
    limits: dict[str, int] = {}
    off: list[str] = []


class InspectionWithdrawn(InspectionEvent):
    """From a day on, a team or the company has no warnings of its own choosing any more."""

    name: ClassVar[str] = "inspection.withdrawn"


class DealAttended(Event):
    """A deal that stood under warnings was dealt with: moved, rescheduled, decided, or its customer spoken with."""

    name: ClassVar[str] = "deal.attended"
    deal_id: int
    owner_id: int
    codes: list[str] = []
