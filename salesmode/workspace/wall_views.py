"""The wall: a page for a screen that everybody sees, in big type and without a menu."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from salesmode.workspace import cockpit_queries, wall_queries


def _wall(request: HttpRequest) -> dict[str, Any]:
    person: Any = request.user
    scope = cockpit_queries.scope_called(request.GET.get("scope", ""), cockpit_queries.scopes(person))
    at = localtime()
    return {"wall": wall_queries.wall(person, scope, at=at), "at": at}


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """Show the wall of a team: `?scope=team:3` can be shared with whoever may see that team."""
    return render(request, "workspace/wall.html", _wall(request))


@require_GET
def wall_figures(request: HttpRequest) -> HttpResponse:
    """Show what is on the wall alone, as it is now."""
    return render(request, "workspace/wall.html#figures", _wall(request))
