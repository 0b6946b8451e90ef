"""Give orders to somebody else."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.orders import policies
from salesmode.orders.events import OrderHandedOver
from salesmode.orders.models import Order
from salesmode.orders.operations.order_facts import index_order, order_facts
from salesmode.people.models import Person


@transaction.atomic
def hand_over_order(order: Order, *, to: Person, by: Person, at: datetime, version: int | None = None) -> Order:
    """Give an order to somebody else, who sees to its delivery and payment; money already received stays credited.

    Raises NotAllowed, Stale.
    """
    lock(order, version=version)
    require(policies.may_hand_over_order(by, order))
    if order.owner_id == to.pk:
        return order
    former_owner_id, order.owner = order.owner_id, to
    save(order, at=at)
    index_order(order)
    record(OrderHandedOver(**order_facts(order), former_owner_id=former_owner_id), by=by, at=at)
    return order
