"""Statements, entries and plans as lists: for pages, API, export and saved views."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import BulkAction, Column, Filter, Listing, register
from salesmode.pay.models import LedgerEntry, PayPlan, Statement
from salesmode.pay.queries import explanation
from salesmode.people.models import Person


def _statements(person: Person) -> QuerySet:
    return Statement.objects.visible_to(person).select_related("owner__team")


def _entries(person: Person) -> QuerySet:
    return LedgerEntry.objects.visible_to(person).select_related(
        "owner", "deal", "order__customer", "payment", "plan_version__plan", "reversal_of"
    )


def _plans(person: Person) -> QuerySet:
    return PayPlan.objects.visible_to(person)


def month_url(person_id: int, month: Any) -> str:
    """Return the address of a month of somebody's pay."""
    return reverse("pay:statement", args=[person_id, f"{month:%Y-%m}"])


def _status(row: Any) -> Any:
    return _("Questioned") if row.questions else row.get_status_display()


def _sale_url(row: Any) -> str:
    if row.order_id:
        return f"/orders/{row.order_id}"
    return f"/deals/{row.deal_id}" if row.deal_id else month_url(row.owner_id, row.period)


def _sale(row: Any) -> str:
    if row.order is not None:
        return f"{row.order.number} {row.order.customer.name}"
    return row.deal.title if row.deal is not None else "—"


register(
    Listing(
        kind="statement",
        title=_("Statements"),
        model=Statement,
        base=_statements,
        columns=[
            Column("owner", _("Person"), "person", url=lambda row: month_url(row.owner_id, row.month)),
            Column(
                "month", _("Month"), "period", "label", sort="month", url=lambda row: month_url(row.owner_id, row.month)
            ),
            Column("status", _("Status"), "chip", value=_status, tone=lambda row: row.tone),
            Column("due", _("To be paid"), "money", sort="due"),
            Column("earned", _("Earned"), "money", sort="earned"),
            Column("held", _("Held back"), "money"),
            Column("draw", _("Draw"), "money", default=False),
            Column("opening", _("Opening balance"), "money"),
            Column("paid", _("Paid out"), "money", default=False),
            Column("closing", _("Closing balance"), "money", default=False),
            Column("settled_at", _("Settled"), "date", sort="settled_at", default=False),
        ],
        filters=[
            Filter("status", _("Status"), "choice", choices=lambda viewer: Statement.Status.choices),
            Filter("owner", _("Person"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("month", _("Month"), "date"),
            Filter("settled", _("Settled"), "date", "settled_at"),
            Filter("due", _("To be paid"), "number"),
            Filter("questions", _("Open questions"), "number"),
        ],
        sorts={
            "month": ("month",),
            "due": ("due",),
            "earned": ("earned",),
            "settled_at": ("settled_at",),
            "created_at": ("created_at",),
        },
        default_sort="-month",
        row_url=lambda row: month_url(row.owner_id, row.month),
        bulk=[
            BulkAction("approve", _("Approve"), "pay:approve_statements", "check"),
            BulkAction("settle", _("Settle"), "pay:settle_statements", "cash"),
        ],
        search_fields=("owner__name",),
        card=("owner", "month", "due", "status"),
        empty=_("Statements are written when a month is closed."),
    )
)

register(
    Listing(
        kind="commission",
        title=_("Commission ledger"),
        model=LedgerEntry,
        base=_entries,
        columns=[
            Column("happened_on", _("Day"), "date", sort="happened_on"),
            Column("owner", _("Person"), "person"),
            Column("rule", _("Rule"), "text", "get_rule_display"),
            Column("sale", _("Sale"), "link", value=_sale, url=_sale_url),
            Column("amount", _("Amount"), "money", sort="amount"),
            Column("why", _("How it came about"), "text", value=explanation),
            Column("base", _("Counted"), "money", default=False),
            Column("rate", _("Rate, %"), "number", default=False),
            Column(
                "period",
                _("Month"),
                "period",
                value=lambda row: f"{row.period:%Y-%m}",
                sort="period",
                url=lambda row: month_url(row.owner_id, row.period),
            ),
            Column("belongs_to", _("Earned in"), "period", value=lambda row: f"{row.belongs_to:%Y-%m}", default=False),
            Column("plan", _("Pay plan"), "text", "plan_version.plan.name", default=False),
            Column("payment", _("Payment"), "text", "payment.number", default=False),
        ],
        filters=[
            Filter("rule", _("Rule"), "choice", choices=lambda viewer: LedgerEntry.Rule.choices),
            Filter("owner", _("Person"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("period", _("Month"), "date"),
            Filter("happened_on", _("Day"), "date"),
            Filter("amount", _("Amount"), "number"),
            Filter("deal", _("Deal"), "reference", visible=False),
            Filter("order", _("Order"), "reference", visible=False),
        ],
        sorts={
            "happened_on": ("happened_on",),
            "amount": ("amount",),
            "period": ("period",),
            "created_at": ("created_at",),
        },
        default_sort="-happened_on",
        row_url=lambda row: reverse("pay:entry", args=[row.pk]),
        search_fields=("owner__name", "key"),
        card=("owner", "rule", "amount", "happened_on"),
        empty=_("Entries appear as soon as something is sold or paid that a plan pays for."),
    )
)

register(
    Listing(
        kind="pay_plan",
        title=_("Pay plans"),
        model=PayPlan,
        base=_plans,
        columns=[
            Column("name", _("Pay plan"), "link", sort="name", url=lambda row: reverse("pay:plan", args=[row.pk])),
            Column("description", _("Description")),
            Column("created_at", _("Created"), "date", sort="created_at"),
        ],
        sorts={"name": ("name",), "created_at": ("created_at",)},
        default_sort="name",
        row_url=lambda row: reverse("pay:plan", args=[row.pk]),
        search_fields=("name",),
        card=("name", "description"),
        create_route="pay:define_plan",
        create_label=_("New plan"),
        empty=_("A plan says what is paid for what. Write one, try it on the last twelve months, then publish it."),
    )
)
