"""What the frame itself does: language, appearance, search, changing a field in place."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists_inline
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.lists_refusals import UnknownValue
from salesmode.kernel.pages import way_back
from salesmode.people import operations as people
from salesmode.people.search import find
from salesmode.workspace.context import THEMES

YEAR = 31_536_000


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(way_back(request, otherwise="/"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise UnknownValue("language")
    translation.activate(chosen)
    if request.user.is_authenticated:
        _prefer(request, language=chosen)
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Look light, dark or as the device from now on."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise UnknownValue("theme")
    if request.user.is_authenticated:
        _prefer(request, theme=chosen)
    response = _back(request)
    response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _prefer(request: HttpRequest, **choice: str) -> None:
    people.change_own_profile(request.user, by=request.user, at=now(), **choice)


@require_http_methods(["GET", "POST"])
def inline(request: HttpRequest, kind: str, key: int, name: str) -> HttpResponse:
    """Change one field of one record in place: a small form, then the new value."""
    listing = LISTINGS.get(kind)
    if listing is None or name not in listing.inline:
        raise Http404
    row = get_object_or_404(listing.base(request.user), pk=key)
    return lists_inline.answer(request, listing, row, name)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find records, pages and commands; the palette shows the same answer."""
    text = request.GET.get("q", "").strip()[:200]
    found: Any = find(text, request.user, limit=20) if text else []
    as_options = request.GET.get("part") == "results"
    template = "ui/search.html#results" if as_options else "ui/search.html"
    return render(request, template, {"found": found, "text": text, "title": _("Search"), "as_options": as_options})
