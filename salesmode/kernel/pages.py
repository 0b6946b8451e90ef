"""Small words that every web door uses."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from salesmode.kernel.refusals import Invalid

Answer = TypeVar("Answer")


def piece(
    request: HttpRequest, template: str, context: dict[str, Any], *, otherwise: str, **kwargs: Any
) -> HttpResponse:
    """Answer htmx with the fragment, anyone else with a redirect to the page it lives on.

    `otherwise` is a route name (with `kwargs` as its arguments) or an address.
    """
    if request.headers.get("HX-Request"):
        response = render(request, template, context)
        if len(messages.get_messages(request)):
            response.write(
                render_to_string("ui/toasts.html#oob", {"messages": messages.get_messages(request)}, request)
            )
        response.headers["Vary"] = "HX-Request"
        return response
    return redirect(otherwise, **kwargs)


def toast(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say what was done, for 8 seconds; `undo` is the address that a form posts to take it back."""
    messages.success(request, text, extra_tags=f"undo={undo}" if undo else "", fail_silently=True)


def public_address(request: HttpRequest, path: str) -> str:
    """Return the full address of a page for a mail or a program: from the settings, else the request's checked host."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL.rstrip("/") + path
    return request.build_absolute_uri(path)


def way_back(request: HttpRequest, *, otherwise: str) -> str:
    """Return the page of ours that a form says it came from (`next`), or another address where it says none."""
    given = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if ours and given.startswith(("/", "http")) else otherwise


def version_of(request: HttpRequest, sent: QueryDict | None = None) -> int | None:
    """Return the version of the record that a form was made from, or None when it does not say."""
    given = (request.POST if sent is None else sent).get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def carry_out(
    form: forms.Form, act: Callable[..., Answer], *, tables: Mapping[str, Any] | None = None, **more: Any
) -> Answer | None:
    """Do what a form asks, with its fields as keywords; None when the form, or a rule about its fields, says no.

    A rule's sentences come to stand at the fields, or above the tables of rows, that they are about, so that nothing
    typed is lost.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data, **more)
    except Invalid as refusal:
        for field, messages in refusal.fields.items():
            if tables and field in tables:
                tables[field].non_form_errors().extend(messages)
                form.add_error(None, messages)
            else:
                form.add_error(field if field in form.fields else None, messages)
        if not refusal.fields:
            form.add_error(None, refusal.message)
        return None
