"""The web door of what belongs to visits: frequencies, the radius, kinds of visits and their steps."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from salesmode.customers import operations, policies
from salesmode.customers.forms import VisitRulesForm, VisitTypeForm
from salesmode.customers.models import VisitRules, VisitType
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer


@require_http_methods(["GET", "POST"])
@login_required
def visit_rules(request: HttpRequest) -> HttpResponse:
    """Show and change how often customers are visited, and the kinds of visits."""
    rules, person = VisitRules.objects.current(), viewer(request)
    form = VisitRulesForm(request.POST or None, rules=rules)
    kept = carry_out(form, operations.set_visit_rules, by=person, at=now())
    if kept is not None:
        toast(request, _("The rules for visits are kept. They hold for months that are planned from now on."))
        return redirect("customers:visit_rules")
    kinds = VisitType.objects.order_by("-is_active", "name", "id")
    context = {"form": form, "kinds": kinds, "may_set": policies.may_set_visit_rules(person)}
    return render(request, "customers/visit_rules.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@login_required
def define_visit_type(request: HttpRequest) -> HttpResponse:
    """Define a kind of visit."""
    return _define(request, None)


@require_http_methods(["GET", "POST"])
@login_required
def amend_visit_type(request: HttpRequest, visit_type_id: int) -> HttpResponse:
    """Change a kind of visit and its steps."""
    return _define(request, get_object_or_404(VisitType, pk=visit_type_id))


def _define(request: HttpRequest, kind: VisitType | None) -> HttpResponse:
    initial = {"name": kind.name, "steps": kind.steps, "is_active": kind.is_active} if kind else {}
    form = VisitTypeForm(request.POST or None, initial=initial)
    given: dict[str, Any] = {"by": viewer(request), "at": now(), "version": version_of(request) if kind else None}
    kept = carry_out(form, lambda **fields: operations.define_visit_type(kind, **fields, **given))
    if kept is not None:
        toast(request, _("Saved."))
        return redirect("customers:visit_rules")
    title = kind.name if kind else _("New kind of visit")
    context = {"form": form, "title": title, "cancel_url": reverse("customers:visit_rules")}
    context["version"] = kind.version if kind else None
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)
