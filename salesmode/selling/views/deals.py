"""The pages of deals: list, record, and one door for each verb."""

from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.customers.models import Customer
from salesmode.kernel import lists
from salesmode.kernel.lists_page import listing_facts
from salesmode.kernel.pages import carry_out, piece, toast, version_of
from salesmode.kernel.panels import panels_for
from salesmode.people.visibility import viewer
from salesmode.selling import forms, operations, queries
from salesmode.selling.models import Deal, Stage
from salesmode.selling.views.tabs import STORY_TABS, panel_tab, story_for, tabs_of

FACTS = ["amount", "closes_on", "category", "source", "type", "push_count", "last_interaction_at", "opened_at"]


def _load(request: HttpRequest, deal_id: int) -> Deal:
    deals = Deal.objects.visible_to(viewer(request))
    related = ("customer", "contact", "owner", "stage", "process", "loss_reason")
    return get_object_or_404(deals.select_related(*related), pk=deal_id)


@login_required
def deals(request: HttpRequest) -> HttpResponse:
    """List deals."""
    return lists.show(request, "deal", template="selling/deals.html")


@login_required
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show one deal: overview, timeline, and what other apps know of it."""
    found = _load(request, deal_id)
    address = reverse("selling:deal", args=[found.pk])
    tab = request.GET.get("tab", "overview")
    shown: dict[str, Any] = {
        "record": found,
        "title": found.title,
        "page": queries.deal_page(found, seen_by=viewer(request), at=now(), today=localdate()),
        "facts": listing_facts("deal", found, FACTS),
        "next_step": listing_facts("deal", found, ["next_step"])[0],
        "tabs": tabs_of(request, "deal.tabs", found, address, here=tab),
        "tab": tab,
        "has_menu": True,
        "side_panels": panels_for("deal.side", request, found),
    }
    if tab in STORY_TABS:
        shown["story"] = story_for(request, "deal", found.pk, tab=tab)
    else:
        shown["panel"] = panel_tab(request, "deal.tabs", found, tab)
    return render(request, "selling/deal.html", shown)


@login_required
def open_deal(request: HttpRequest) -> HttpResponse:
    """Open a deal."""
    chosen = request.GET.get("customer", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    customer = Customer.objects.visible_to(viewer(request)).filter(pk=number).first()
    form = forms.DealForm(request.POST or None, seen_by=viewer(request), initial={"customer": customer})
    lines = forms.LineForms(request.POST or None, prefix="lines")
    if form.is_valid() and lines.is_valid():
        opened = carry_out(form, operations.open_deal, lines=forms.drafts(lines), by=viewer(request), at=now())
        if opened is not None:
            toast(request, _("Saved."))
            return redirect("selling:deal", opened.pk)
    context = {"form": form, "lines": lines, "title": _("New deal"), "submit_label": _("Open the deal")}
    return _form(request, context, cancel=reverse("selling:deals"))


@login_required
def amend_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Change a deal's details."""
    found = _load(request, deal_id)
    names = set(forms.DealForm.base_fields) | {"customer", "contact", "category"}
    initial = {name: getattr(found, name) for name in names} | {"category": found.own_category}
    form = forms.DealForm(request.POST or None, seen_by=viewer(request), deal=found, initial=initial)
    if carry_out(
        form, partial(operations.amend_deal, found), version=version_of(request), by=viewer(request), at=now()
    ):
        toast(request, _("Saved."))
        return redirect("selling:deal", found.pk)
    return _form(request, {"form": form, "record": found, "title": _("Edit deal")})


@login_required
def deal_lines(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say what a deal is about."""
    found = _load(request, deal_id)
    there = found.lines.order_by("position", "id").values("product", "quantity", "price", "discount")
    lines = forms.LineForms(request.POST or None, prefix="lines", initial=[_short(dict(line)) for line in there])
    if request.method == "POST" and lines.is_valid():
        drafts = forms.drafts(lines)
        operations.set_deal_lines(found, lines=drafts, version=version_of(request), by=viewer(request), at=now())
        toast(request, _("Saved."))
        return redirect("selling:deal", found.pk)
    return _form(request, {"lines": lines, "record": found, "title": _("Lines")})


def _short(line: dict[str, Any]) -> dict[str, Any]:
    """Show figures without the zeros that their columns keep."""
    return {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in line.items()}


@require_POST
@login_required
def move_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Move a deal to another stage; the address may name the stage, as that of an undo does."""
    found = _load(request, deal_id)
    former, given = found.stage_id, request.POST if "stage" in request.POST else request.GET
    form = forms.MoveForm(given, process_id=found.process_id)
    if not form.is_valid():
        return _form(request, {"form": form, "record": found, "title": _("Move")})
    version = version_of(request, given)
    operations.move_deal(found, **form.cleaned_data, version=version, by=viewer(request), at=now())
    if not request.headers.get("HX-Request"):
        back = urlencode({"stage": former, "version": found.version})
        undo = f"{reverse('selling:move_deal', args=[found.pk])}?{back}" if found.stage_id != former else ""
        toast(request, _("%(deal)s is in %(stage)s now.") % {"deal": found.title, "stage": found.stage.name}, undo=undo)
    return _card(request, found)


@login_required
def win_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Close a deal as won; one without a customer asks whose it is."""
    found = _load(request, deal_id)
    form = None
    if found.customer_id is None and found.is_open:
        form = forms.WinForm(request.POST if "customer" in request.POST else None, seen_by=viewer(request))
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        operations.win_deal(found, **given, version=version_of(request), by=viewer(request), at=now())
        undo = reverse("selling:reopen_deal", args=[found.pk])
        toast(request, _("%(deal)s is won.") % {"deal": found.title}, undo=undo)
        return _card(request, found)
    return _form(request, {"form": form, "record": found, "title": _("Win the deal"), "submit_label": _("Win")})


@login_required
def lose_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Close a deal as lost, with the reason."""
    found = _load(request, deal_id)
    form = forms.LoseForm(request.POST or None)
    if carry_out(form, partial(operations.lose_deal, found), version=version_of(request), by=viewer(request), at=now()):
        undo = reverse("selling:reopen_deal", args=[found.pk])
        toast(request, _("%(deal)s is lost.") % {"deal": found.title}, undo=undo)
        return _card(request, found)
    return _form(request, {"form": form, "record": found, "title": _("Lose the deal"), "submit_label": _("Lost")})


@require_POST
@login_required
def reopen_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take a decision back."""
    found = _load(request, deal_id)
    operations.reopen_deal(found, version=version_of(request), by=viewer(request), at=now())
    return _card(request, found)


@login_required
def hand_over_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Give a deal to somebody else."""
    found = _load(request, deal_id)
    form = forms.HandOverForm(request.POST or None)
    if carry_out(
        form, partial(operations.hand_over_deal, found), version=version_of(request), by=viewer(request), at=now()
    ):
        still_seen = Deal.objects.visible_to(viewer(request)).filter(pk=found.pk).exists()
        toast(request, _("Handed over."))
        return redirect("selling:deal", found.pk) if still_seen else redirect("selling:deals")
    return _form(request, {"form": form, "record": found, "title": _("Hand over"), "submit_label": _("Hand over")})


def _card(request: HttpRequest, found: Deal) -> HttpResponse:
    """Answer a verb: the board gets the card as it is now, a form goes back to where it was sent from."""
    going_back = request.POST.get("next", "")
    if going_back.startswith("/deals/board"):
        where: dict[str, Any] = {"otherwise": going_back}
    else:
        where = {"otherwise": "selling:deal", "deal_id": found.pk}
    stages = Stage.objects.in_use().in_order().filter(process=found.process_id)
    warning = queries.warnings_of([found], at=now(), today=localdate()).get(found.pk, "")
    card = queries.Card(found, warning, is_slow=False)
    return piece(request, "selling/board.html#card", {"card": card, "stages": stages}, **where)


def _form(request: HttpRequest, context: dict[str, Any], *, cancel: str = "") -> HttpResponse:
    """Show a form, a second time with what was wrong."""
    record = context.get("record")
    shown = {
        "cancel_url": cancel or reverse("selling:deal", args=[record.pk]),  # type: ignore[union-attr]
        "next": request.POST.get("next") or request.GET.get("next", ""),
        **context,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "selling/form.html", shown, status=status)
