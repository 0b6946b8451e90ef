"""What the customers app tells the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class CustomerEvent(Event):
    """Something happened to a customer."""

    customer_id: int
    owner_id: int | None = None
    team_id: int | None = None
    type: str = "company"
    source: str = ""
    industry: str = ""
    province: str = ""
    grade: str = ""


class CustomerCreated(CustomerEvent):
    """We know a customer now."""

    name: ClassVar[str] = "customer.created"
