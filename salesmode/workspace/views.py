"""The workspace's own pages: today, the inbox, saved views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.pages import carry_out
from salesmode.kernel.panels import panels_for
from salesmode.selling.queries import quiet_year
from salesmode.workspace import operations, queries
from salesmode.workspace.forms import ViewForm
from salesmode.workspace.models import Notification, SavedView
from salesmode.workspace.panels import day_of, kept_query


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show what wants attention today: one card for each thing that apps add, one query each."""
    day = day_of(request)
    context = {
        "day": day,
        "cards": panels_for("today.cards", request, day),
        "can_widen": day.can_widen,
        "old_year": quiet_year(day.first),
    }
    return render(request, "workspace/today.html", context)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what one was told."""
    before = request.GET.get("before", "")
    notes, further = queries.inbox(
        request.user, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    return render(request, "workspace/inbox.html", {"notes": notes, "further": further})


@require_POST
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Read a note and go where it leads."""
    note = get_object_or_404(Notification.objects.visible_to(request.user), pk=notification_id)
    operations.read_notifications(request.user, only=note, by=request.user, at=now())
    return redirect(note.url or "workspace:inbox")


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """Show the bell anew: an open page asks now and then, and when somebody comes back to it."""
    shown = {"panel": {"unread": queries.unread_count(request.user)}}
    return render(request, "workspace/bell.html", shown)


@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Mark everything in the inbox as read."""
    operations.read_notifications(request.user, by=request.user, at=now())
    return redirect("workspace:inbox")


@require_http_methods(["GET", "POST"])
def save_view(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep a list's filters, order and columns under a name."""
    form = ViewForm(request.POST or None, initial={"query": kept_query(request.GET), "shared_with": "me"})
    back = _list_page(request, kind)
    if request.method == "POST":
        view = carry_out(form, operations.save_view, list_kind=kind, by=request.user, at=now())
        if view is not None:
            messages.success(request, _("The view is kept."))
            return redirect(f"{back}?{view.query}" if view.query else back)
    context = {"form": form, "cancel_url": back, "listing": LISTINGS.get(kind), "back": back}
    return render(request, "workspace/view.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def amend_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Give a saved view another name or audience."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=view_id)
    fields = ("name", "shared_with", "query")
    form = ViewForm(request.POST or None, initial={field: getattr(view, field) for field in fields})
    back = _list_page(request, view.list_kind)
    if request.method == "POST" and carry_out(
        form, lambda **changes: operations.amend_view(view, **changes, by=request.user, at=now())
    ):
        return redirect(f"{back}?{view.query}" if view.query else back)
    context = {"form": form, "view": view, "cancel_url": back, "listing": LISTINGS.get(view.list_kind), "back": back}
    return render(request, "workspace/view.html", context, status=422 if form.is_bound else 200)


@require_POST
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Throw a saved view away."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=view_id)
    back = _list_page(request, view.list_kind)
    operations.delete_view(view, by=request.user, at=now())
    messages.success(request, _("The view is gone."))
    return redirect(back)


def _list_page(request: HttpRequest, kind: str) -> str:
    """Return the address of the list that a view belongs to: where the person came from, else the start page."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted.partition("?")[0]
    return reverse("workspace:today")
