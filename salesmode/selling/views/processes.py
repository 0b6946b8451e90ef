"""The settings pages of processes, stages and loss reasons."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer
from salesmode.selling import forms, operations
from salesmode.selling.models import LossReason, Process


@login_required
def processes(request: HttpRequest) -> HttpResponse:
    """List the ways of selling."""
    is_open = Q(deals__outcome="open")
    rows = Process.objects.annotate(open_deals=Count("deals", filter=is_open)).order_by("-is_default", "name")
    reasons = LossReason.objects.in_use()
    return render(request, "selling/processes.html", {"title": _("Processes"), "processes": rows, "reasons": reasons})


@login_required
def define_process(request: HttpRequest) -> HttpResponse:
    """Write a new way of selling down."""
    form = forms.ProcessForm(request.POST or None)
    suggested = [vars(draft) for draft in operations.standard_process_drafts(viewer(request).language or "en")]
    initial = [draft | {"place": place} for place, draft in enumerate(suggested, start=1)]
    stages = forms.StageForms(request.POST or None, prefix="stages", initial=initial)
    right = form.is_valid() and stages.is_valid()
    if right and carry_out(form, _define, stages=forms.drafts(stages), by=viewer(request), at=now()):
        toast(request, _("Saved."))
        return redirect("selling:processes")
    return _form(request, {"form": form, "stages": stages, "title": _("New process")})


def _define(*, is_active: bool, **given: Any) -> Process:
    return operations.define_process(**given)


@login_required
def process(request: HttpRequest, process_id: int) -> HttpResponse:
    """Change a way of selling: rename, add, reorder and retire its stages."""
    found = get_object_or_404(Process, pk=process_id)
    initial = {name: getattr(found, name) for name in forms.ProcessForm.base_fields}
    form = forms.ProcessForm(request.POST or None, initial=initial)
    fields = ("id", "name", "probability", "category", "expected_days")
    there = list(found.stages.in_use().in_order().values(*fields))
    initial_stages = [
        stage | {"place": place, "probability": f"{stage['probability'].normalize():f}"}
        for place, stage in enumerate(there, start=1)
    ]
    stages = forms.StageForms(request.POST or None, prefix="stages", initial=initial_stages)
    if form.is_valid() and stages.is_valid():
        amend = partial(operations.amend_process, found, version=version_of(request))
        if carry_out(form, amend, stages=forms.drafts(stages), by=viewer(request), at=now()):
            toast(request, _("Saved. Deals keep their stages; retired ones stay in history."))
            return redirect("selling:processes")
    return _form(request, {"form": form, "stages": stages, "title": found.name, "record": found})


@login_required
def loss_reasons(request: HttpRequest) -> HttpResponse:
    """Decide which reasons a loss can have."""
    rows = list(LossReason.objects.order_by("id"))
    initial = [{"id": row.pk, "name": row.name, "is_active": row.is_active} for row in rows]
    reasons = forms.LossReasonForms(request.POST or None, prefix="reasons", initial=initial)
    if request.method == "POST" and reasons.is_valid():
        known = {row.pk: row for row in rows}
        for given in (form.cleaned_data for form in reasons if form.has_changed() and form.cleaned_data.get("name")):
            row = known.get(given["id"] or 0)
            if row is None:
                operations.define_loss_reason(name=given["name"], by=viewer(request), at=now())
            else:
                changes = {"name": given["name"], "is_active": given["is_active"]}
                operations.amend_loss_reason(row, **changes, by=viewer(request), at=now())
        toast(request, _("Saved."))
        return redirect("selling:processes")
    return _form(request, {"reasons": reasons, "title": _("Loss reasons")})


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show a form, a second time with what was wrong."""
    status = 422 if request.method == "POST" else 200
    shown = {"cancel_url": reverse("selling:processes"), **context}
    return render(request, "selling/process_form.html", shown, status=status)
