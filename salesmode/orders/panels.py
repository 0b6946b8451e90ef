"""What orders add to the pages below: tabs, menu lines, commands, timeline sentences."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import Moment, sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.kernel.wording import full_money
from salesmode.orders import operations, queries
from salesmode.orders.models import Order
from salesmode.orders.policies import may_draft_order
from salesmode.people import handover
from salesmode.people.models import Person

# Whose work it is that customers pay, or who looks after that work.
COLLECTING = {"seller", "manager", "director", "operations", "finance", "auditor"}

add_menu(MenuEntry(_("Customers"), _("Orders"), "orders:orders", "file-invoice", order=40))
add_menu(MenuEntry(_("Customers"), _("Payments"), "orders:payments", "cash", order=45))
add_command(Command(_("Orders"), "orders:orders", "file-invoice", "合同 订单 contract order hetong dingdan"))
add_command(Command(_("Payments"), "orders:payments", "cash", "回款 payment huikuan"))
add_command(Command(_("New order"), "orders:draft", "plus", "合同 新建 create order", group=_("Create")))


def _customer_orders(request: HttpRequest, customer: Any) -> dict[str, Any]:
    return queries.orders_of(seen_by=request.user, customer=customer) | {"customer": customer}


def _deal_orders(request: HttpRequest, deal: Any) -> dict[str, Any]:
    return queries.orders_of(seen_by=request.user, deal=deal) | {"deal": deal}


def _to_order(request: HttpRequest, deal: Any) -> dict[str, Any] | None:
    if deal.outcome != "won" or Order.objects.filter(deal=deal).exclude(status=Order.Status.CANCELLED).exists():
        return None
    return {"deal": deal}


def _drafts(person: Any, deal: Any) -> bool:
    return may_draft_order(person)


def _late(request: HttpRequest, day: Any) -> dict[str, Any] | None:
    rows = queries.late_orders(day.of(Order.objects.all()), on=day.first)
    return {"card": {"rows": rows, "late": len(rows)}, "day": day} if rows else None


def _collects(person: Any, record: Any) -> bool:
    return person.role in COLLECTING


add_panel(Panel("today.cards", "late_orders", _("Payments to ask for"), _late, "orders/today_late.html", _collects, 25))
add_panel(Panel("customer.tabs", "orders", _("Orders"), _customer_orders, "orders/panel.html", order=40))
add_panel(Panel("deal.actions", "order", _("Draft the order"), _to_order, "orders/deal_action.html", _drafts))
add_panel(Panel("deal.tabs", "orders", _("Orders"), _deal_orders, "orders/panel.html", order=40))


def _hand_over(person: Person, *, to: Person, by: Person, at: datetime) -> int:
    orders = list(Order.objects.unfinished().filter(owner=person).order_by("pk"))
    for order in orders:
        operations.hand_over_order(order, to=to, by=by, at=at)
    return len(orders)


handover.register(
    "order",
    label=_("Open orders"),
    count=lambda person: Order.objects.unfinished().filter(owner=person).count(),
    hand_over=_hand_over,
)


def _worth(moment: Moment) -> str:
    return full_money(moment.facts.get("amount"), moment.facts.get("currency", ""))


@sentence("order.drafted", icon="file-plus", group="orders")
def _drafted(moment: Moment) -> str:
    return _g("Order drafted over %(amount)s") % {"amount": _worth(moment)}


@sentence("order.amended", icon="file-pencil", group="orders")
def _amended(moment: Moment) -> str:
    return _g("Order changed")


@sentence("order.signed", icon="signature", group="orders")
def _signed(moment: Moment) -> str:
    return _g("Order signed over %(amount)s") % {"amount": _worth(moment)}


@sentence("order.instalments_planned", icon="calendar-dollar", group="orders")
def _planned(moment: Moment) -> str:
    return _g("%(count)s instalments agreed") % {"count": len(moment.facts.get("instalments", []))}


@sentence("order.fulfilled", icon="package", group="orders")
def _fulfilled(moment: Moment) -> str:
    return _g("Order fulfilled")


@sentence("order.handed_over", icon="arrows-exchange", group="orders")
def _handed_over(moment: Moment) -> str:
    names = {"former": moment.named("former_owner_id"), "owner": moment.named("owner_id")}
    return _g("Handed over from %(former)s to %(owner)s") % names


@sentence("order.cancelled", icon="file-x", group="orders")
def _cancelled(moment: Moment) -> str:
    return _g("Order cancelled: %(reason)s") % {"reason": moment.facts.get("reason") or "—"}


@sentence("payment.received", icon="cash", group="orders")
def _received(moment: Moment) -> str:
    return _g("Payment of %(amount)s received") % {"amount": _worth(moment)}


@sentence("payment.reversed", icon="cash-off", group="orders")
def _reversed(moment: Moment) -> str:
    return _g("Payment of %(amount)s reversed") % {"amount": _worth(moment)}
