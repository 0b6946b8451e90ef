"""What the customers app tells the world."""

from datetime import datetime
from typing import ClassVar

from salesmode.kernel.events import Event


class CustomerEvent(Event):
    """Something happened to a customer; the facts are the customer's state after it."""

    customer_id: int
    owner_id: int | None = None
    team_id: int | None = None
    type: str = "company"
    source: str = ""
    industry: str = ""
    province: str = ""
    grade: str = ""
    next_contact_at: datetime | None = None


class CustomerCreated(CustomerEvent):
    """We know a customer now."""

    name: ClassVar[str] = "customer.created"
    imported: bool = False


class CustomerAmended(CustomerEvent):
    """A customer's details changed."""

    name: ClassVar[str] = "customer.amended"
    changed: list[str] = []


class CustomerHandedOver(CustomerEvent):
    """A customer has another owner."""

    name: ClassVar[str] = "customer.handed_over"
    former_owner_id: int | None = None
    owned_since: datetime | None = None


class CustomerClaimed(CustomerEvent):
    """Somebody took a customer out of the pool."""

    name: ClassVar[str] = "customer.claimed"


class CustomerReleased(CustomerEvent):
    """A customer went back to the pool."""

    name: ClassVar[str] = "customer.released"
    former_owner_id: int | None = None
    owned_since: datetime | None = None
    reason: str = ""


class CustomerMerged(CustomerEvent):
    """Two records turned out to be the same customer; this is the one that is kept."""

    name: ClassVar[str] = "customer.merged"
    merged_id: int


class CustomerShared(CustomerEvent):
    """A customer is shown to somebody besides its owner."""

    name: ClassVar[str] = "customer.shared"
    person_id: int
    can_write: bool = False


class CustomerUnshared(CustomerEvent):
    """A customer is no longer shown to somebody."""

    name: ClassVar[str] = "customer.unshared"
    person_id: int


class ContactEvent(Event):
    """Something happened to a contact."""

    links: ClassVar[tuple[str, ...]] = ("customer",)
    contact_id: int
    customer_id: int | None = None
    owner_id: int | None = None
    team_id: int | None = None
    is_decision_maker: bool = False


class ContactCreated(ContactEvent):
    """We know somebody at a customer."""

    name: ClassVar[str] = "contact.created"
    imported: bool = False


class ContactAmended(ContactEvent):
    """A contact's details changed."""

    name: ClassVar[str] = "contact.amended"
    changed: list[str] = []


class ContactLeft(ContactEvent):
    """Somebody is no longer with the customer."""

    name: ClassVar[str] = "contact.left"


class InteractionEvent(Event):
    """Something happened to a contact with a customer; what it is about besides is named by kind and id."""

    links: ClassVar[tuple[str, ...]] = ("customer", "contact")
    interaction_id: int
    customer_id: int | None = None
    contact_id: int | None = None
    about_kind: str = ""
    about_id: int | None = None
    by_id: int
    owner_id: int | None = None
    team_id: int | None = None
    channel: str
    is_inbound: bool = False
    occurred_at: datetime
    minutes: int | None = None
    next_contact_at: datetime | None = None
    customer_source: str = ""
    # When the next contact with the customer is planned for, after this.
    planned_at: datetime | None = None

    def related(self) -> list[str]:
        """Name the records on whose timelines this belongs, what it is about among them."""
        about = [f"{self.about_kind}:{self.about_id}"] if self.about_kind and self.about_id is not None else []
        return list(dict.fromkeys([*super().related(), *about]))


class InteractionLogged(InteractionEvent):
    """We spoke with a customer; if that kept an appointment: when it had been due, and how many days late it was."""

    name: ClassVar[str] = "interaction.logged"
    due_at: datetime | None = None
    days_overdue: int | None = None
    imported: bool = False


class InteractionAmended(InteractionEvent):
    """What was written about a contact with a customer was corrected."""

    name: ClassVar[str] = "interaction.amended"
    changed: list[str] = []


class FollowUpScheduled(Event):
    """The next contact with a customer was planned, moved or called off; each customer has one."""

    name: ClassVar[str] = "follow_up.scheduled"
    links: ClassVar[tuple[str, ...]] = ("customer",)
    follow_up_id: int
    customer_id: int
    owner_id: int | None = None
    team_id: int | None = None
    next_contact_at: datetime | None = None
    due_at: datetime | None = None
    days_overdue: int | None = None


class CustomerTagged(CustomerEvent):
    """A customer carries other tags."""

    name: ClassVar[str] = "customer.tagged"
    added: list[str] = []
    removed: list[str] = []
