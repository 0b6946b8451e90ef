"""The web door of the demonstration."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from salesmode.kernel.models import Company
from salesmode.simulation import operations, queries


@require_POST
@login_required
def request_demonstration(request: HttpRequest) -> HttpResponse:
    """Ask for the demonstration company."""
    person: Any = request.user
    operations.request_demonstration(language=Company.objects.current().language, by=person, at=now())
    return redirect("simulation:arriving")


@require_GET
@login_required
def arriving(request: HttpRequest) -> HttpResponse:
    """Show that the demonstration is on its way, and lead on once it is here."""
    if queries.is_on_its_way():
        return render(request, "simulation/arriving.html")
    return redirect("/")
