"""Whether practices are done, and whether they work."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.analytics.metrics import metric
from salesmode.customers.timeline import SENTENCES, Moment, names_behind
from salesmode.kernel.pages import carry_out
from salesmode.kernel.refusals import Invalid
from salesmode.modes import forms, operations, policies, queries
from salesmode.modes.models import AdoptedPractice, Effect, Practice
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids, viewer

WEEKS = (12, 26, 52)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@login_required
def sheets(request: HttpRequest) -> HttpResponse:
    """Show for each practice of a team who did it in which week."""
    person, today = viewer(request), localdate()
    teams = queries.teams_shown(person)
    chosen = next((team for team in teams if team.pk == _number(request.GET.get("team"))), None)
    team = chosen or next((each for each in teams if queries.running_for(each.pk, today)), None)
    weeks = _number(request.GET.get("weeks"))
    weeks = weeks if weeks in WEEKS else WEEKS[0]
    keys = queries.tree().below(team.pk) if team else []
    seen = seen_owner_ids(person)
    found = [
        queries.sheet(each, today=today, weeks=weeks, teams=keys, people=seen)
        for each in (queries.running_for(team.pk, today) if team else [])
    ]
    context = {
        "teams": teams, "team": team, "sheets": found, "weeks": weeks, "week_choices": WEEKS,
        "may_adopt": person.role in ("manager", "director", "operations"),
    }  # fmt: skip
    return render(request, "modes/sheets.html", context)


@login_required
def events(request: HttpRequest) -> HttpResponse:
    """Show the events behind a cell: what counted for one person or team in one week."""
    person = viewer(request)
    row = get_object_or_404(
        AdoptedPractice.objects.visible_to(person).select_related("team"), pk=_number(request.GET.get("row")) or 0
    )
    practice = queries.library().practices.get(row.code)
    unit = _unit(person, request.GET.get("of", ""))
    try:
        week = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        raise Invalid({"week": [_("Write the week's Monday: 2026-03-02.")]}) from None
    if practice is None or unit is None:
        raise Http404
    found = queries.events_of(queries.Running(practice, row), unit, week)
    names = names_behind([each.facts for each in found])
    lines = [(each, _told(each.name, each.facts, names), _address(each)) for each in found]
    context = {"practice": practice, "row": row, "unit": unit, "week": week, "lines": lines}
    return render(request, "modes/events.html", context)


def _unit(person: Person, code: str) -> Any:
    kind, _dash, key = code.partition("-")
    number = _number(key)
    if kind == "person":
        seen = seen_owner_ids(person)
        return Person.objects.people().filter(pk=number).first() if seen is None or number in seen else None
    teams: list[Team] = queries.teams_shown(person)
    return next((team for team in teams if team.pk == number), None) if kind == "team" else None


def _told(name: str, facts: dict[str, Any], names: dict[tuple[str, int], str]) -> str:
    sentence = SENTENCES.get(name)
    return str(sentence.tell(Moment(name, facts, names))) if sentence else name


def _address(event: Any) -> str:
    """Return the page of the record that an event is about, where it has one."""
    pages = {
        "deal": ("selling:deal", "deal_id"), "customer": ("customers:customer", "customer_id"),
        "interaction": ("customers:interaction", "interaction_id"), "lead": ("selling:lead", "lead_id"),
        "visit": ("customers:visit", "visit_id"),
    }  # fmt: skip
    page = pages.get(event.subject_kind)
    try:
        return reverse(page[0], args=[event.subject_id]) if page else ""
    except Exception:
        return ""


@login_required
def effects(request: HttpRequest) -> HttpResponse:
    """List modes and practices that somebody does, with what is known of their effect."""
    person = viewer(request)
    known = queries.library()
    there = {each.subject: each for each in Effect.objects.all()}
    lines = []
    for subject, what in [
        *((f"mode:{mode.code}", mode) for mode in known.modes.values()),
        *((f"practice:{practice.code}", practice) for practice in known.practices.values()),
    ]:
        adopters = queries.adopted_by(subject)
        if adopters and queries.may_look_at_effect(person, subject):
            lines.append((subject, what, adopters, there.get(subject), metric(what.moves.metric)))
    return render(request, "modes/effects.html", {"lines": lines, "may_ask": policies.may_request_effect(person)})


@login_required
def effect(request: HttpRequest, subject: str) -> HttpResponse:
    """Show whether a practice or mode works: both courses, the effect with its interval, and what that rests on."""
    person = viewer(request)
    what = _subject(subject)
    if not queries.may_look_at_effect(person, subject):
        raise Http404
    found = Effect.objects.filter(subject=subject).first()
    rows = []
    if isinstance(what, Practice):
        there = AdoptedPractice.objects.in_force().visible_to(person).filter(code=what.code).select_related("team")
        rows = [(row, policies.may_decide(person, row), forms.DecideForm(prefix=f"row{row.pk}")) for row in there]
    teams = queries.tree().teams
    result = found.result if found and found.measured_at else {}
    context = {
        "subject": subject, "what": what, "found": found, "result": result, "metric": metric(what.moves.metric),
        "points": _points(result), "rows": rows, "may_ask": policies.may_request_effect(person),
        "adopters": [teams[int(key)].name for key in result.get("adopters", {}) if int(key) in teams],
        "is_practice": isinstance(what, Practice),
    }  # fmt: skip
    return render(request, "modes/effect.html", context)


def _points(result: dict[str, Any]) -> list[dict[str, Any]]:
    lines = result.get("lines", {})
    start = result.get("start")
    return [
        {
            "label": month,
            "value": lines["adopters"][place],
            "previous": lines["others"][place],
            "is_start": place == start,
        }
        for place, month in enumerate(result.get("months", []))
    ]


def _subject(subject: str) -> Any:
    try:
        return queries.subject_of(subject)
    except Invalid:
        raise Http404 from None


@require_POST
@login_required
def request_effect(request: HttpRequest, subject: str) -> HttpResponse:
    """Ask for the effect to be worked out with the newest numbers."""
    _subject(subject)
    if not queries.may_look_at_effect(viewer(request), subject):
        raise Http404
    operations.request_effect(subject, by=viewer(request), at=now())
    messages.success(request, _("It is being worked out. Reload the page in a moment."))
    return redirect("modes:effect", subject)


@require_POST
@login_required
def decide_on_practice(request: HttpRequest, practice_id: int) -> HttpResponse:
    """Decide what becomes of a practice, and go where that is done."""
    rows = AdoptedPractice.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=practice_id)
    form = forms.DecideForm(request.POST, prefix=f"row{found.pk}")
    version = _number(request.POST.get("version"))
    decided = carry_out(
        form, lambda **given: operations.decide_on_practice(found, version=version, **given), by=request.user, at=now()
    )
    if decided is None:
        raise Invalid({"decision": [_("Choose keep, adjust or take back.")]})
    messages.success(request, _("Your decision is written down."))
    onward = {"adjust": "modes:adjust_practice", "take_back": "modes:take_back_practice"}.get(decided.decision)
    return redirect(onward, decided.pk) if onward else redirect("modes:effect", f"practice:{decided.code}")
