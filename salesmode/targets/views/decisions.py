"""The pages of the decision log."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer
from salesmode.targets import operations, policies
from salesmode.targets.forms.alerts import DecisionForm, LessonForm
from salesmode.targets.models import Alert, Decision
from salesmode.targets.queries.decision_page import course, records_of

USUAL_DAYS = 30


def _load(request: HttpRequest, decision_id: int) -> Decision:
    rows = Decision.objects.visible_to(viewer(request)).select_related("owner", "person", "team", "alert__rule")
    return get_object_or_404(rows, pk=decision_id)


@require_GET
@login_required
def decisions(request: HttpRequest) -> HttpResponse:
    """List the decisions."""
    return lists.show(request, "decision")


def _show(request: HttpRequest, found: Decision, form: LessonForm, status: int = 200) -> HttpResponse:
    person, today = viewer(request), localdate()
    may_see_alert = found.alert_id and Alert.objects.visible_to(person).filter(pk=found.alert_id).exists()
    context = {
        "record": found,
        "title": found.title,
        "course": course(found, today=today),
        "records": records_of(found),
        "form": form,
        "alert": found.alert if may_see_alert else None,
        "is_due": not found.is_reviewed and found.review_on <= today,
        "may_review": policies.may_review_decision(person, found),
        "may_learn": found.is_reviewed and policies.may_note_lesson(person, found),
    }
    return render(request, "targets/decision.html", context, status=status)


@require_GET
@login_required
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Show a decision: why, what was expected, what became of it."""
    found = _load(request, decision_id)
    return _show(request, found, LessonForm(initial={"lesson": found.lesson}))


@require_http_methods(["GET", "POST"])
@login_required
def take_decision(request: HttpRequest) -> HttpResponse:
    """Write a decision down, from an alert (`?alert=7`) or from a page (`?metric=win_rate&whose=team:3`)."""
    alert: Alert | None = None
    named = request.GET.get("alert", "")
    if named.isascii() and named.isdigit() and len(named) < 19:
        alerts = Alert.objects.visible_to(viewer(request)).select_related("rule", "owner", "team")
        alert = get_object_or_404(alerts, pk=int(named))
    initial: dict[str, Any] = {"review_on": localdate() + timedelta(days=USUAL_DAYS), **_named(request, alert)}
    form = DecisionForm(request.POST or None, by=viewer(request), initial=initial)
    act = partial(operations.take_decision, alert=alert)
    made = carry_out(form, act, by=viewer(request), at=now()) if request.POST else None
    if made is not None:
        toast(request, _("The decision is written down."))
        return redirect("targets:decision", made.pk)
    context = {
        "form": form,
        "alert": alert,
        "title": _("New decision"),
        "submit_label": _("Write it down"),
        "cancel_url": reverse("targets:decisions"),
        "back_url": reverse("targets:decisions"),
        "back_label": _("Decisions"),
    }
    return render(request, "targets/alert_form.html", context, status=422 if form.is_bound else 200)


def _named(request: HttpRequest, alert: Alert | None) -> dict[str, str]:
    if alert is None:
        return {name: said for name in ("metric", "whose") if (said := request.GET.get(name, ""))}
    return {"metric": alert.metric, "whose": f"{alert.unit}:{alert.key}" if alert.key else alert.unit}


@require_POST
@login_required
def review_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Measure a decision's number again, once its date has come."""
    found = _load(request, decision_id)
    operations.review_decision(found, version=version_of(request), by=viewer(request), at=now())
    return redirect("targets:decision", found.pk)


@require_POST
@login_required
def note_lesson(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Write down what was learned."""
    found, form = _load(request, decision_id), LessonForm(request.POST)
    act = partial(operations.note_lesson, found)
    if carry_out(form, act, version=version_of(request), by=viewer(request), at=now()) is None:
        return _show(request, found, form, status=422)
    toast(request, _("Noted."))
    return redirect("targets:decision", found.pk)
