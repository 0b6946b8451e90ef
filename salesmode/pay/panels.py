"""What pay adds to the pages below: menu lines, commands, a tab on deals, sentences for the audit log."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import SENTENCES, sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.pay import policies, queries

add_menu(MenuEntry(_("Performance"), _("Pay"), "pay:pay", "wallet", order=360))
add_menu(MenuEntry(_("Performance"), _("Pay plans"), "pay:plans", "file-description", order=362))
add_command(Command(_("Pay"), "pay:pay", "wallet", "提成 佣金 工资 commission ticheng"))
add_command(Command(_("Statements"), "pay:statements", "receipt-2", "提成单 结算 statement jiesuan"))
add_command(Command(_("Commission ledger"), "pay:ledger", "receipt-2", "提成台账 ledger taizhang"))
add_command(Command(_("Pay plans"), "pay:plans", "file-description", "提成方案 plan fangan"))


def _commission(name: str, route: str) -> Callable[[HttpRequest, Any], dict[str, Any]]:
    """Return the question a page asks about the commission on what it shows."""

    def asked(request: HttpRequest, record: Any) -> dict[str, Any]:
        person: Any = request.user
        may_split = policies.may_split_credit(person, record)
        found = queries.commission_of(seen_by=person, **{name: record})
        return found | {"split_url": reverse(route, args=[record.pk]) if may_split else ""}

    return asked


COMMISSION = ("commission", _("Commission"))
add_panel(Panel("deal.tabs", *COMMISSION, _commission("deal", "pay:split_deal"), "pay/panel.html", order=60))
add_panel(Panel("order.panels", *COMMISSION, _commission("order", "pay:split_order"), "pay/panel.html", order=60))

_TOLD = {
    "pay_plan.defined": ("file-description", _("Wrote a pay plan")),
    "pay_plan.amended": ("file-description", _("Changed a pay plan")),
    "pay_plan.published": ("file-description", _("Published a version of a pay plan")),
    "pay_plan.ended": ("file-description", _("Ended a version of a pay plan")),
    "pay_plan.assigned": ("user-check", _("Said for whom a pay plan holds")),
    "pay_plan.withdrawn": ("user-x", _("Ended a pay plan for somebody")),
    "credit_split.agreed": ("users", _("Shared the credit")),
    "pay_account.posted": ("wallet", _("Brought somebody's pay up to date")),
    "pay_period.closed": ("lock", _("Closed a month of pay")),
    "pay_settings.amended": ("settings", _("Changed the settings of pay")),
    "statement.approved": ("check", _("Approved a statement")),
    "statement.settled": ("cash", _("Paid a statement")),
    "statement.disputed": ("help", _("Questioned a statement")),
    "statement.answered": ("message", _("Answered a question about a statement")),
}
for _name, (_icon, _text) in _TOLD.items():
    if _name not in SENTENCES:
        sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
