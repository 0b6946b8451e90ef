"""Orders and payments as lists: for pages, API, export and saved views."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.orders.models import Order, Payment
from salesmode.people.models import Person


def _orders(person: Person) -> QuerySet:
    return Order.objects.visible_to(person).with_names("customer", "owner").select_related("deal")


def _payments(person: Person) -> QuerySet:
    return Payment.objects.visible_to(person).select_related("order__customer", "owner")


def _order_url(order: Any) -> str:
    return f"/orders/{order.pk}"


register(
    Listing(
        kind="order",
        title=_("Orders"),
        model=Order,
        base=_orders,
        columns=[
            Column("number", _("Number"), "link", sort="number", url=_order_url),
            Column("title", _("Order")),
            Column(
                "customer", _("Customer"), "link", "customer.name", url=lambda order: f"/customers/{order.customer_id}"
            ),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda order: order.tone),
            Column("amount", _("Amount"), "money", sort="company_amount"),
            Column("received", _("Received"), "money"),
            Column("open_amount", _("Left to pay"), "money"),
            Column("signed_on", _("Signed on"), "date", sort="signed_on"),
            Column("owner", _("Owner"), "person"),
            Column("ends_on", _("Ends on"), "date", default=False),
            Column("created_at", _("Created"), "datetime", sort="created_at", default=False),
        ],
        filters=[
            Filter("status", _("Status"), "choice", choices=lambda viewer: Order.Status.choices),
            Filter("owner", _("Owner"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("customer", _("Customer"), "reference"),
            Filter("deal", _("Deal"), "reference", visible=False),
            Filter("amount", _("Amount"), "number", "company_amount"),
            Filter("signed_on", _("Signed on"), "date"),
        ],
        sorts={
            "number": ("number",),
            "amount": ("company_amount",),
            "signed_on": ("signed_on",),
            "created_at": ("created_at",),
        },
        default_sort="-created_at",
        row_url=_order_url,
        search_fields=("number", "title"),
        card=("number", "customer", "amount", "status"),
        create_route="orders:draft",
        create_label=_("New order"),
        empty=_("An order is what a customer signed. Draft one from a won deal, or here."),
    )
)

register(
    Listing(
        kind="payment",
        title=_("Payments"),
        model=Payment,
        base=_payments,
        columns=[
            Column("number", _("Number"), "link", sort="number", url=lambda payment: f"/orders/{payment.order_id}"),
            Column("order", _("Order"), "link", "order.number", url=lambda payment: f"/orders/{payment.order_id}"),
            Column("customer", _("Customer"), path="order.customer.name"),
            Column("amount", _("Amount"), "money", sort="company_amount"),
            Column("received_on", _("Received on"), "date", sort="received_on"),
            Column("method", _("Method"), path="get_method_display"),
            Column("reference", _("Bank reference"), default=False),
            Column("owner", _("Owner"), "person"),
        ],
        filters=[
            Filter("method", _("Method"), "choice", choices=lambda viewer: Payment.Method.choices),
            Filter("owner", _("Owner"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("order", _("Order"), "reference"),
            Filter("amount", _("Amount"), "number", "company_amount"),
            Filter("received_on", _("Received on"), "date"),
        ],
        sorts={"number": ("number",), "amount": ("company_amount",), "received_on": ("received_on",)},
        default_sort="-received_on",
        row_url=lambda payment: f"/orders/{payment.order_id}",
        search_fields=("number", "reference"),
        card=("number", "customer", "amount", "received_on"),
        empty=_("Payments appear here once money comes in on a signed order."),
    )
)
