"""What the pages of customers show: tabs, facts, the timeline, the composer."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from salesmode.customers import queries
from salesmode.customers.forms import FollowUpForm, InteractionForm
from salesmode.customers.models import Contact, Customer
from salesmode.customers.models.customer import FILLED_BY_A_MERGER
from salesmode.kernel.lists_page import listing_facts
from salesmode.kernel.panels import PANELS, panels_for
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.people.permissions import which_may
from salesmode.people.visibility import viewer

FACTS = [
    "grade", "industry", "source", "phone", "email", "website", "province", "city", "district", "address", "country",
    "tax_number", "employees", "annual_revenue", "tags",
]  # fmt: skip
ACTS = {
    "amend": "amend_customer",
    "hand_over": "hand_over_customer",
    "release": "release_customer",
    "claim": "claim_customer",
    "share": "share_customer",
    "merge": "merge_customers",
    "log": "log_interaction",
    "schedule": "schedule_follow_up",
    "contact": "create_contact",
}
LABELS = {field.name: field.verbose_name for field in Customer._meta.concrete_fields}
TABS_OF_OURS = ("overview", "timeline", "contacts")
SHOWN_FIRST = 8


def story_context(request: HttpRequest, kind: str, record_id: int, *, limit: int = 30) -> dict[str, Any]:
    """Return a page of a record's timeline as the query string asks for it."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("group", "after")}
    person = viewer(request)
    story = queries.story_of(kind, record_id, seen_by=person, limit=limit, **asked)
    return {
        "story": story,
        "story_url": request.path.removesuffix("/timeline") + "/timeline",
        "is_more": bool(asked["after"]),
    }


def customer_context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Return all that a customer's page shows; only the panel that is looked at is asked for."""
    person = viewer(request)
    may = allowed(customer, person)
    shown = queries.customer_page(customer, seen_by=person, at=now())
    panels = [panel for panel in PANELS.get("customer.tabs", ()) if panel.may_see(person, customer)]
    here = request.GET.get("tab") or "overview"
    if here not in {*TABS_OF_OURS, *(panel.name for panel in panels)}:
        raise Invalid({"tab": [_("There is no such part of this page.")]})
    facts = listing_facts("customer", customer, FACTS)
    if not may["amend"]:
        facts = [fact | {"edit_url": ""} for fact in facts]
    context: dict[str, Any] = {
        "record": customer,
        "title": customer.name,
        "page": shown,
        "may": may,
        "has_menu": any(may[act] for act in ("amend", "share", "merge", "release", "hand_over")),
        "here": here,
        "tabs": _tabs(customer, shown, panels, here),
        "facts": facts,
        "side_panels": panels_for("customer.side", request, customer),
        "form": InteractionForm(customer=customer, seen_by=person, initial=InteractionForm.blank()),
        "follow_up": FollowUpForm(initial={"next_contact_at": customer.next_contact_at}),
    }
    if here in ("overview", "timeline"):
        limit = SHOWN_FIRST if here == "overview" else 30
        context |= story_context(request, "customer", customer.pk, limit=limit)
    elif here not in TABS_OF_OURS:
        context["panel"] = next(iter(_filled(request, customer, here)), None)
    return context


def _tabs(customer: Customer, shown: queries.CustomerPage, panels: list[Any], here: str) -> list[dict[str, Any]]:
    url = reverse("customers:customer", args=[customer.pk])
    tabs = [
        ("overview", _("Overview"), None),
        ("timeline", _("Timeline"), None),
        ("contacts", _("Contacts"), len(shown.contacts)),
        *((panel.name, panel.title, None) for panel in panels),
    ]
    return [
        {
            "url": url if name == "overview" else f"{url}?tab={name}",
            "label": label,
            "count": count,
            "is_here": name == here,
        }
        for name, label, count in tabs
    ]


def _filled(request: HttpRequest, customer: Customer, name: str) -> list[dict[str, Any]]:
    """Fill the one panel that is looked at."""
    for panel in PANELS.get("customer.tabs", ()):
        if panel.name == name and (context := panel.query(request, customer)) is not None:
            return [{"panel": panel, "name": panel.name, "title": panel.title, "template": panel.template, **context}]
    return []


def side_by_side(kept: Customer, other: Customer | None) -> list[dict[str, Any]]:
    """Return what two records of a customer know, field by field, and what will stand after a merger."""
    if other is None:
        return []
    pairs = []
    for name in ("name", *FILLED_BY_A_MERGER):
        one, two = getattr(kept, name), getattr(other, name)
        if one in (None, "") and two in (None, ""):
            continue
        label = LABELS[name]
        pairs.append({"label": label, "kept": one, "other": two, "taken": one in (None, "")})
    return pairs


def contact_facts(contact: Contact) -> list[dict[str, Any]]:
    """Return what we know of a contact, as its list reads it."""
    names = ["customer", "title", "department", "mobile", "phone", "email", "wechat", "is_decision_maker", "birthday"]
    return listing_facts("contact", contact, names)


def allowed(customer: Customer, person: Person) -> dict[str, bool]:
    """Return which acts to offer; every operation asks again."""
    may = which_may(person, customer, *(f"customers.{operation}" for operation in ACTS.values()))
    offered = {act: may[f"customers.{operation}"] for act, operation in ACTS.items()}
    offered["claim"] = offered["claim"] and customer.is_in_pool
    for act in ("release", "share"):
        offered[act] = offered[act] and not customer.is_in_pool
    return offered
