"""Adopt, adjust and take back: always seen first."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from salesmode.analytics.metrics import metric
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.modes import forms, operations, policies, queries
from salesmode.modes.models import AdoptedPractice, Adoption
from salesmode.people.visibility import viewer


@login_required
def adopt(request: HttpRequest) -> HttpResponse:
    """Choose, see what would change, confirm: `?mode=` or `?practice=` says what, the rest is asked."""
    person = viewer(request)
    given = request.POST if request.method == "POST" else request.GET
    mode, practices = given.get("mode", ""), given.getlist("practice")
    if not mode and not practices:
        return _choose(request)
    try:
        bundle, chosen = queries.chosen_practices(mode, practices)
    except Invalid:
        return _choose(request)
    if bundle and not policies.may_adopt_mode(person):
        raise NotAllowed
    asked = given if "from_day" in given else None
    form = forms.AdoptForm(asked, seen_by=person, initial={"from_day": localdate(), "team": given.get("team", "")})
    parameters = forms.ParametersForm(asked, practices=chosen)
    shown: dict[str, Any] = {
        "form": form, "parameters": parameters, "mode": bundle, "chosen": chosen, "mode_code": mode,
        "picked": practices, "stale": False, "refused": False,
    }  # fmt: skip
    if not (form.is_valid() and parameters.is_valid()):
        return render(request, "modes/adopt.html", shown, status=422 if asked else 200)
    wanted = {
        "team": form.cleaned_data["team"], "mode": mode, "practices": [each.code for each in chosen],
        "parameters": parameters.parameters, "from_day": form.cleaned_data["from_day"],
    }  # fmt: skip
    if request.method == "POST" and "confirm" in request.POST:
        try:
            made = operations.adopt(
                **wanted, seen=request.POST.get("seen", ""), note=form.cleaned_data["note"], by=person, at=now()
            )
        except operations.PreviewStale:
            shown["stale"] = True
        except NotAllowed:
            shown["refused"] = True
        else:
            messages.success(request, _("Adopted. Everything can be taken back from this page."))
            return redirect("modes:adoption", made.pk)
    try:
        preview = queries.preview(**wanted)
    except Invalid as refusal:
        form.add_error(None, [text for texts in refusal.fields.values() for text in texts])
        return render(request, "modes/adopt.html", shown, status=422)
    shown |= {
        "preview": preview,
        "cards": ([metric(code) for code in preview.cards_before], [metric(code) for code in preview.cards_after]),
        "changed": sum(not each.is_same for each in preview.changes),
    }
    return render(
        request, "modes/preview.html", shown, status=409 if shown["stale"] else 403 if shown["refused"] else 200
    )


def _choose(request: HttpRequest) -> HttpResponse:
    person = viewer(request)
    modes = list(queries.library().modes.values()) if policies.may_adopt_mode(person) else []
    context = {
        "modes": modes, "practices": list(queries.library().practices.values()), "team": request.GET.get("team", ""),
    }  # fmt: skip
    return render(request, "modes/choose.html", context)


def _adoption(request: HttpRequest, adoption_id: int) -> Adoption:
    rows = Adoption.objects.visible_to(request.user).select_related("team", "by")
    return get_object_or_404(rows, pk=adoption_id)


def _practice(request: HttpRequest, practice_id: int) -> AdoptedPractice:
    rows = AdoptedPractice.objects.visible_to(request.user).select_related("team", "adoption")
    return get_object_or_404(rows, pk=practice_id)


@login_required
def adoption(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Show what was taken up at once: what it changed, what became of it."""
    found, person = _adoption(request, adoption_id), viewer(request)
    rows = list(found.practices.select_related("team").order_by("pk"))
    known = queries.library()
    undo = queries.undo_of([row for row in rows if row.is_in_force], localdate())
    context = {
        "record": found,
        "mode": known.modes.get(found.mode),
        "rows": [
            (row, known.practices.get(row.code), [each for each in undo if each.change.practice_id == row.pk])
            for row in rows
        ],
        "steps": queries.steps_of(found),
        "may_take_back": found.is_in_force and policies.may_take_back(person, found),
        "may_adjust": any(policies.may_adjust(person, row) for row in rows),
    }
    return render(request, "modes/adoption.html", context)


@login_required
def take_back_adoption(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Give up everything that was taken up at once, having seen what becomes what."""
    found = _adoption(request, adoption_id)
    rows = list(found.practices.filter(ended_at=None))
    title = _("Take the adoption back")
    return _take_back(request, rows, partial(operations.take_back_adoption, found), found.pk, title)


@login_required
def take_back_practice(request: HttpRequest, practice_id: int) -> HttpResponse:
    """Give up one practice, having seen what becomes what."""
    found = _practice(request, practice_id)
    known = queries.library().practices.get(found.code)
    title = _("Take back: %(name)s") % {"name": known.name if known else found.code}
    return _take_back(request, [found], partial(operations.take_back_practice, found), found.adoption_id, title)


def _take_back(
    request: HttpRequest, rows: list[AdoptedPractice], act: Any, adoption_id: int, title: str
) -> HttpResponse:
    form = forms.TakeBackForm(request.POST or None, initial={"on": localdate()})
    answers = {key.removeprefix("moved."): value for key, value in request.POST.items() if key.startswith("moved.")}
    keep = [int(key) for key, value in answers.items() if value == "keep" and key.isdecimal()]
    restore = [int(key) for key, value in answers.items() if value == "restore" and key.isdecimal()]
    unanswered = False
    if form.is_valid():
        try:
            act(on=form.cleaned_data["on"], keep=keep, restore=restore, by=viewer(request), at=now())
        except operations.ChangedSince:
            unanswered = True
        else:
            messages.success(request, _("Taken back."))
            return redirect("modes:adoption", adoption_id)
    context = {
        "form": form, "title": title, "undo": queries.undo_of([row for row in rows if row.is_in_force], localdate()),
        "unanswered": unanswered, "cancel_url": reverse("modes:adoption", args=[adoption_id]),
    }  # fmt: skip
    return render(request, "modes/take_back.html", context, status=409 if unanswered else 422 if form.errors else 200)


@login_required
def adjust_practice(request: HttpRequest, practice_id: int) -> HttpResponse:
    """Set other parameters: see what would change, then confirm."""
    found = _practice(request, practice_id)
    practice = queries.library().practices.get(found.code)
    if practice is None or not policies.may_adjust(viewer(request), found):
        raise NotAllowed
    asked = request.POST or None
    form = forms.AdjustForm(asked, initial={"from_day": localdate()})
    parameters = forms.ParametersForm(asked, practices=[practice], now={practice.code: found.parameters})
    shown: dict[str, Any] = {"record": found, "practice": practice, "form": form, "parameters": parameters}
    if not (form.is_valid() and parameters.is_valid()):
        return render(request, "modes/adjust.html", shown, status=422 if asked else 200)
    wanted = {"parameters": parameters.parameters[practice.code], "from_day": form.cleaned_data["from_day"]}
    if "confirm" in request.POST:
        try:
            operations.adjust_practice(found, **wanted, seen=request.POST.get("seen", ""), by=viewer(request), at=now())
        except operations.PreviewStale:
            shown["stale"] = True
        else:
            messages.success(request, _("Adjusted."))
            return redirect("modes:adoption", found.adoption_id)
    shown["preview"] = queries.adjustment(found, **wanted)
    return render(request, "modes/adjust.html", shown, status=409 if shown.get("stale") else 200)
