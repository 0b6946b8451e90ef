"""What customers add to the menu and the palette, and how their events are told."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers import queries
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.customers.timeline import Moment, leave_out, names_of, sentence
from salesmode.kernel import wording
from salesmode.kernel.models import StoredFile
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.kernel.policies import may_attach_file, may_detach_file
from salesmode.people.models import Person

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

leave_out("interaction.amended")


def _files(request: HttpRequest, record: Any) -> dict[str, Any]:
    person: Any = request.user
    may = {"may_attach": may_attach_file(person, record), "may_detach": may_detach_file(person, record)}
    return {"files": queries.files_of(record), "kind": record.kind(), "record_id": record.pk, **may}


add_panel(Panel("customer.tabs", "files", _("Files"), _files, "customers/files.html", order=90))
add_panel(Panel("deal.tabs", "files", _("Files"), _files, "customers/files.html", order=90))
add_panel(Panel("interaction.panels", "files", _("Files"), _files, "customers/files.html", order=90))


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
