"""What modes and practices there are, and where the loop stands."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from salesmode.analytics.metrics import metric
from salesmode.modes import policies, queries
from salesmode.modes.models import Mode, Practice
from salesmode.people.models import Person
from salesmode.people.visibility import viewer


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show the loop: which mode each team runs, whether it is kept up, and whether it works."""
    person = viewer(request)
    context = {
        "loop": queries.loop(person, localdate()),
        "modes": list(queries.library().modes.values()),
        "practices_known": len(queries.library().practices),
        "may_choose": policies.may_adopt_mode(person),
        "may_adopt": person.role in ("manager", "director", "operations"),
        "sees_effects": person.role in ("manager", "director", "operations", "finance", "auditor"),
    }
    return render(request, "modes/overview.html", context)


@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Show the modes side by side, with what the numbers of the company or of one's own team say about each."""
    person, known = viewer(request), list(queries.library().modes.values())
    told = _told_by_numbers(known, person)
    columns = [_column(each, told["values"]) for each in known]
    codes = {each.code for column in columns for each in column["practices"]}
    shared = {code for code in codes if all(code in [one.code for one in column["practices"]] for column in columns)}
    context = {
        "columns": columns, "shared": shared, "may_choose": policies.may_adopt_mode(person), "told": told,
    }  # fmt: skip
    return render(request, "modes/compare.html", context)


def _told_by_numbers(modes: list[Mode], person: Person) -> dict[str, Any]:
    """Return what the numbers say to somebody: those of the company, or of the one team that they lead."""
    team = None if person.sees_all else queries.led_alone(person)
    if not person.sees_all and team is None:
        return {"values": {}, "is_told": False, "team": None}
    return {"values": queries.measured(modes, team.pk if team else None), "is_told": True, "team": team}


def _column(mode: Mode, values: dict[str, float | None]) -> dict[str, Any]:
    hints = queries.fits_of(mode, values)
    known = [hint for hint in hints if hint.fits is not None]
    return {
        "mode": mode, "practices": queries.library().practices_of(mode), "fits": hints, "known": len(known),
        "speaking": sum(bool(hint.fits) for hint in known), "metric": metric(mode.moves.metric),
    }  # fmt: skip


@login_required
def mode(request: HttpRequest, code: str) -> HttpResponse:
    """Show one mode: why, what it asks, its practices, and who runs it."""
    found = queries.library().modes.get(code)
    if found is None:
        raise Http404
    person = viewer(request)
    told = _told_by_numbers([found], person)
    standings = [each for each in queries.loop(person, localdate()).standings if each.mode and each.mode.code == code]
    shown = {"standings": standings, "may_choose": policies.may_adopt_mode(person), "told": told}
    return render(request, "modes/mode.html", _column(found, told["values"]) | shown)


@login_required
def practices(request: HttpRequest) -> HttpResponse:
    """List every practice, with the modes that bundle it and the teams that do it."""
    person, today = viewer(request), localdate()
    lines = []
    for each in queries.library().practices.values():
        bundled = [mode for mode in queries.library().modes.values() if each.code in mode.practices]
        lines.append((each, bundled, queries.adopters_of(each, today, person), metric(each.moves.metric)))
    may_adopt = person.role in ("manager", "director", "operations")
    return render(request, "modes/practices.html", {"lines": lines, "may_adopt": may_adopt})


@login_required
def practice(request: HttpRequest, code: str) -> HttpResponse:
    """Show one practice: why, what it sets, how it is counted, what it should move, and who does it."""
    found = queries.library().practices.get(code)
    if found is None:
        raise Http404
    person, today = viewer(request), localdate()
    rows = queries.adopters_of(found, today, person)
    context = {
        "practice": found,
        "settings": _settings(found),
        "bundled": [mode for mode in queries.library().modes.values() if code in mode.practices],
        "rows": [(row, policies.may_adjust(person, row)) for row in rows],
        "metric": metric(found.moves.metric),
        "cards": [metric(each) for each in found.cards],
        "times": found.filled(found.adoption.times, {}),
        "may_adopt": person.role in ("manager", "director", "operations"),
        "sees_effects": person.role in ("manager", "director", "operations", "finance", "auditor"),
    }
    return render(request, "modes/practice.html", context)


def _settings(practice: Practice) -> list[tuple[Any, str]]:
    from salesmode.modes.models import PARTS

    shown = []
    for setting in practice.settings:
        part = PARTS[setting.part]
        shown.append((part.name, part.describe(part.shaped(practice.filled(setting.value, {})))))
    return shown
