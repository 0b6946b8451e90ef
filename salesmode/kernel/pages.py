"""Small words that every web door uses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def piece(request: HttpRequest, template: str, context: dict[str, Any], *, otherwise: str, **kwargs: Any) -> HttpResponse:
    """Answer htmx with the fragment, anyone else with a redirect to the page it lives on.

    `otherwise` is a route name (with `kwargs` as its arguments) or an address.
    """
    if request.headers.get("HX-Request"):
        response = render(request, template, context)
        response.headers["Vary"] = "HX-Request"
        return response
    return redirect(otherwise, **kwargs)
