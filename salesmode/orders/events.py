"""What the orders app tells the world."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class OrderEvent(Event):
    """Something happened to an order; the facts are its state after it."""

    links: ClassVar[tuple[str, ...]] = ("customer", "deal")
    order_id: int
    customer_id: int
    deal_id: int | None = None
    owner_id: int
    account_owner_id: int | None = None
    team_id: int | None = None
    status: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    company_amount: Decimal = Decimal(0)
    signed_on: date | None = None
    ends_on: date | None = None
    product_id: int | None = None


class OrderDrafted(OrderEvent):
    """An order was written down, to be signed."""

    name: ClassVar[str] = "order.drafted"


class OrderAmended(OrderEvent):
    """An order's details or lines changed."""

    name: ClassVar[str] = "order.amended"
    changed: list[str] = []


class OrderSigned(OrderEvent):
    """A customer signed."""

    name: ClassVar[str] = "order.signed"
    instalments: list[tuple[date, Decimal]] = []


class OrderFulfilled(OrderEvent):
    """Everything ordered was delivered."""

    name: ClassVar[str] = "order.fulfilled"


class OrderHandedOver(OrderEvent):
    """An order that is still to be paid or delivered has another owner."""

    name: ClassVar[str] = "order.handed_over"
    former_owner_id: int


class OrderCancelled(OrderEvent):
    """An order will not be carried out."""

    name: ClassVar[str] = "order.cancelled"
    reason: str = ""


class InstalmentsPlanned(OrderEvent):
    """It was agreed when an order will be paid, and in which parts."""

    name: ClassVar[str] = "order.instalments_planned"
    instalments: list[tuple[date, Decimal]] = []


class PaymentEvent(Event):
    """Money came in or went back."""

    links: ClassVar[tuple[str, ...]] = ("order", "customer", "deal")
    payment_id: int
    order_id: int
    customer_id: int
    deal_id: int | None = None
    owner_id: int
    account_owner_id: int | None = None
    team_id: int | None = None
    amount: Decimal
    currency: str
    company_amount: Decimal
    received_on: date
    method: str = ""


class PaymentReceived(PaymentEvent):
    """A customer paid."""

    name: ClassVar[str] = "payment.received"


class PaymentReversed(PaymentEvent):
    """Money went back to the customer, or had been booked by mistake."""

    name: ClassVar[str] = "payment.reversed"
    reverses_id: int
    reason: str = ""
