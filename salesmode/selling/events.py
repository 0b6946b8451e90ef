"""What the selling app tells the world."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel

from salesmode.kernel.events import Event


class ProcessDefined(Event):
    """A way of selling was written down or changed."""

    name: ClassVar[str] = "process.defined"
    process_id: int
    stage_ids: list[int] = []


class ProcessAmended(Event):
    """A way of selling was changed; stages that are not named any more have been retired."""

    name: ClassVar[str] = "process.amended"
    process_id: int
    stage_ids: list[int] = []
    retired_stage_ids: list[int] = []
    changed: list[str] = []


class LossReasonDefined(Event):
    """A reason that deals are lost for was written down or changed."""

    name: ClassVar[str] = "loss_reason.defined"
    loss_reason_id: int
    is_active: bool = True


class LeadEvent(Event):
    """Something happened to a lead; the facts are the lead's state after it."""

    links: ClassVar[tuple[str, ...]] = ("customer", "deal")
    lead_id: int
    owner_id: int | None = None
    team_id: int | None = None
    source: str = ""
    status: str = "new"
    created_at: datetime
    claimed_at: datetime | None = None
    first_response_at: datetime | None = None
    customer_id: int | None = None
    deal_id: int | None = None


class LeadCreated(LeadEvent):
    """Somebody who might become a customer turned up."""

    name: ClassVar[str] = "lead.created"


class LeadAmended(LeadEvent):
    """A lead's details changed."""

    name: ClassVar[str] = "lead.amended"
    changed: list[str] = []


class LeadClaimed(LeadEvent):
    """Somebody took a lead that waited."""

    name: ClassVar[str] = "lead.claimed"


class LeadReleased(LeadEvent):
    """A lead waits for somebody else again."""

    name: ClassVar[str] = "lead.released"
    former_owner_id: int | None = None


class LeadResponded(LeadEvent):
    """Somebody spoke to a lead for the first time."""

    name: ClassVar[str] = "lead.responded"


class LeadConverted(LeadEvent):
    """A lead became a customer, perhaps with a deal."""

    name: ClassVar[str] = "lead.converted"


class LeadRejected(LeadEvent):
    """A lead was given up."""

    name: ClassVar[str] = "lead.rejected"
    reason: str = ""


class LeadHandedOver(LeadEvent):
    """A lead has another owner."""

    name: ClassVar[str] = "lead.handed_over"
    former_owner_id: int | None = None


class Standing(BaseModel, frozen=True):
    """How an open deal counted in the pipeline until something happened to it."""

    owner_id: int
    stage_id: int
    category: str = ""
    probability: Decimal = Decimal(0)
    company_amount: Decimal = Decimal(0)
    closes_on: date | None = None
    source: str = ""
    product_id: int | None = None
    customer_id: int | None = None


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
    stage_position: int = 0
    province: str = ""
    industry: str = ""
    # How it counted before, if it was open: so that the pipeline of any day is a sum over events.
    former: Standing | None = None


class DealOpened(DealEvent):
    """A chance to sell something came up."""

    name: ClassVar[str] = "deal.opened"


class DealAmended(DealEvent):
    """A deal's details changed."""

    name: ClassVar[str] = "deal.amended"
    changed: list[str] = []
    former_amount: Decimal | None = None
    former_company_amount: Decimal | None = None
    former_closes_on: date | None = None
    former_category: str = ""
    push_count: int = 0


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
    former_decided_at: datetime | None = None


class DealHandedOver(DealEvent):
    """A deal has another owner."""

    name: ClassVar[str] = "deal.handed_over"
    former_owner_id: int
