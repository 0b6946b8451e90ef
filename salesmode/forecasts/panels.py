"""What forecasts add to the menu, the palette and the pages below."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.customers.timeline import Moment, sentence
from salesmode.forecasts import queries
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.kernel.wording import full_money
from salesmode.people.visibility import viewer
from salesmode.selling import policies as selling_policies
from salesmode.selling.models import Deal, Stage
from salesmode.selling.queries import warn_by

add_menu(MenuEntry(_("Pipeline"), _("Forecast"), "forecasts:forecast", "chart-dots", order=24))
add_menu(
    MenuEntry(
        _("Pipeline"), pgettext_lazy("of the pipeline", "Changes"), "forecasts:changes", "chart-histogram", order=26
    )
)
add_menu(MenuEntry(_("Pipeline"), _("Deal inspection"), "forecasts:inspection", "list-search", order=28))
add_menu(MenuEntry(_("Settings"), _("Forecast and inspection"), "forecasts:settings", "adjustments", order=93))
add_command(Command(_("Forecast"), "forecasts:forecast", "chart-dots", "预测 forecast yuce"))
add_command(Command(_("Pipeline changes"), "forecasts:changes", "chart-histogram", "管道变化 瀑布 waterfall bianhua"))
add_command(Command(_("Pipeline of a past day"), "forecasts:pipeline_then", "history", "历史管道 as of snapshot lishi"))
add_command(Command(_("Deal inspection"), "forecasts:inspection", "list-search", "商机检视 预警 inspection warnings"))

warn_by(queries.worst_sentences)


def _deal_side(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    if not deal.is_open:
        return None
    kept = getattr(deal, "inspection", None)
    return {
        "deal": deal,
        "warnings": queries.sentences(kept),
        "checked_at": kept.checked_at if kept else None,
        "slipped": queries.slipped_days(deal),
        "stage_category": deal.stage.get_category_display(),
        "categories": Stage.Category.choices,
        "may_judge": selling_policies.may_amend_deal(viewer(request), deal),
    }


add_panel(
    Panel("deal.side", "inspection", _("Forecast and warnings"), _deal_side, "forecasts/deal_side.html", order=20)
)

SELLING = {"seller", "manager", "director", "operations"}


def _awaited(request: HttpRequest, day: Any) -> dict[str, Any] | None:
    person = viewer(request)
    rows = queries.forecasts_awaited(person, at=now())
    if not rows:
        return None
    late = sum(row.is_late for row in rows)
    return {"card": {"rows": rows, "late": late}, "is_own": person.role == "seller", "waiting": len(rows) - late}


add_panel(
    Panel(
        "today.cards",
        "forecast",
        _("Forecast to submit"),
        _awaited,
        "forecasts/today.html",
        lambda person, day: person.role in SELLING,
        8,
    )
)


@sentence("forecast.submitted", icon="chart-dots")
def _submitted(moment: Moment) -> str:
    amount = full_money(moment.facts.get("amount"), moment.facts.get("currency", ""))
    days = {"first": moment.facts.get("first_on", ""), "amount": amount}
    return _g("Forecast for the period from %(first)s: %(amount)s") % days


_TOLD = {
    "deal.attended": ("check", _("Dealt with what the deal was warned about")),
    "cycle.set": ("calendar-time", _("Decided when forecasts are submitted")),
    "cycle.withdrawn": ("calendar-time", _("Took a submission time back")),
    "inspection.set": ("adjustments", _("Decided what deals are inspected for")),
    "inspection.withdrawn": ("adjustments", _("Took a choice of warnings back")),
}
for _name, (_icon, _text) in _TOLD.items():
    sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
