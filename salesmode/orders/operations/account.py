"""What follows a customer: its orders and payments know whose account they belong to."""

from collections.abc import Sequence
from datetime import datetime

from salesmode.customers.account import on_account_owner_change, on_customer_merge
from salesmode.orders.models import Order, Payment


@on_account_owner_change
def _follow_the_owner(customer_ids: Sequence[int], owner_id: int | None, at: datetime) -> None:
    Order.objects.filter(customer_id__in=customer_ids).update(account_owner_id=owner_id)
    Payment.objects.filter(order__customer_id__in=customer_ids).update(account_owner_id=owner_id)


@on_customer_merge
def _move_to_the_kept_customer(gone_ids: Sequence[int], kept_id: int, at: datetime) -> None:
    Order.objects.filter(customer_id__in=gone_ids).update(customer_id=kept_id)
