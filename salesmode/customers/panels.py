"""What customers add to the menu and the palette, and how their events are told."""

from datetime import date
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers import queries
from salesmode.customers.forms import InteractionForm
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.customers.timeline import Moment, leave_out, names_of, sentence
from salesmode.kernel import wording
from salesmode.kernel.models import StoredFile
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.kernel.policies import may_attach_file, may_detach_file
from salesmode.people.models import Person
from salesmode.people.permissions import may_open
from salesmode.people.visibility import viewer

add_menu(MenuEntry(_("Customers"), _("Customers"), "customers:customers", "building", order=10))
add_menu(MenuEntry(_("Customers"), _("Contacts"), "customers:contacts", "address-book", order=20))
add_menu(MenuEntry(_("Customers"), _("Interactions"), "customers:interactions", "messages", order=25))
add_menu(MenuEntry(_("Customers"), _("Pool"), "customers:pool", "pool", order=30))
add_command(Command(_("Customers"), "customers:customers", "building", "客户 kehu account"))
add_command(Command(_("Contacts"), "customers:contacts", "address-book", "联系人 lianxiren people"))
add_command(Command(_("Interactions"), "customers:interactions", "messages", "跟进 genjin calls visits"))
add_command(Command(_("Pool"), "customers:pool", "pool", "公海 gonghai"))
add_command(Command(_("New customer"), "customers:create_customer", "plus", "新建客户 create", group=_("Create")))
add_command(Command(_("New contact"), "customers:create_contact", "plus", "新建联系人 create", group=_("Create")))

add_menu(MenuEntry(_("Today"), _("My visits"), "customers:visit_day", "map-pin", order=3))
add_menu(MenuEntry(_("Customers"), _("Visits"), "customers:visits", "map-pin", order=26))
add_menu(MenuEntry(_("Customers"), _("Visit plan"), "customers:visit_plan", "calendar-event", order=27))
add_menu(MenuEntry(_("Customers"), _("Visit coverage"), "customers:visit_coverage", "target", order=28))
add_menu(MenuEntry(_("Settings"), _("Visits"), "customers:visit_rules", "map-pin", order=24))
add_command(Command(_("My visits"), "customers:visit_day", "map-pin", "拜访 签到 baifang qiandao check in route"))
add_command(Command(_("Plan a visit"), "customers:plan_visit", "plus", "拜访 baifang visit", group=_("Create")))

names_of(
    "person",
    lambda keys: dict(Person.objects.filter(pk__in=keys).values_list("pk", "name")),
    facts=["owner_id", "former_owner_id", "person_id", "by_id", "account_owner_id"],
)
names_of(
    "contact", lambda keys: dict(Contact.objects.filter(pk__in=keys).values_list("pk", "name")), facts=["contact_id"]
)
names_of(
    "customer",
    lambda keys: dict(Customer.objects.filter(pk__in=keys).values_list("pk", "name")),
    facts=["customer_id", "merged_id"],
)

names_of("file", lambda keys: dict(StoredFile.objects.filter(pk__in=keys).values_list("pk", "name")), facts=["file_id"])

# What came of a visit is told by the interaction that its check-out writes down.
leave_out("interaction.amended", "visit.ended", "visit_plan.set", "visit.amended")


def _files(request: HttpRequest, record: Any) -> dict[str, Any]:
    person: Any = request.user
    may = {"may_attach": may_attach_file(person, record), "may_detach": may_detach_file(person, record)}
    return {"files": queries.files_of(record), "kind": record.kind(), "record_id": record.pk, **may}


add_panel(Panel("customer.tabs", "files", _("Files"), _files, "customers/files.html", order=90))
add_panel(Panel("deal.tabs", "files", _("Files"), _files, "customers/files.html", order=90))
add_panel(Panel("interaction.panels", "files", _("Files"), _files, "customers/files.html", order=90))


def _composer(request: HttpRequest, record: Any) -> dict[str, Any]:
    form = InteractionForm(
        customer=getattr(record, "customer", None), seen_by=viewer(request), initial=InteractionForm.blank()
    )
    log_url = reverse("customers:log_interaction_about", args=[record.kind(), record.pk])
    return {"form": form, "may": {"log": True}, "log_url": log_url}


add_panel(Panel("deal.composer", "composer", _("Write down"), _composer, "customers/composer.html"))
add_panel(Panel("lead.composer", "composer", _("Write down"), _composer, "customers/composer.html"))


def _visits(request: HttpRequest, customer: Any) -> dict[str, Any]:
    return {"visits": queries.visits_at(customer, seen_by=viewer(request)), "customer": customer}


def _check_in(request: HttpRequest, customer: Any) -> dict[str, Any]:
    return {"customer": customer}


def _may_visit(person: Any, record: Any) -> bool:
    return may_open(person, "customers:begin_visit")


def _today(request: HttpRequest, day: Any) -> dict[str, Any]:
    person = viewer(request)
    shown = queries.visit_day(day.person, day=day.first, seen_by=person)
    return {"card": shown, "day": day}


def _has_visits(person: Any, record: Any) -> bool:
    return person.role in ("seller", "manager", "director", "operations")


add_panel(Panel("customer.tabs", "visits", _("Visits"), _visits, "customers/visits_panel.html", order=30))
add_panel(Panel("customer.actions", "check_in", _("Check in"), _check_in, "customers/check_in.html", _may_visit))
add_panel(Panel("today.cards", "visits", _("My visits today"), _today, "customers/today_visits.html", _has_visits, 5))


@sentence("visit.planned", icon="calendar-event", group="interactions")
def _visit_planned(moment: Moment) -> str:
    planned = moment.facts.get("planned_on")
    return _g("Visit planned for %(day)s") % {"day": wording.day(date.fromisoformat(planned)) if planned else "—"}


@sentence("visit.passed_on", icon="calendar-event", group="interactions")
def _visit_passed_on(moment: Moment) -> str:
    return _g("The planned visit went with the customer to its new owner")


@sentence("visit.called_off", icon="calendar-event", group="interactions")
def _visit_called_off(moment: Moment) -> str:
    if reason := moment.facts.get("reason"):
        return _g("Visit called off: %(reason)s") % {"reason": reason}
    return _g("Visit called off")


@sentence("visit.begun", icon="map-pin", group="interactions")
def _visit_begun(moment: Moment) -> str:
    if not moment.facts.get("has_position"):
        return _g("Checked in without a position")
    if moment.facts.get("distance_m") is None:
        return _g("Checked in")
    return _g("Checked in, %(metres)s m from the customer") % {
        "metres": wording.number(round(moment.facts["distance_m"]))
    }


@sentence("visit.ended", icon="map-pin", group="interactions")
def _visit_ended(moment: Moment) -> str:
    return _g("Visit ended")


@sentence("visit.amended", icon="map-pin", group="interactions")
def _visit_amended(moment: Moment) -> str:
    return _g("Visit changed")


@sentence("visit_plan.set", icon="calendar-event", group="interactions")
def _visit_plan_set(moment: Moment) -> str:
    return _g("%(count)s visits a month planned") % {"count": moment.facts.get("planned")}


@sentence("customer.located", icon="map-pin")
def _located(moment: Moment) -> str:
    return _g("The customer's position was kept")


@sentence("person.visits_ordered", icon="route")
def _visits_ordered(moment: Moment) -> str:
    return _g("Put a day's visits in order")


@sentence("visit_rules.set", icon="map-pin")
def _visit_rules_set(moment: Moment) -> str:
    return _g("Changed the rules for visits")


@sentence("visit_type.defined", icon="checklist")
def _visit_type_defined(moment: Moment) -> str:
    return _g("Defined a kind of visit")


@sentence("file.attached", icon="paperclip")
def _attached(moment: Moment) -> str:
    name = moment.named("file_id")
    return _g("File attached: %(file)s") % {"file": name} if name != "—" else _g("File attached")


@sentence("file.detached", icon="paperclip")
def _detached(moment: Moment) -> str:
    return _g("File taken off")


def _fields(moment: Moment, model: type[models.Model]) -> str:
    labels = {field.name: str(field.verbose_name) for field in model._meta.fields} | {"custom": _g("own fields")}
    return ", ".join(labels.get(name, name) for name in moment.facts.get("changed", []))


def _when(moment: Moment, fact: str) -> str:
    from datetime import datetime

    return wording.moment(datetime.fromisoformat(moment.facts[fact].replace("Z", "+00:00")))


@sentence("customer.created", icon="building")
def _created(moment: Moment) -> str:
    if moment.facts.get("imported"):
        return _g("Customer imported")
    return _g("Customer added")


@sentence("customer.amended", icon="pencil")
def _amended(moment: Moment) -> str:
    return _g("Changed: %(fields)s") % {"fields": _fields(moment, Customer)}


@sentence("customer.handed_over", icon="arrows-exchange")
def _handed_over(moment: Moment) -> str:
    if moment.facts.get("former_owner_id") is None:
        return _g("Given to %(owner)s from the pool") % {"owner": moment.named("owner_id")}
    named = {"former": moment.named("former_owner_id"), "owner": moment.named("owner_id")}
    return _g("Handed over from %(former)s to %(owner)s") % named


@sentence("customer.claimed", icon="hand-grab")
def _claimed(moment: Moment) -> str:
    return _g("Claimed from the pool")


@sentence("customer.released", icon="arrow-back-up")
def _released(moment: Moment) -> str:
    if reason := moment.facts.get("reason"):
        return _g("Released to the pool: %(reason)s") % {"reason": reason}
    return _g("Released to the pool")


@sentence("customer.merged", icon="arrow-merge")
def _merged(moment: Moment) -> str:
    return _g("%(other)s was merged into this customer") % {"other": moment.named("merged_id")}


@sentence("customer.shared", icon="share")
def _shared(moment: Moment) -> str:
    return _g("Shared with %(person)s") % {"person": moment.named("person_id")}


@sentence("customer.unshared", icon="share-off")
def _unshared(moment: Moment) -> str:
    return _g("No longer shared with %(person)s") % {"person": moment.named("person_id")}


@sentence("customer.tagged", icon="tag")
def _tagged(moment: Moment) -> str:
    signed = [f"+{tag}" for tag in moment.facts.get("added", [])]
    signed += [f"{wording.MINUS}{tag}" for tag in moment.facts.get("removed", [])]
    return _g("Tags: %(tags)s") % {"tags": ", ".join(signed)}


@sentence("contact.created", icon="user-plus")
def _met(moment: Moment) -> str:
    return _g("Contact added: %(contact)s") % {"contact": moment.named("contact_id")}


@sentence("contact.amended", icon="user-edit")
def _contact_amended(moment: Moment) -> str:
    return _g("%(contact)s changed: %(fields)s") % {
        "contact": moment.named("contact_id"),
        "fields": _fields(moment, Contact),
    }


@sentence("contact.left", icon="user-off")
def _left(moment: Moment) -> str:
    return _g("%(contact)s has left") % {"contact": moment.named("contact_id")}


@sentence("contact.erased", icon="trash")
def _erased(moment: Moment) -> str:
    return _g("The personal data of contact %(contact)s was erased") % {"contact": moment.named("contact_id")}


@sentence("contact.handed_out", icon="download")
def _handed_out(moment: Moment) -> str:
    return _g("All that is held about %(contact)s was taken out") % {"contact": moment.named("contact_id")}


@sentence("interaction.logged", icon="message", group="interactions")
def _logged(moment: Moment) -> str:
    channel = dict(Interaction.Channel.choices).get(str(moment.facts.get("channel")), _g("Contact"))
    with_whom = moment.named("contact_id") if moment.facts.get("contact_id") else ""
    return (
        _g("%(channel)s with %(contact)s") % {"channel": channel, "contact": with_whom} if with_whom else str(channel)
    )


@sentence("follow_up.scheduled", icon="calendar", group="interactions")
def _scheduled(moment: Moment) -> str:
    if moment.facts.get("next_contact_at") is None:
        return _g("Next contact called off")
    return _g("Next contact planned for %(when)s") % {"when": _when(moment, "next_contact_at")}
