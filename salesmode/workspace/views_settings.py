"""The settings pages of the company itself, and the audit log."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import operations as kernel
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.models import Company, CustomField
from salesmode.kernel.pages import carry_out, version_of
from salesmode.kernel.periods import starts_at
from salesmode.workspace import queries
from salesmode.workspace.forms import AuditForm, CustomFieldForm, SettingsForm


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """Change what holds for the whole company."""
    shown = Company.objects.current()
    form = SettingsForm(
        request.POST or None, initial={field: getattr(shown, field) for field in SettingsForm.base_fields}
    )
    if request.method == "POST" and carry_out(
        form, lambda **changes: kernel.amend_company(shown, **changes, by=request.user, at=now())
    ):
        messages.success(request, _("Saved."))
        return redirect("workspace:company")
    return render(request, "workspace/company.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def custom_fields(request: HttpRequest) -> HttpResponse:
    """Show the fields that the company added to its records."""
    return render(request, "workspace/custom_fields.html", {"groups": queries.custom_fields_by_kind()})


@require_http_methods(["GET", "POST"])
def define_custom_field(request: HttpRequest) -> HttpResponse:
    """Add a field to a kind of record."""
    form = CustomFieldForm(request.POST or None, kinds=_kinds(), initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and carry_out(
        form, lambda **answers: kernel.define_custom_field(**answers, by=request.user, at=now())
    ):
        messages.success(request, _("The field is on its records from now on."))
        return redirect("workspace:custom_fields")
    context = {"form": form, "cancel_url": reverse("workspace:custom_fields")}
    return render(request, "workspace/custom_field.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def amend_custom_field(request: HttpRequest, field_id: int) -> HttpResponse:
    """Change a field's names, choices or place."""
    field = get_object_or_404(CustomField, pk=field_id)
    initial = {name: getattr(field, name) for name in ("label_zh", "label_en", "is_required", "position")}
    initial["choices"] = "\n".join(field.choices)
    form = CustomFieldForm(request.POST or None, kinds=_kinds(), field=field, initial=initial)
    if request.method == "POST" and carry_out(
        form, partial(kernel.amend_custom_field, field), version=version_of(request), by=request.user, at=now()
    ):
        messages.success(request, _("Saved."))
        return redirect("workspace:custom_fields")
    context = {"form": form, "field": field, "cancel_url": reverse("workspace:custom_fields"), "version": field.version}
    return render(request, "workspace/custom_field.html", context, status=422 if form.is_bound else 200)


@require_POST
def retire_custom_field(request: HttpRequest, field_id: int) -> HttpResponse:
    """Take a field out of use; what was entered in it stays."""
    kernel.retire_custom_field(get_object_or_404(CustomField, pk=field_id), by=request.user, at=now())
    messages.success(request, _("The field is out of use. What was entered in it stays."))
    return redirect("workspace:custom_fields")


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Show who did what to which record, when."""
    form = AuditForm(request.GET or None, kinds=queries.event_kinds())
    answers = form.cleaned_data if form.is_valid() else {}
    zone = Company.objects.current().zone
    first, last = answers.get("first"), answers.get("last")
    chosen = queries.AuditFilter(
        actor_id=answers["actor"].pk if answers.get("actor") else None,
        kind=answers.get("kind", ""),
        record_id=answers.get("record"),
        first=starts_at(first, zone) if first else None,
        until=starts_at(last + timedelta(days=1), zone) if last else None,
    )
    lines, further = queries.audit_log(chosen, seen_by=request.user, before=answers.get("before"))
    context = {"form": form, "lines": lines, "further": further}
    return render(request, "workspace/audit.html", context, status=422 if form.errors else 200)


def _kinds() -> list[tuple[str, str]]:
    return [
        (kind, str(LISTINGS[kind].title)) if kind in LISTINGS else (kind, kind) for kind in queries.extensible_kinds()
    ]
