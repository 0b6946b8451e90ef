"""Deals and leads as lists: for pages, API, export and saved views."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as fields
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import BulkAction, Column, Filter, Inline, Listing, register
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import operations
from salesmode.selling.forms import amount_field, day_field
from salesmode.selling.models import Deal, DealLine, Lead, LossReason, Process, Stage

OUTCOME_TONES = {"open": "info", "won": "good", "lost": ""}
STATUS_TONES = {"new": "info", "working": "accent", "converted": "good", "rejected": ""}


def _deals(person: Person) -> QuerySet:
    return Deal.objects.visible_to(person).with_names("customer", "owner", "stage", "loss_reason").defer("notes")


def _leads(person: Person) -> QuerySet:
    return Lead.objects.visible_to(person).with_names("owner", "customer").defer("notes")


def _stages() -> list[tuple[int, str]]:
    stages = Stage.objects.in_use().filter(process__is_active=True)
    found = list(
        stages.order_by("-process__is_default", "process__name", "position").values_list("pk", "name", "process__name")
    )
    several = len({process for _pk, _name, process in found}) > 1
    return [(pk, f"{name} · {process}" if several else name) for pk, name, process in found]


def _processes() -> list[tuple[int, str]]:
    return list(Process.objects.order_by("-is_default", "name").values_list("pk", "name"))


def _customer_url(deal: Deal) -> str:
    return f"/customers/{deal.customer_id}"


def _with_product(deals: QuerySet, values: list[str], viewer: Any) -> QuerySet:
    lines = DealLine.objects.filter(product__in=[int(value) for value in values])
    return deals.filter(pk__in=lines.values("deal"))


def _in_forecast(deals: Any, values: list[str], viewer: Any) -> QuerySet:
    """Keep what a forecast counts: the period, and the categories that are added up (none: all but the omitted)."""
    known = dict(_forecast_parts())
    periods, parts = [value for value in values if value not in known], [value for value in values if value in known]
    if len(periods) != 1:
        raise ValueError(values)
    try:
        period = Period.parse(periods[0])
    except Invalid as refused:
        raise ValueError(values) from refused
    return deals.counting_for(period, parts or [name for name in known if name != Stage.Category.OMITTED])


def _forecast_parts() -> list[tuple[str, Any]]:
    return [*Stage.Category.choices, ("closed", _("Won"))]


def _amend(name: str) -> Callable[..., Any]:
    def save(row: Deal, value: Any, *, by: Person, at: datetime) -> Deal:
        return operations.amend_deal(row, **{name: value}, by=by, at=at)

    return save


def _inline(name: str, field: Callable[[], fields.Field]) -> Inline:
    return Inline(field=lambda row, viewer: field(), save=_amend(name))


register(
    Listing(
        kind="deal",
        title=_("Deals"),
        model=Deal,
        base=_deals,
        columns=[
            Column("title", _("Deal")),
            Column(
                "customer", _("Customer"), "link", "customer.name", url=lambda deal: f"/customers/{deal.customer_id}"
            ),
            Column("stage", _("Stage"), "chip", "stage.name", sort="stage_id"),
            Column("amount", _("Amount"), "money", sort="company_amount"),
            Column("closes_on", _("Expected close"), "date", sort="closes_on"),
            Column("owner", _("Owner"), "person", sort="owner_id"),
            Column("next_step", _("Next step")),
            Column(
                "outcome",
                _("Outcome"),
                "chip",
                "get_outcome_display",
                sort="outcome",
                tone=lambda deal: OUTCOME_TONES[deal.outcome],
            ),
            Column("probability", _("Probability, %"), "percent", default=False),
            Column("category", _("Forecast category"), path="get_category_display", default=False),
            Column("source", _("Source"), default=False),
            Column("type", _("Type"), default=False),
            Column("push_count", _("Times pushed out"), "number", default=False),
            Column("decided_at", _("Decided"), "datetime", sort="decided_at", default=False),
            Column("loss_reason", _("Why lost"), default=False, path="loss_reason.name"),
            Column("competitor", _("Lost to"), default=False),
            Column("last_interaction_at", _("Last contact"), "datetime", default=False),
            Column("opened_at", _("Opened"), "datetime", default=False),
            Column("created_at", _("Created"), "datetime", sort="created_at", default=False),
        ],
        filters=[
            Filter("owner", _("Owner"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("outcome", _("Outcome"), choices=lambda: Deal.Outcome.choices),
            Filter("process", _("Process"), "reference", choices=_processes),
            Filter("stage", _("Stage"), "reference", choices=_stages),
            Filter("closes_on", _("Expected close"), "date"),
            Filter("amount", _("Amount"), "number", "company_amount"),
            Filter("category", _("Forecast category"), choices=lambda: Stage.Category.choices),
            Filter("forecast", _("Forecast"), choices=_forecast_parts, apply=_in_forecast, visible=False),
            Filter("source", _("Source"), "text", visible=False),
            Filter("customer", _("Customer"), "reference", visible=False),
            Filter("product", _("Product"), "reference", apply=_with_product, visible=False),
            Filter(
                "loss_reason",
                _("Why lost"),
                "reference",
                choices=lambda: LossReason.objects.order_by("id").values_list("pk", "name"),
                visible=False,
            ),
            Filter("push_count", _("Times pushed out"), "number", visible=False),
            Filter("decided_at", _("Decided"), "date", visible=False),
            Filter("created_at", _("Created"), "date", visible=False),
            Filter("opened_at", _("Opened"), "date", visible=False),
        ],
        sorts={
            "amount": ("company_amount", "id"),
            "closes_on": ("closes_on", "id"),
            "created_at": ("created_at", "id"),
            "decided_at": ("decided_at", "id"),
            "stage": ("stage_id", "owner_id", "created_at", "id"),
            "owner": ("owner_id", "created_at", "id"),
            "outcome": ("outcome", "created_at", "id"),
        },
        row_url=lambda deal: f"/deals/{deal.pk}",
        bulk=[
            BulkAction("move", _("Move"), "selling:move_deals", "arrow-right"),
            BulkAction("hand_over", _("Hand over"), "selling:hand_over_deals", "user-share"),
            BulkAction("lose", _("Lost"), "selling:lose_deals", "thumb-down"),
        ],
        inline={
            "title": _inline("title", lambda: fields.CharField(max_length=200)),
            "amount": _inline("amount", amount_field),
            "closes_on": _inline("closes_on", lambda: day_field(required=False)),
            "next_step": _inline("next_step", lambda: fields.CharField(max_length=300, required=False)),
            "source": _inline("source", lambda: fields.CharField(max_length=80, required=False)),
            "type": _inline("type", lambda: fields.CharField(max_length=40, required=False)),
            "category": Inline(
                field=lambda row, viewer: fields.ChoiceField(
                    choices=[("", _("As the stage says")), *Stage.Category.choices], required=False
                ),
                save=_amend("category"),
                value=lambda row: row.own_category,
            ),
        },
        groups={"stage": "stage_id", "owner": "owner_id"},
        create_route="selling:open_deal",
        create_label=_("New deal"),
        empty=_("No deals yet. A deal is one chance to sell something to one customer."),
        card=("title", "customer", "amount", "stage", "closes_on"),
    )
)

register(
    Listing(
        kind="lead",
        title=_("Leads"),
        model=Lead,
        base=_leads,
        columns=[
            Column("name", _("Lead")),
            Column("company_name", _("Company")),
            Column("source", _("Source")),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda lead: STATUS_TONES[lead.status]),
            Column("owner", _("Owner"), "person"),
            Column("created_at", _("Waiting since"), "datetime", sort="created_at"),
            Column("first_response_at", _("First response"), "datetime"),
            Column("phone", _("Phone"), default=False),
            Column("email", _("E-mail"), default=False),
            Column("industry", _("Industry"), default=False),
            Column("province", _("Province"), default=False),
            Column("city", _("City"), default=False),
            Column("closed_at", _("Closed"), "datetime", default=False),
            Column("rejected_reason", _("Why rejected"), default=False),
        ],
        filters=[
            Filter("owner", _("Owner"), "person"),
            Filter("status", _("Status"), choices=lambda: Lead.Status.choices),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("source", _("Source"), "text"),
            Filter("created_at", _("Created"), "date"),
            Filter("first_response_at", _("First response"), "date", visible=False),
            Filter("closed_at", _("Closed"), "date", visible=False),
            Filter("customer", _("Customer"), "reference", visible=False),
        ],
        sorts={"created_at": ("created_at", "id"), "name": ("name", "id")},
        row_url=lambda lead: f"/leads/{lead.pk}",
        bulk=[
            BulkAction("claim", _("Claim"), "selling:claim_leads", "hand-grab"),
            BulkAction("hand_over", _("Hand over"), "selling:hand_over_leads", "user-share"),
        ],
        create_route="selling:create_lead",
        create_label=_("New lead"),
        empty=_("No leads yet. A lead is somebody who might become a customer."),
        card=("name", "company_name", "status", "created_at"),
    )
)
