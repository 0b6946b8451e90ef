"""Who may do what to orders and payments."""

from salesmode.orders.models import Order, Payment
from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_draft_order(by: Person) -> bool:
    """May this person write orders?"""
    return may(by, "orders.draft_order")


def may_amend_order(by: Person, order: Order) -> bool:
    """May this person change an order that is not signed yet?"""
    return may(by, "orders.amend_order", order)


def may_sign_order(by: Person, order: Order) -> bool:
    """May this person record that the customer signed, or that all is delivered?"""
    return may(by, "orders.sign_order", order)


def may_cancel_order(by: Person, order: Order) -> bool:
    """May this person cancel an order?"""
    return may(by, "orders.cancel_order", order)


def may_hand_over_order(by: Person, order: Order) -> bool:
    """May this person give an order to somebody else?"""
    return may(by, "orders.hand_over_order", order)


def may_receive_payment(by: Person, order: Order) -> bool:
    """May this person record money that came in?"""
    return may(by, "orders.receive_payment", order)


def may_reverse_payment(by: Person, payment: Payment) -> bool:
    """May this person take a payment back?"""
    return may(by, "orders.reverse_payment", payment)
