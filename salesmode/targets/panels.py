"""What targets add to the pages below: menu lines, commands, and how the audit log tells of them."""

from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import sentence
from salesmode.kernel.panels import Command, MenuEntry, add_command, add_menu

add_menu(MenuEntry(_("Performance"), _("Targets"), "targets:targets", "target", order=310))
add_menu(MenuEntry(_("Performance"), _("Scorecards"), "targets:scores", "gauge", order=320))
add_command(Command(_("Targets"), "targets:targets", "target", "目标 mubiao targets quota"))
add_command(Command(_("Scorecards"), "targets:scores", "gauge", "记分卡 jifenka scorecards"))

_TOLD = {
    "target.drafted": ("target", _("Drafted a target")),
    "target.amended": ("target", _("Changed a draft of a target")),
    "target.discarded": ("trash", _("Threw a draft of a target away")),
    "target.approved": ("circle-check", _("Approved a target")),
    "target.locked": ("lock", _("Locked a target")),
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
