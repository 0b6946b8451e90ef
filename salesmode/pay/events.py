"""What the pay app tells the world."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class PayPlanEvent(Event):
    """Something happened to a pay plan."""

    pay_plan_id: int
    version_id: int | None = None
    number: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class PayPlanDefined(PayPlanEvent):
    """A pay plan was written down."""

    name: ClassVar[str] = "pay_plan.defined"


class PayPlanAmended(PayPlanEvent):
    """A pay plan's name or the draft of its terms changed."""

    name: ClassVar[str] = "pay_plan.amended"
    changed: list[str] = []


class PayPlanPublished(PayPlanEvent):
    """A version of a pay plan holds from a day on."""

    name: ClassVar[str] = "pay_plan.published"


class PayPlanEnded(PayPlanEvent):
    """A version of a pay plan holds no longer than a day."""

    name: ClassVar[str] = "pay_plan.ended"


class PayPlanAssigned(PayPlanEvent):
    """A pay plan holds for a person, a team or the whole company."""

    name: ClassVar[str] = "pay_plan.assigned"
    assignment_id: int
    person_id: int | None = None
    team_id: int | None = None


class PayPlanWithdrawn(PayPlanEvent):
    """A pay plan holds for somebody no longer."""

    name: ClassVar[str] = "pay_plan.withdrawn"
    assignment_id: int
    person_id: int | None = None
    team_id: int | None = None


class CreditShared(Event):
    """It was agreed who shares the credit for a deal or an order."""

    name: ClassVar[str] = "credit_split.agreed"
    links: ClassVar[tuple[str, ...]] = ("deal", "order")
    credit_split_id: int
    deal_id: int | None = None
    order_id: int | None = None
    owner_id: int
    person_ids: list[int] = []


class CommissionPosted(Event):
    """What somebody should have and what the ledger said were made equal."""

    name: ClassVar[str] = "pay_account.posted"
    pay_account_id: int
    owner_id: int
    entries: int
    amount: Decimal
    currency: str
    # What each month of pay and rule was moved by.
    parts: list[tuple[date, str, Decimal]] = []


class PayPeriodClosed(Event):
    """A month of pay was closed: from now on it only changes by corrections in a later one."""

    name: ClassVar[str] = "pay_period.closed"
    pay_period_id: int
    month: date
    statements: int = 0
    amount: Decimal = Decimal(0)
    currency: str = ""


class PaySettingsAmended(Event):
    """When months are closed, or who may look at statements, changed."""

    name: ClassVar[str] = "pay_settings.amended"
    pay_settings_id: int
    changed: list[str] = []


class StatementEvent(Event):
    """Something happened to a statement."""

    statement_id: int
    owner_id: int
    month: date
    amount: Decimal = Decimal(0)
    currency: str = ""


class StatementApproved(StatementEvent):
    """A statement was found to be right."""

    name: ClassVar[str] = "statement.approved"


class StatementSettled(StatementEvent):
    """What a statement says was paid out."""

    name: ClassVar[str] = "statement.settled"


class StatementDisputed(StatementEvent):
    """Somebody asked about an entry of their statement."""

    name: ClassVar[str] = "statement.disputed"
    dispute_id: int
    entry_id: int | None = None


class DisputeAnswered(StatementEvent):
    """A question about a statement was answered, with a correction or without."""

    name: ClassVar[str] = "statement.answered"
    dispute_id: int
    corrected: Decimal | None = None
