"""What the workspace adds to its own frame and to lists."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.people import handover
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from salesmode.workspace import queries

SETTINGS = _("Settings")

add_menu(MenuEntry(_("Today"), _("Today"), "workspace:today", "home", order=1))
add_menu(MenuEntry(_("Today"), _("Inbox"), "workspace:inbox", "inbox", order=2))
add_menu(MenuEntry(SETTINGS, _("Company"), "workspace:company", "building", order=520))
add_menu(MenuEntry(SETTINGS, _("Own fields"), "workspace:custom_fields", "list-details", order=521))
add_menu(MenuEntry(SETTINGS, _("Audit log"), "workspace:audit", "history", order=590))
add_command(Command(_("Add a field"), "workspace:define_custom_field", "list-details", "custom field 自定义字段"))


def day_of(request: HttpRequest) -> queries.Day:
    """Return the day that a Today page is about: one's own, or that of everybody below with ?scope=team."""
    person: Any = request.user
    leads = person.role == "manager" or person.sees_all
    team = leads and request.GET.get("scope", "team" if person.role != "operations" else "me") == "team"
    return queries.Day(person, now(), team=team)


def _today(name: str, title: Any, query: Any, *, order: int, roles: set[str] | None = None) -> None:
    def shown(request: HttpRequest, record: Any) -> dict[str, Any]:
        day = record or day_of(request)
        return {"card": query(day), "day": day}

    def may_see(person: Any, record: Any) -> bool:
        return roles is None or person.role in roles

    add_panel(Panel("today.cards", name, title, shown, f"workspace/today/{name}.html", may_see, order))


SELLING = {"seller", "manager", "director", "operations", "auditor"}
_today("follow_ups", _("To speak to today"), queries.follow_ups_due, order=10, roles=SELLING | {"service", "marketing"})
_today("closing", _("To be decided this week"), queries.deals_closing, order=20, roles=SELLING)
_today("next_step", _("Without a next step"), queries.deals_without_next_step, order=30, roles=SELLING)
_today("leads", _("Leads to answer"), queries.leads_to_answer, order=40, roles=SELLING | {"marketing", "service"})
_today("wins", _("Won lately"), queries.recent_wins, order=90)


def _bell(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    return {"unread": queries.unread_count(request.user)}  # type: ignore[arg-type]


add_panel(Panel("frame.bell", "bell", _("Inbox"), _bell, "workspace/bell.html"))

NOT_KEPT = ("after", "before", "part", "limit", "view", "format")


def _saved_views(request: HttpRequest, listing: Any) -> dict[str, Any] | None:
    """Return the tabs of a list: everything, then the saved views; the one that matches is marked."""
    if listing is None:
        return None
    here = kept_query(request.GET)
    views = queries.views_of_list(listing.kind, seen_by=request.user)  # type: ignore[arg-type]
    return {"views": views, "here": here, "listing": listing, "path": request.path}


def kept_query(params: QueryDict) -> str:
    """Return the part of a list's query string that a view keeps, in a stable order."""
    kept = QueryDict(mutable=True)
    for name in sorted(params):
        values = [value for value in params.getlist(name) if value]
        if name not in NOT_KEPT and values:
            kept.setlist(name, values)
    return kept.urlencode()


add_panel(Panel("list.views", "saved_views", _("Views"), _saved_views, "workspace/saved_views.html"))


def _hand_over_customers(person: Person, *, to: Person, by: Person, at: datetime) -> int:
    return len(
        customers.hand_over_customers(Customer.objects.filter(owner=person, merged_into=None), to=to, by=by, at=at)
    )


def _hand_over_deals(person: Person, *, to: Person, by: Person, at: datetime) -> int:
    rows = list(Deal.objects.open().filter(owner=person).order_by("pk"))
    return len([selling.hand_over_deal(deal, to=to, by=by, at=at) for deal in rows])


def _hand_over_leads(person: Person, *, to: Person, by: Person, at: datetime) -> int:
    rows = list(Lead.objects.filter(owner=person, status__in=Lead.OPEN).order_by("pk"))
    return len([selling.hand_over_lead(lead, to=to, by=by, at=at) for lead in rows])


# What goes to a colleague when somebody leaves; what is decided stays with whom it is credited to.
handover.register(
    "customer",
    label=_("Customers"),
    count=lambda person: Customer.objects.filter(owner=person, merged_into=None).count(),
    hand_over=_hand_over_customers,
)
handover.register(
    "deal",
    label=_("Open deals"),
    count=lambda person: Deal.objects.open().filter(owner=person).count(),
    hand_over=_hand_over_deals,
)
handover.register(
    "lead",
    label=_("Open leads"),
    count=lambda person: Lead.objects.filter(owner=person, status__in=Lead.OPEN).count(),
    hand_over=_hand_over_leads,
)
