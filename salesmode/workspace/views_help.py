"""The help, inside the frame."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from salesmode.workspace.help_pages import help_pages


@require_GET
def help_index(request: HttpRequest) -> HttpResponse:
    """Show what the help has to say, a line for each page."""
    return render(request, "workspace/help.html", {"pages": help_pages(get_language() or "en"), "shown": None})


@require_GET
def help_page(request: HttpRequest, page: str) -> HttpResponse:
    """Show one page of the help in the reader's language."""
    pages = help_pages(get_language() or "en")
    shown = next((each for each in pages if each.name == page), None)
    if shown is None:
        raise Http404
    return render(request, "workspace/help.html", {"pages": pages, "shown": shown})
