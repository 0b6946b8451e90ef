"""The web door of interactions and follow-ups."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.customers import operations, policies, views, views_page
from salesmode.customers.forms import FollowUpForm, InteractionForm
from salesmode.customers.models import Customer, Interaction
from salesmode.kernel import lists
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer

MORNING = 9
MOST_FILES = 20


@login_required
def interactions(request: HttpRequest) -> HttpResponse:
    """List interactions."""
    return lists.show(request, "interaction", template="customers/interactions.html")


@require_GET
@login_required
def interaction(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Show one contact with a customer."""
    found = _load(request, interaction_id)
    person = viewer(request)
    about = _about(request, found.subject_kind, found.subject_id) if found.subject_kind else None
    context = {"record": found, "title": str(found), "may_amend": policies.may_amend_interaction(person, found)}
    if about is not None:
        context |= {"about": about, "about_url": _url_of(found.subject_kind, about)}
    return render(request, "customers/interaction.html", context)


def _load(request: HttpRequest, interaction_id: int) -> Interaction:
    rows = Interaction.objects.visible_to(request.user).select_related("customer", "contact", "by")
    return get_object_or_404(rows, pk=interaction_id)


def _about(request: HttpRequest, kind: str, record_id: int | None) -> Any:
    listing = LISTINGS.get(kind)
    return listing.base(request.user).filter(pk=record_id).first() if listing and kind != "interaction" else None


def _url_of(kind: str, record: Any) -> str:
    row_url = LISTINGS[kind].row_url
    return row_url(record) if row_url else "/"


@require_POST
@login_required
def log_interaction(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write down a contact with a customer, and when to speak next, in one step."""
    found = views.load(request, customer_id)
    person = viewer(request)
    form = InteractionForm(_with_next(request), customer=found, seen_by=person)
    moment = now()
    sent = [(upload.name or "", upload) for upload in request.FILES.getlist("file")[:MOST_FILES]]
    made = carry_out(form, _log, customer=found, attachments=sent, by=person, at=moment)
    if made is None:
        template = "customers/composer.html" if request.headers.get("HX-Request") else "customers/form.html"
        context = {"form": form, "record": found, "title": _("Write down"), "may": {"log": True}}
        context |= {"cancel_url": reverse("customers:customer", args=[found.pk])}
        return render(request, template, context, status=422)
    if request.headers.get("HX-Request"):
        found = views.load(request, customer_id)
        response = render(request, "customers/logged.html", _after_logging(request, found))
        response.headers["Vary"] = "HX-Request"
        return response
    toast(request, _("Written down."))
    return redirect("customers:customer", found.pk)


def _log(*, customer: Customer | None, about: Any = None, **given: Any) -> Interaction:
    return operations.log_interaction(customer, about=about, **given)


def _with_next(request: HttpRequest) -> Any:
    """Read "in three days" as a time: at nine in the morning, in the company's zone."""
    data = request.POST.copy()
    days = data.get("next_in", "")
    if days.isdigit() and 0 < int(days) < 400 and not data.get("next_contact_at"):
        morning = localtime(now()).replace(hour=MORNING, minute=0) + timedelta(days=int(days))
        data["next_contact_at"] = f"{morning:%Y-%m-%dT%H:%M}"
    return data


def _after_logging(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    person = viewer(request)
    told = views_page.story_context(request, "customer", customer.pk, limit=views_page.SHOWN_FIRST)
    told["story_url"] = reverse("customers:timeline", args=[customer.pk])
    blank = InteractionForm(customer=customer, seen_by=person, initial=InteractionForm.blank())
    planned = FollowUpForm(initial={"next_contact_at": customer.next_contact_at})
    may = {"log": True, "schedule": policies.may_schedule_follow_up(person, customer)}
    return told | {"record": customer, "form": blank, "follow_up": planned, "may": may}


@login_required
def log_interaction_about(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """Write down a contact about a deal or a lead."""
    about = _about(request, kind, record_id)
    if about is None or not hasattr(about, "owner_id"):
        raise Http404
    customer = about if isinstance(about, Customer) else getattr(about, "customer", None)
    person = viewer(request)
    form = InteractionForm(
        _with_next(request) if request.method == "POST" else None,
        customer=customer,
        seen_by=person,
        initial=InteractionForm.blank(),
    )
    moment = now()
    sent = [(upload.name or "", upload) for upload in request.FILES.getlist("file")[:MOST_FILES]]
    written = partial(_log, customer=None, about=about, attachments=sent)
    if form.is_bound and carry_out(form, written, by=person, at=moment) is not None:
        toast(request, _("Written down."))
        return redirect(_url_of(kind, about))
    context = {
        "form": form,
        "title": _("Contact about %(record)s") % {"record": about},
        "cancel_url": _url_of(kind, about),
    }
    return render(request, "customers/form.html", context | {"record": about}, status=422 if form.is_bound else 200)


@login_required
def amend_interaction(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Correct what was written about a contact with a customer."""
    found = _load(request, interaction_id)
    person = viewer(request)
    initial = {name: getattr(found, name) for name in InteractionForm.base_fields}
    form = InteractionForm(request.POST or None, customer=found.customer, seen_by=person, initial=initial)
    act = partial(_amend, interaction=found, version=version_of(request))
    if form.is_bound and carry_out(form, act, by=person, at=now()) is not None:
        toast(request, _("Saved."))
        return redirect("customers:interaction", found.pk)
    context = {"form": form, "title": _("Correct"), "record": found, "version": found.version}
    context |= {"cancel_url": reverse("customers:interaction", args=[found.pk])}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


def _amend(*, interaction: Interaction, happened_at: Any, **changes: Any) -> Interaction:
    kept = interaction.happened_at.replace(second=0, microsecond=0)
    moved = {} if happened_at in (None, kept) else {"happened_at": happened_at}
    return operations.amend_interaction(interaction, **changes, **moved)


@require_POST
@login_required
def schedule_follow_up(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Plan when to speak with a customer next."""
    found = views.load(request, customer_id)
    form = FollowUpForm(_with_next(request))
    if carry_out(form, _schedule, customer=found, by=viewer(request), at=now()) is None:
        return views.ask(request, form, _("Next contact"), found)
    if request.headers.get("HX-Request"):
        context = {"record": found, "may": {"schedule": True}, "follow_up": FollowUpForm(initial=form.cleaned_data)}
        return render(request, "customers/next_step.html", context)
    toast(request, _("Planned."))
    return redirect("customers:customer", found.pk)


def _schedule(*, customer: Customer, **given: Any) -> Customer:
    return operations.schedule_follow_up(customer, **given)
