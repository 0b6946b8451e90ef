"""The web door for acts on several customers at once: a form about the selection, then the act."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from salesmode.customers import operations
from salesmode.customers.forms import HandOverForm, ReleaseForm, TagsForm
from salesmode.customers.models import Customer
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.pages import carry_out, toast, way_back
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.visibility import viewer


def _chosen(request: HttpRequest, kind: str = "customer") -> list[Customer]:
    rows = LISTINGS[kind].selected(request.POST, seen_by=viewer(request))
    if not rows:
        raise Invalid(message=_("Select at least one customer."))
    return rows


def _back(request: HttpRequest, route: str = "customers:customers") -> HttpResponse:
    return redirect(way_back(request, otherwise=route))


def _ask(request: HttpRequest, form: forms.Form, rows: list[Customer], title: Any, label: Any) -> HttpResponse:
    back = way_back(request, otherwise=reverse("customers:customers"))
    context = {"form": form, "rows": rows, "title": title, "submit_label": label, "next": back, "cancel_url": back}
    return render(request, "customers/bulk.html", context, status=422 if form.is_bound else 200)


def _answered(request: HttpRequest) -> Any:
    """Return what the form said, once it has been shown."""
    return request.POST if request.POST.get("step") == "2" else None


@require_POST
@login_required
def hand_over_customers(request: HttpRequest) -> HttpResponse:
    """Give several customers to somebody else."""
    rows, form = _chosen(request), HandOverForm(_answered(request))
    if form.is_bound and carry_out(form, _hand_over, rows=rows, by=viewer(request), at=now()) is not None:
        toast(request, _many(len(rows)))
        return _back(request)
    return _ask(request, form, rows, _("Hand over customers"), _("Hand over"))


def _hand_over(*, rows: list[Customer], **given: Any) -> list[Customer]:
    return operations.hand_over_customers(rows, **given)


@require_POST
@login_required
def tag_customers(request: HttpRequest) -> HttpResponse:
    """Put tags on several customers, or take them off."""
    rows, form = _chosen(request), TagsForm(_answered(request))
    if form.is_bound and carry_out(form, _tag, rows=rows, by=viewer(request), at=now()) is not None:
        toast(request, _many(len(rows)))
        return _back(request)
    return _ask(request, form, rows, _("Tag customers"), _("Save"))


def _tag(*, rows: list[Customer], **given: Any) -> list[Customer]:
    return operations.tag_customers(rows, **given)


@require_POST
@login_required
def release_customers(request: HttpRequest) -> HttpResponse:
    """Put several customers back into the pool."""
    rows, form = _chosen(request), ReleaseForm(_answered(request))
    if form.is_bound and carry_out(form, _release, rows=rows, by=viewer(request), at=now()) is not None:
        toast(request, _many(len(rows)))
        return _back(request)
    return _ask(request, form, rows, _("Release customers to the pool"), _("Release"))


def _release(*, rows: list[Customer], **given: Any) -> list[Customer]:
    return operations.release_customers(rows, **given)


@require_POST
@login_required
def claim_customers(request: HttpRequest) -> HttpResponse:
    """Take several customers out of the pool; those that somebody else took meanwhile are left out."""
    taken, refused = 0, 0
    for customer in _chosen(request, "pool"):
        try:
            operations.claim_customer(customer, by=viewer(request), at=now())
            taken += 1
        except Refusal:
            refused += 1
    if not taken:
        raise Invalid(message=_("Somebody has already claimed these customers, or you may not claim any."))
    toast(
        request,
        _many(taken)
        if not refused
        else _("%(taken)s claimed, %(refused)s not.") % {"taken": taken, "refused": refused},
    )
    return redirect("customers:customers")


def _many(count: int) -> str:
    return ngettext("%(count)s customer changed.", "%(count)s customers changed.", count) % {"count": count}
