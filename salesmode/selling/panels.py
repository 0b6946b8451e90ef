"""What selling adds to the pages below: the customer's deals, menu lines, palette commands, timeline sentences."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import Moment, names_of, sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.kernel.wording import full_money
from salesmode.people.visibility import viewer
from salesmode.selling import policies, queries
from salesmode.selling.models import LossReason, Stage

add_menu(MenuEntry(_("Pipeline"), _("Board"), "selling:board", "layout-kanban", order=20))
add_menu(MenuEntry(_("Pipeline"), _("Deals"), "selling:deals", "target-arrow", order=22))
add_menu(MenuEntry(_("Leads"), _("Leads"), "selling:leads", "user-plus", order=30))
add_menu(MenuEntry(_("Settings"), _("Processes"), "selling:processes", "route", order=92))
add_command(Command(_("Board"), "selling:board", "layout-kanban", "看板 pipeline kanban shangji"))
add_command(Command(_("Deals"), "selling:deals", "target-arrow", "商机 deals opportunities shangji"))
add_command(Command(_("New deal"), "selling:open_deal", "plus", "商机 新建 create deal", group=_("Create")))
add_command(Command(_("Leads"), "selling:leads", "user-plus", "线索 leads xiansuo"))
add_command(Command(_("New lead"), "selling:create_lead", "plus", "线索 新建 create lead", group=_("Create")))


def _customer_deals(request: HttpRequest, customer: Any) -> dict[str, Any]:
    person = viewer(request)
    found = queries.deals_of(customer, seen_by=person)
    return {"found": found, "customer": customer, "may_open": policies.may_open_deal(person)}


add_panel(Panel("customer.tabs", "deals", _("Deals"), _customer_deals, "selling/customer_deals.html", order=20))

names_of(
    "stage",
    lambda keys: dict(Stage.objects.filter(pk__in=keys).values_list("pk", "name")),
    facts=["stage_id", "from_stage_id"],
)
names_of(
    "loss_reason",
    lambda keys: dict(LossReason.objects.filter(pk__in=keys).values_list("pk", "name")),
    facts=["loss_reason_id"],
)


def _worth(moment: Moment) -> str:
    return full_money(moment.facts.get("amount"), moment.facts.get("currency", ""))


@sentence("deal.opened", icon="target-arrow", group="deals")
def _opened(moment: Moment) -> str:
    return _g("Deal opened in %(stage)s, %(amount)s") % {"stage": moment.named("stage_id"), "amount": _worth(moment)}


@sentence("deal.amended", icon="pencil", group="changes")
def _amended(moment: Moment) -> str:
    changed = moment.facts.get("changed", [])
    if "amount" in changed:
        former = full_money(moment.facts.get("former_amount"), moment.facts.get("currency", ""))
        return _g("Amount changed from %(former)s to %(amount)s") % {"former": former, "amount": _worth(moment)}
    if "closes_on" in changed:
        days = {"former": moment.facts.get("former_closes_on") or "—", "day": moment.facts.get("closes_on") or "—"}
        return _g("Expected close moved from %(former)s to %(day)s") % days
    return _g("Deal changed")


@sentence("deal.moved", icon="arrow-right", group="deals")
def _moved(moment: Moment) -> str:
    stages = {"former": moment.named("from_stage_id"), "stage": moment.named("stage_id")}
    return _g("Moved from %(former)s to %(stage)s") % stages


@sentence("deal.won", icon="trophy", group="deals")
def _won(moment: Moment) -> str:
    return _g("Won, %(amount)s") % {"amount": _worth(moment)}


@sentence("deal.lost", icon="thumb-down", group="deals")
def _lost(moment: Moment) -> str:
    why = [moment.named("loss_reason_id"), moment.facts.get("competitor", "")]
    return _g("Lost: %(why)s") % {"why": " · ".join(part for part in why if part)}


@sentence("deal.reopened", icon="arrow-back-up", group="deals")
def _reopened(moment: Moment) -> str:
    return _g("Reopened in %(stage)s") % {"stage": moment.named("stage_id")}


@sentence("deal.handed_over", icon="user-share", group="deals")
def _handed_over(moment: Moment) -> str:
    people = {"former": moment.named("former_owner_id"), "owner": moment.named("owner_id")}
    return _g("Deal handed over from %(former)s to %(owner)s") % people


@sentence("lead.created", icon="user-plus", group="deals")
def _lead_created(moment: Moment) -> str:
    return _g("Lead came in")


@sentence("lead.amended", icon="pencil", group="changes")
def _lead_amended(moment: Moment) -> str:
    return _g("Lead changed")


@sentence("lead.claimed", icon="hand-grab", group="deals")
def _lead_claimed(moment: Moment) -> str:
    return _g("Lead claimed by %(owner)s") % {"owner": moment.named("owner_id")}


@sentence("lead.released", icon="user-off", group="deals")
def _lead_released(moment: Moment) -> str:
    return _g("Lead released by %(former)s") % {"former": moment.named("former_owner_id")}


@sentence("lead.responded", icon="phone", group="deals")
def _lead_responded(moment: Moment) -> str:
    return _g("First response to the lead")


@sentence("lead.converted", icon="user-check", group="deals")
def _lead_converted(moment: Moment) -> str:
    return _g("Lead became a customer")


@sentence("lead.rejected", icon="thumb-down", group="deals")
def _lead_rejected(moment: Moment) -> str:
    return _g("Lead rejected: %(reason)s") % {"reason": moment.facts.get("reason", "")}


@sentence("lead.handed_over", icon="user-share", group="deals")
def _lead_handed_over(moment: Moment) -> str:
    people = {"former": moment.named("former_owner_id"), "owner": moment.named("owner_id")}
    return _g("Lead handed over from %(former)s to %(owner)s") % people
