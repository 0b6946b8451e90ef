"""What the selling app tells the world."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class ProcessDefined(Event):
    """A way of selling was written down or changed."""

    name: ClassVar[str] = "process.defined"
    process_id: int
    stage_ids: list[int] = []


class DealEvent(Event):
    """Something happened to a deal; the facts are the deal's state after it."""

    links: ClassVar[tuple[str, ...]] = ("customer", "contact")
    deal_id: int
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int
    account_owner_id: int | None = None
    team_id: int | None = None
    process_id: int
    stage_id: int
    category: str = ""
    probability: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    currency: str = ""
    company_amount: Decimal = Decimal(0)
    closes_on: date | None = None
    source: str = ""
    product_id: int | None = None
    opened_at: datetime
    outcome: str = "open"


class DealOpened(DealEvent):
    """A chance to sell something came up."""

    name: ClassVar[str] = "deal.opened"


class DealAmended(DealEvent):
    """A deal's details changed."""

    name: ClassVar[str] = "deal.amended"
    changed: list[str] = []
    former_company_amount: Decimal | None = None
    former_closes_on: date | None = None


class DealMoved(DealEvent):
    """A deal entered another stage; the stage it left and since when it was there are kept."""

    name: ClassVar[str] = "deal.moved"
    from_stage_id: int
    entered_at: datetime


class DealDecided(DealEvent):
    """A deal ended, one way or the other; the stage it was in and since when are kept."""

    entered_at: datetime


class DealWon(DealDecided):
    """A customer said yes."""

    name: ClassVar[str] = "deal.won"


class DealLost(DealDecided):
    """A customer said no, or nothing."""

    name: ClassVar[str] = "deal.lost"
    loss_reason_id: int | None = None
    competitor: str = ""


class DealReopened(DealEvent):
    """A decided deal came back."""

    name: ClassVar[str] = "deal.reopened"
    former_outcome: str


class DealHandedOver(DealEvent):
    """A deal has another owner."""

    name: ClassVar[str] = "deal.handed_over"
    former_owner_id: int
