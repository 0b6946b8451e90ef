"""The nouns of orders: the order (contract), its lines, its planned instalments, and the payments received."""

from salesmode.orders.models.order import Instalment, Order, OrderLine, OrderQuerySet
from salesmode.orders.models.payment import Payment

__all__ = ["Instalment", "Order", "OrderLine", "OrderQuerySet", "Payment"]
