"""The pages of leads: inbox, record, and one door for each verb."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel import lists
from salesmode.kernel.lists_page import listing_facts
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.models import Person
from salesmode.people.visibility import viewer
from salesmode.selling import forms, operations, queries
from salesmode.selling.models import Lead
from salesmode.selling.views.tabs import STORY_TABS, panel_tab, story_for, tabs_of

FACTS = ["company_name", "phone", "email", "source", "industry", "province", "city", "created_at", "first_response_at"]


def _load(request: HttpRequest, lead_id: int) -> Lead:
    leads = Lead.objects.visible_to(viewer(request)).select_related("owner", "customer", "deal", "contact")
    return get_object_or_404(leads, pk=lead_id)


@login_required
def leads(request: HttpRequest) -> HttpResponse:
    """List leads, with how long each has waited."""
    return lists.show(request, "lead", template="selling/leads.html")


@login_required
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Show one lead."""
    found = _load(request, lead_id)
    address = reverse("selling:lead", args=[found.pk])
    tab = request.GET.get("tab", "overview")
    shown: dict[str, Any] = {
        "record": found,
        "title": found.name,
        "page": queries.lead_page(found, seen_by=viewer(request)),
        "facts": listing_facts("lead", found, FACTS),
        "tabs": tabs_of(request, "lead.tabs", found, address, here=tab),
        "tab": tab,
        "has_menu": True,
    }
    if tab in STORY_TABS:
        shown["story"] = story_for(request, "lead", found.pk, tab=tab)
    else:
        shown["panel"] = panel_tab(request, "lead.tabs", found, tab)
    return render(request, "selling/lead.html", shown)


@login_required
def create_lead(request: HttpRequest) -> HttpResponse:
    """Bring a lead in."""
    form = forms.LeadForm(request.POST or None)
    made = carry_out(form, _create, by=viewer(request), at=now())
    if made is not None:
        toast(request, _("Saved."))
        return redirect("selling:lead", made.pk)
    return _form(request, {"form": form, "title": _("New lead")})


def _create(*, mine: bool, by: Person, at: datetime, **details: Any) -> Lead:
    return operations.create_lead(owner=by if mine else None, by=by, at=at, **details)


@login_required
def amend_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Change what we know of a lead."""
    found = _load(request, lead_id)
    initial = {name: getattr(found, name) for name in forms.LeadForm.base_fields}
    form = forms.LeadForm(request.POST or None, lead=found, initial=initial)
    if carry_out(
        form, partial(operations.amend_lead, found), version=version_of(request), by=viewer(request), at=now()
    ):
        toast(request, _("Saved."))
        return redirect("selling:lead", found.pk)
    return _form(request, {"form": form, "record": found, "title": _("Edit lead")})


@require_POST
@login_required
def claim_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a lead that waits."""
    found = _load(request, lead_id)
    operations.claim_lead(found, by=viewer(request), at=now())
    toast(request, _("%(lead)s is yours.") % {"lead": found.name})
    return redirect("selling:lead", found.pk)


@require_POST
@login_required
def release_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Let a lead wait for somebody else."""
    found = _load(request, lead_id)
    operations.release_lead(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("%(lead)s waits for somebody else.") % {"lead": found.name})
    return redirect("selling:leads")


@require_POST
@login_required
def respond_to_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Note that somebody spoke to a lead."""
    found = _load(request, lead_id)
    operations.respond_to_lead(found, by=viewer(request), at=now())
    toast(request, _("Written down."))
    return redirect("selling:lead", found.pk)


@login_required
def convert_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Make a customer of a lead, showing whom it might be already."""
    found = _load(request, lead_id)
    initial = {"customer_name": found.company_name or found.name, "deal_title": found.company_name or found.name}
    form = forms.ConvertLeadForm(request.POST or None, seen_by=viewer(request), initial=initial)
    if carry_out(
        form, partial(operations.convert_lead, found), version=version_of(request), by=viewer(request), at=now()
    ):
        toast(request, _("%(lead)s is a customer now.") % {"lead": found.name})
        return redirect("selling:deal", found.deal_id) if found.deal_id else redirect("selling:lead", found.pk)
    likely = queries.likely_customers(found, seen_by=viewer(request))
    context = {"form": form, "record": found, "likely": likely, "title": _("Convert the lead")}
    return _form(request, context | {"submit_label": _("Convert")}, template="selling/convert_lead.html")


@login_required
def reject_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give a lead up, with the reason."""
    found = _load(request, lead_id)
    form = forms.RejectLeadForm(request.POST or None)
    if carry_out(
        form, partial(operations.reject_lead, found), version=version_of(request), by=viewer(request), at=now()
    ):
        toast(request, _("%(lead)s was given up.") % {"lead": found.name})
        return redirect("selling:leads")
    return _form(request, {"form": form, "record": found, "title": _("Reject"), "submit_label": _("Reject")})


@login_required
def hand_over_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give a lead to somebody else."""
    found = _load(request, lead_id)
    form = forms.HandOverForm(request.POST or None)
    if carry_out(
        form, partial(operations.hand_over_lead, found), version=version_of(request), by=viewer(request), at=now()
    ):
        toast(request, _("Handed over."))
        return redirect("selling:leads")
    return _form(request, {"form": form, "record": found, "title": _("Hand over"), "submit_label": _("Hand over")})


def _form(request: HttpRequest, context: dict[str, Any], *, template: str = "selling/form.html") -> HttpResponse:
    """Show a form, a second time with what was wrong."""
    record = context.get("record")
    back = reverse("selling:lead", args=[record.pk]) if record else reverse("selling:leads")
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"cancel_url": back, "is_lead": True, **context}, status=status)
