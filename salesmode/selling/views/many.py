"""The doors for many deals or leads at once, opened from their lists."""

from collections.abc import Callable
from typing import Any

from django import forms as fields
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.pages import way_back
from salesmode.people.visibility import viewer
from salesmode.selling import forms, operations
from salesmode.selling.operations.many import Outcome


@require_POST
@login_required
def move_deals(request: HttpRequest) -> HttpResponse:
    """Move the selected deals to a stage."""
    return _act(request, "deal", forms.MoveForm, operations.move_deals, title=_("Move deals"))


@require_POST
@login_required
def lose_deals(request: HttpRequest) -> HttpResponse:
    """Close the selected deals as lost."""
    return _act(request, "deal", forms.LoseForm, operations.lose_deals, title=_("Lose deals"))


@require_POST
@login_required
def hand_over_deals(request: HttpRequest) -> HttpResponse:
    """Give the selected deals to somebody else."""
    return _act(request, "deal", forms.HandOverForm, operations.hand_over_deals, title=_("Hand over deals"))


@require_POST
@login_required
def claim_leads(request: HttpRequest) -> HttpResponse:
    """Take the selected leads."""
    return _act(request, "lead", fields.Form, operations.claim_leads, title=_("Claim leads"), asks=False)


@require_POST
@login_required
def hand_over_leads(request: HttpRequest) -> HttpResponse:
    """Give the selected leads to somebody else."""
    return _act(request, "lead", forms.HandOverForm, operations.hand_over_leads, title=_("Hand over leads"))


def _act(
    request: HttpRequest,
    kind: str,
    form_class: type[fields.Form],
    operation: Callable[..., Outcome],
    *,
    title: str,
    asks: bool = True,
) -> HttpResponse:
    """Ask what is missing once, then do it to every selected row and say what became of them."""
    rows = LISTINGS[kind].selected(request.POST, seen_by=viewer(request))
    answered = not asks or "confirmed" in request.POST
    form = form_class(request.POST if answered else None)
    back = _back(request, kind)
    if answered and form.is_valid():
        outcome = operation(rows, **form.cleaned_data, by=viewer(request), at=now())
        _say(request, outcome)
        return redirect(back)
    kept = [(name, value) for name in ("ids", "all", "query", "next") for value in request.POST.getlist(name)]
    context: dict[str, Any] = {"form": form, "title": title, "kept": kept, "rows": rows, "cancel_url": back}
    return render(request, "selling/many.html", context, status=422 if answered else 200)


def _back(request: HttpRequest, kind: str) -> str:
    return way_back(request, otherwise=reverse(f"selling:{kind}s"))


def _say(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.changed:
        done = ngettext("%(count)s was changed.", "%(count)s were changed.", outcome.changed)
        messages.success(request, done % {"count": outcome.changed})
    if outcome.refused:
        reason = next(iter(outcome.refused.values()))
        left = ngettext(
            "%(count)s was left as it was: %(reason)s",
            "%(count)s were left as they were, the first because: %(reason)s",
            len(outcome.refused),
        )
        messages.error(request, left % {"count": len(outcome.refused), "reason": reason})
