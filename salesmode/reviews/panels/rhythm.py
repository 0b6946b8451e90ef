"""What the rhythm of work adds to Today, the menu, the palette and the audit log."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.people.visibility import viewer
from salesmode.reviews import queries

SELLING = {"seller", "manager", "director", "operations"}
TODAY = _("Today")
AT_A_GLANCE = 8

add_menu(MenuEntry(TODAY, _("Reports"), "reviews:work_reports", "report", order=4))
add_menu(MenuEntry(TODAY, _("Who has reported"), "reviews:team_reports", "checklist", order=5))
add_menu(MenuEntry(TODAY, _("Meetings"), "reviews:meetings", "users", order=6))
add_menu(MenuEntry(_("Settings"), _("Rhythm of work"), "reviews:rhythms", "calendar-time", order=25))
write = Command(_("Write a report"), "reviews:write_report", "plus", "日报 周报 ribao zhoubao", group=_("Create"))
add_command(write)
add_command(Command(_("Plan a meeting"), "reviews:plan_meeting", "plus", "例会 面谈 meeting", group=_("Create")))


def _report(request: HttpRequest, day: Any) -> dict[str, Any] | None:
    person = viewer(request)
    found: dict[str, Any] = {"card": None, "day": day}
    if person.role == "seller":
        report, due_at = queries.own_report(person, "daily", day.first)
        weekly, weekly_due = queries.own_report(person, "weekly", day.first)
        if due_at is None and weekly_due is None:
            return None
        return found | {"own": report, "due_at": due_at, "weekly": weekly, "weekly_due": weekly_due}
    shown = queries.team_reports("daily", day.first, seen_by=person)
    return found | {"shown": shown} if shown.lines else None


def _actions(request: HttpRequest, day: Any) -> dict[str, Any] | None:
    person = viewer(request)
    rows = queries.open_actions(person, team=day.team)
    if not rows:
        return None
    late = sum(row.due_on < day.first for row in rows)
    return {"card": {"rows": rows[:AT_A_GLANCE], "rest": rows[AT_A_GLANCE:], "late": late}, "day": day}


def _may_see(person: Any, record: Any) -> bool:
    return person.role in SELLING


add_panel(Panel("today.cards", "actions", _("Agreed in meetings"), _actions, "reviews/today_actions.html", _may_see, 7))
add_panel(Panel("today.cards", "reports", _("Reports"), _report, "reviews/today_report.html", _may_see, 60))

_TOLD = {
    "rhythm.set": ("calendar-time", _("Set what happens every day or week")),
    "rhythm.ended": ("calendar-time", _("Took a habit back")),
    "work_report.submitted": ("report", _("Handed a report in")),
    "report_draft.begun": ("pencil", _("Began to write a report")),
    "work_report.amended": ("report", _("Corrected a report")),
    "work_report.acknowledged": ("checks", _("Read a report")),
    "work_report.commented": ("message", _("Commented on a report")),
    "person.report_due": ("bell", _("Was reminded of a report")),
    "meeting.planned": ("calendar-event", _("Planned a meeting")),
    "meeting.amended": ("calendar-event", _("Took notes in a meeting")),
    "meeting.held": ("users", _("Held a meeting")),
    "meeting.missed": ("calendar-event", _("A meeting was not held")),
    "meeting.deal_decided": ("gauge", _("Decided in a meeting what to do about the deal")),
    "action.agreed": ("checklist", _("Agreed on an action")),
    "action.finished": ("circle-check", _("Finished an action")),
    "action.dropped": ("x", _("Dropped an action")),
}
for _name, (_icon, _text) in _TOLD.items():
    sentence(_name, icon=_icon, group="changes")(lambda moment, text=_text: text)  # type: ignore[misc]
