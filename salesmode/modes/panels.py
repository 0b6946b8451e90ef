"""What modes add to the pages below: menu lines, a card on Today, sentences on timelines."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import sentence
from salesmode.kernel import wording
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.modes import queries
from salesmode.modes.operations import parts
from salesmode.people.models import Person, Team

__all__ = ["parts"]

MODES = _("Modes")
add_menu(MenuEntry(MODES, _("The loop"), "modes:overview", "compass", order=900))
add_menu(MenuEntry(MODES, _("Compare modes"), "modes:compare", "arrows-exchange", order=905))
add_menu(MenuEntry(MODES, _("Practices"), "modes:practices", "checklist", order=910))
add_menu(MenuEntry(MODES, _("Is it done?"), "modes:sheets", "calendar", order=920))
add_menu(MenuEntry(MODES, _("Does it work?"), "modes:effects", "chart-line", order=930))
add_command(
    Command(_("Adopt a mode or practice"), "modes:adopt", "compass", "mode practice adopt 模式 实践 采用 moshi")
)
add_command(Command(_("Does it work?"), "modes:effects", "chart-line", "effect 成效 有效 chengxiao"))


def _team_of(person: Person) -> Team | None:
    if person.team_id:
        return queries.tree().teams.get(person.team_id)
    return next((team for team in queries.tree().teams.values() if team.lead_id == person.pk), None)


def _habits(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """Return what the mode of somebody's team asks of them today; nothing where no practice runs."""
    person: Any = request.user
    team, today = _team_of(person), localdate()
    running = queries.running_for(team.pk if team else None, today)
    if not running:
        return None
    rows, begins = [], []
    for each in running:
        unit = _unit(each, person, team)
        if not each.practice.today or unit is None:
            continue
        if due := queries.due_now(each, unit, today):
            rows.append(due)
        elif day := queries.counts_from(each, today):
            begins.append(day)
    mode = queries.mode_of(team.pk if team else None, today)
    first = min(begins, default=None)
    return {"card": {"rows": rows, "begins": first, "mode": mode, "team": team, "watch": _watch(person, team)}}


def _unit(running: queries.Running, person: Person, team: Team | None) -> Any:
    who, leads = running.practice.adoption.who, team is not None and team.lead_id == person.pk
    if who == "teams":
        return team if leads else None
    if who == "leads":
        return person if leads else None
    is_seller = person.role == Person.Role.SELLER
    return person if is_seller or (who == "members" and leads) else None


def _watch(person: Person, team: Team | None) -> str:
    """Return the warning that one seller carries too much, for who leads the team or directs."""
    if person.role not in (Person.Role.MANAGER, Person.Role.DIRECTOR):
        return ""
    watch = queries.watch_for(team, localdate())
    share = queries.share_of_best(team.pk if team else None, watch.months) if watch else None
    if watch is None or share is None or share * 100 <= watch.most_percent:
        return ""
    values = {"share": wording.percent(share, 0), "months": watch.months, "most": watch.most_percent}
    return _g("The best seller won %(share)s in %(months)s months; the watch is set to %(most)s%%.") % values


add_panel(
    Panel(
        "today.cards",
        "habits",
        _("What our mode asks today"),
        _habits,
        "modes/today.html",
        lambda person, record: person.role in ("seller", "manager", "director"),
        5,
    )
)

_TOLD = {
    "adoption.made": ("compass", _("Adopted a mode or practices")),
    "adoption.taken_back": ("arrow-back-up", _("Took an adoption back")),
    "practice.adopted": ("checklist", _("Adopted a practice")),
    "practice.adjusted": ("adjustments", _("Adjusted a practice")),
    "practice.taken_back": ("arrow-back-up", _("Took a practice back")),
    "practice.decided": ("check", _("Decided on a practice")),
    "effect.requested": ("chart-line", _("Asked whether something works")),
    "effect.measured": ("chart-line", _("Worked out whether something works")),
    "watch.set": ("users", _("Set a watch over dependence on individuals")),
    "watch.ended": ("users", _("Ended a watch over dependence on individuals")),
}
for _name, (_icon, _text) in _TOLD.items():
    sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
