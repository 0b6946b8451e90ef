"""What the customers app tells the world."""

from datetime import date, datetime
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


class ContactErased(ContactEvent):
    """What is personal about a contact is kept no longer: here, on files, and in what was written about them."""

    name: ClassVar[str] = "contact.erased"
    reason: str = ""
    interactions: int = 0
    files: int = 0


class ContactHandedOut(ContactEvent):
    """All that is held about a contact was handed out, as they may ask for it."""

    name: ClassVar[str] = "contact.handed_out"


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


class CustomerLocated(CustomerEvent):
    """Somebody said where a customer is."""

    name: ClassVar[str] = "customer.located"
    visit_id: int | None = None


class VisitEvent(Event):
    """Something happened to a visit; where the visitor was stays with the visit, so that it can be erased."""

    links: ClassVar[tuple[str, ...]] = ("customer",)
    visit_id: int
    customer_id: int
    owner_id: int
    team_id: int | None = None
    grade: str = ""
    type_id: int | None = None
    planned_on: date
    was_planned: bool = True


class VisitPlanned(VisitEvent):
    """Somebody is to go and see a customer."""

    name: ClassVar[str] = "visit.planned"


class VisitAmended(VisitEvent):
    """A planned visit was moved or is about something else."""

    name: ClassVar[str] = "visit.amended"
    changed: list[str] = []
    former_day: date | None = None


class VisitPassedOn(VisitEvent):
    """A planned visit went with its customer to another visitor."""

    name: ClassVar[str] = "visit.passed_on"
    former_owner_id: int


class VisitCalledOff(VisitEvent):
    """A planned visit will not take place."""

    name: ClassVar[str] = "visit.called_off"
    reason: str = ""


class VisitBegun(VisitEvent):
    """Somebody arrived at a customer's."""

    name: ClassVar[str] = "visit.begun"
    has_position: bool = False
    accuracy_m: float | None = None
    distance_m: float | None = None
    is_far: bool = False
    doubt: str = ""


class VisitEnded(VisitEvent):
    """Somebody left a customer, and wrote down what came of it."""

    name: ClassVar[str] = "visit.ended"
    interaction_id: int
    began_at: datetime
    minutes: int
    has_position: bool = False
    distance_m: float | None = None
    is_far: bool = False
    doubt: str = ""
    steps: int = 0
    steps_done: int = 0


class PersonVisitsOrdered(Event):
    """Somebody's visits of a day got an order."""

    name: ClassVar[str] = "person.visits_ordered"
    person_id: int
    day: date
    visits: int
    by_nearness: bool = False


class VisitPlanSet(Event):
    """How often a customer is to be visited in a month was planned or changed; before it was `former`."""

    name: ClassVar[str] = "visit_plan.set"
    links: ClassVar[tuple[str, ...]] = ("customer",)
    visit_plan_id: int
    customer_id: int
    owner_id: int
    team_id: int | None = None
    month: date
    grade: str = ""
    planned: int
    former: int = 0


class VisitRulesSet(Event):
    """The company said how often customers of each grade are visited, and how near a check-in has to be."""

    name: ClassVar[str] = "visit_rules.set"
    visit_rules_id: int
    per_month: dict[str, int]
    radius_m: int


class VisitTypeDefined(Event):
    """The company defined a kind of visit, or changed its steps."""

    name: ClassVar[str] = "visit_type.defined"
    visit_type_id: int
    steps: int
    is_active: bool = True
