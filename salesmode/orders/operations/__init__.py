"""Everything that changes orders and payments."""

from salesmode.orders.operations import account
from salesmode.orders.operations.draft_order import LineDraft, amend_order, draft_order, draft_order_from_deal
from salesmode.orders.operations.hand_over_order import hand_over_order
from salesmode.orders.operations.payments import receive_payment, reverse_payment
from salesmode.orders.operations.sign_order import cancel_order, fulfil_order, plan_instalments, sign_order

__all__ = [
    "LineDraft",
    "account",
    "amend_order",
    "cancel_order",
    "draft_order",
    "draft_order_from_deal",
    "fulfil_order",
    "hand_over_order",
    "plan_instalments",
    "receive_payment",
    "reverse_payment",
    "sign_order",
]
