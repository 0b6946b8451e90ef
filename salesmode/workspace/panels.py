"""What the workspace adds to its own frame and to lists."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.customers.timeline import SENTENCES, sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.people import handover
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from salesmode.workspace import queries

SETTINGS = _("Settings")

add_menu(MenuEntry(_("Today"), _("Today"), "workspace:today", "home", order=1))
add_menu(MenuEntry(_("Today"), _("Inbox"), "workspace:inbox", "inbox", order=2))
add_menu(MenuEntry(_("Performance"), _("Cockpit"), "workspace:cockpit", "chart-bar", order=300))
add_menu(MenuEntry(SETTINGS, _("Company"), "workspace:company", "building", order=21))
add_menu(MenuEntry(SETTINGS, _("Own fields"), "workspace:custom_fields", "list-details", order=22))
add_menu(MenuEntry(SETTINGS, _("Audit log"), "workspace:audit", "history", order=99))
add_command(Command(_("Add a field"), "workspace:define_custom_field", "list-details", "custom field 自定义字段"))
add_command(Command(_("Help"), "workspace:help", "help-circle", "help manual docs 帮助 手册"))


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

NOT_KEPT = ("after", "before", "part", "limit", "view", "format", "back")


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


def _company_import(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    return {} if request.user.role == "operations" else None  # type: ignore[union-attr]


add_panel(Panel("imports.ways", "company", _("Import a company"), _company_import, "workspace/import_way.html"))


# How the audit log tells what happens to people, teams, settings and views.
_TOLD = {
    "team.created": ("sitemap", _("Founded a team")),
    "team.amended": ("sitemap", _("Changed a team")),
    "person.joined": ("user-plus", _("Let somebody in")),
    "person.amended": ("user-cog", _("Changed somebody's role, team or details")),
    "person.deactivated": ("user-off", _("Closed the door to somebody who leaves")),
    "person.reactivated": ("user-check", _("Let somebody in again")),
    "person.handed_over": ("transfer", _("Handed over everything that somebody owned")),
    "person.password_changed": ("key", _("Chose another password")),
    "person.password_link_issued": ("link", _("Made a password link")),
    "person.signed_in": ("login", _("Signed in")),
    "person.sessions_ended": ("logout", _("Ended sessions on other devices")),
    "person.notifications_read": ("checks", _("Read notes in the inbox")),
    "invitation.sent": ("mail", _("Invited somebody")),
    "invitation.accepted": ("user-check", _("Accepted an invitation")),
    "invitation.withdrawn": ("x", _("Withdrew an invitation")),
    "token.created": ("key", _("Made a key for a program")),
    "token.revoked": ("key", _("Closed a key for a program")),
    "token.used": ("key", _("A program used its key")),
    "notification.sent": ("bell", _("Told somebody")),
    "view.saved": ("list-details", _("Kept a view of a list")),
    "view.amended": ("list-details", _("Changed a view of a list")),
    "view.deleted": ("trash", _("Threw a view of a list away")),
    "company.set_up": ("building", _("Set the company up")),
    "company.started": ("rocket", _("Answered the first-run questions")),
    "company.amended": ("building", _("Changed the company's settings")),
    "custom_field.defined": ("list-details", _("Added a field")),
    "custom_field.amended": ("list-details", _("Changed a field")),
    "custom_field.retired": ("list-details", _("Took a field out of use")),
    "currency_rate.set": ("coin", _("Entered an exchange rate")),
    "file.attached": ("paperclip", _("Attached a file")),
    "file.detached": ("paperclip", _("Took a file off")),
    "process.defined": ("route", _("Defined a process")),
    "process.amended": ("route", _("Changed a process")),
    "loss_reason.defined": ("list-details", _("Defined a reason for losing")),
    "export.made": ("file-export", _("Took a list out")),
    "export.fetched": ("file-export", _("Fetched the file of a list")),
    "product.created": ("package", _("Added a product")),
    "product.amended": ("package", _("Changed a product")),
    "product.retired": ("package", _("Took a product out of the catalogue")),
    "product.offered": ("package", _("Put a product back into the catalogue")),
}
for _name, (_icon, _text) in _TOLD.items():
    if _name not in SENTENCES:
        sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
