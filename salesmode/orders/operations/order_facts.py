"""What every event about an order says: the order's state after it."""

from typing import Any

from salesmode.kernel import search
from salesmode.orders.models import Order


def order_facts(order: Order) -> dict[str, Any]:
    """Return the facts shared by all events of an order."""
    first_line = order.lines.order_by("position", "id").values_list("product_id", flat=True).first()
    return {
        "order_id": order.pk,
        "customer_id": order.customer_id,
        "deal_id": order.deal_id,
        "owner_id": order.owner_id,
        "account_owner_id": order.account_owner_id,
        "team_id": order.owner.team_id,
        "status": order.status,
        "amount": order.amount,
        "currency": order.currency,
        "company_amount": order.company_amount,
        "signed_on": order.signed_on,
        "ends_on": order.ends_on,
        "product_id": first_line,
    }


def index_order(order: Order) -> None:
    """Make an order findable by its number, title and customer, by whoever may see it."""
    search.index_record(
        "order",
        order.pk,
        title=f"{order.number} {order.title}",
        subtitle=order.customer.name,
        owner_id=order.owner_id,
        account_owner_id=order.account_owner_id,
        url=f"/orders/{order.pk}",
    )
