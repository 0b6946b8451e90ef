"""What targets add to the pages below: menu lines, commands, and how the audit log tells of them."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.people.visibility import viewer
from salesmode.targets import queries

add_menu(MenuEntry(_("Performance"), _("Targets"), "targets:targets", "target", order=310))
add_menu(MenuEntry(_("Performance"), _("Scorecards"), "targets:scores", "gauge", order=320))
add_menu(MenuEntry(_("Performance"), _("Leave"), "targets:absences", "calendar-event", order=325))
add_command(Command(_("Leave"), "targets:absences", "calendar-event", "休假 请假 xiujia qingjia leave absence"))
add_command(Command(_("Note leave"), "targets:note_absence", "plus", "休假 请假 leave", group=_("Create")))
add_command(Command(_("New scorecard"), "targets:define_scorecard", "plus", "记分卡 scorecard", group=_("Create")))
add_command(Command(_("Targets"), "targets:targets", "target", "目标 mubiao targets quota"))
add_command(Command(_("Scorecards"), "targets:scores", "gauge", "记分卡 jifenka scorecards"))

add_menu(MenuEntry(_("Performance"), _("Alerts"), "targets:alerts", "alert-triangle", order=330))
add_menu(MenuEntry(_("Performance"), _("Alert rules"), "targets:alert_rules", "settings-automation", order=332))
add_menu(MenuEntry(_("Performance"), _("Decisions"), "targets:decisions", "git-branch", order=334))
add_command(Command(_("Alerts"), "targets:alerts", "alert-triangle", "预警 yujing alerts"))
add_command(Command(_("Decisions"), "targets:decisions", "git-branch", "决策 juece decisions"))
add_command(Command(_("New decision"), "targets:take_decision", "plus", "决策 decision", group=_("Create")))
add_command(Command(_("New rule"), "targets:set_alert_rule", "plus", "预警规则 alert rule", group=_("Create")))


def _alerts(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    few = queries.open_alerts(viewer(request), at=now())
    return {"few": few} if few.rows else None


AT_ONCE = 6


def _targets(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    rows = queries.of_today(viewer(request), today=localdate())
    return {"mine": rows[:AT_ONCE], "has_more": len(rows) > AT_ONCE} if rows else None


def _sheets(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    due = queries.sheets_due(viewer(request), localdate())
    return {"due": due[:AT_ONCE]} if due else None


add_panel(
    Panel(
        "today.cards",
        "target_sheets",
        _("Target sheet"),
        _sheets,
        "targets/sheets_today.html",
        lambda person, record: person.role in ("manager", "director", "operations"),
        6,
    )
)
add_panel(Panel("today.cards", "targets", _("My targets"), _targets, "targets/today.html", order=4))
add_panel(Panel("today.cards", "alerts", _("Alerts"), _alerts, "targets/alerts_today.html", order=5))

_TOLD = {
    "target.drafted": ("target", _("Drafted a target")),
    "target.amended": ("target", _("Changed a draft of a target")),
    "target.discarded": ("trash", _("Threw a draft of a target away")),
    "target.approved": ("circle-check", _("Approved a target")),
    "target.locked": ("lock", _("Locked a target")),
    "target_sheet.required": ("target", _("Required targets of a team")),
    "target_sheet.released": ("target", _("Requires no targets of a team any more")),
    "target_sheet.confirmed": ("checks", _("Went over a team's targets for the quarter")),
    "scorecard.defined": ("gauge", _("Designed a scorecard")),
    "scorecard.amended": ("gauge", _("Changed a scorecard")),
    "scorecard.used": ("player-play", _("Put a scorecard in use")),
    "scorecard.stopped": ("player-pause", _("Took a scorecard out of use")),
    "scorecard.benchmark_set": ("adjustments", _("Set another benchmark")),
    "alert_rule.set": ("settings-automation", _("Had a number watched")),
    "alert_rule.retired": ("settings-automation", _("Stopped watching a number")),
    "alert.raised": ("alert-triangle", _("An alert was raised")),
    "alert.acknowledged": ("check", _("Takes care of an alert")),
    "decision.taken": ("git-branch", _("Wrote a decision down")),
    "decision.reviewed": ("report-analytics", _("A decision was measured again")),
    "decision.lesson_noted": ("bulb", _("Noted what was learned")),
    "absence.noted": ("calendar-event", _("Noted that somebody is away")),
    "absence.withdrawn": ("calendar-event", _("Took back that somebody is away")),
}
for _name, (_icon, _text) in _TOLD.items():
    sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
