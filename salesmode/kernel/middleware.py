"""What every request and answer shares: a log line, security headers, and refusals turned into sentences."""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Any

import orjson
import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from salesmode.kernel import idempotency
from salesmode.kernel.refusals import Refusal, problem_response, refusal_page

log = structlog.get_logger("salesmode.request")

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)


class RequestLog:
    """Give each request an id and write one structured line about it; never what it contains."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.view_name if match else "",
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        response.headers["X-Request-ID"] = request_id
        return response


class ContentSecurity:
    """Let pages run our own scripts and styles and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class PageVerbs:
    """Pages are read and sent: whoever asks for anything else is told so, instead of being shown the page."""

    VERBS = ("GET", "HEAD", "POST", "OPTIONS")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in self.VERBS else HttpResponseNotAllowed(self.VERBS)


class Refusals:
    """Turn a rule's no into a sentence for a person, or a problem document for a program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the refusal's own words and status."""
        if not isinstance(exception, Refusal):
            return None
        if request.path.startswith("/api/"):
            return problem_response(exception)
        return refusal_page(request, exception)


class SentOnce:
    """Do once what a form asks that is sent twice: by a double click, or by going back and sending it again.

    Every form that makes something carries a key of its own (`{% once %}`). The second sending, with the same key and
    the same content, is answered with where the first one led; what was corrected or changed since is another request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer a form that carries a key; leave all else alone."""
        if request.method != "POST" or not request.user.is_authenticated or not request.POST.get("once"):
            return None
        made: list[HttpResponse] = []

        def work() -> idempotency.Answer | None:
            made.append(view(request, *args, **kwargs))
            return _to_remember(request, made[0])

        sent = _digest(request)
        try:
            told = idempotency.once_in_turn(
                request.user.pk, f"form:{sent}", work, method="POST", path=request.path_info, body_hash=sent
            )
        except Refusal as refusal:
            return refusal_page(request, refusal)
        return made[0] if told is None else _told_again(request, told)


def _digest(request: HttpRequest) -> str:
    """Return what tells this sending of a form from any other: its address, its key, every field and every file."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    whole = hashlib.sha256(orjson.dumps([request.get_full_path(), "HX-Request" in request.headers, fields]))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            whole.update(orjson.dumps([name, file.name, file.size]))
            for part in file.chunks():
                whole.update(part)
            file.seek(0)
    return whole.hexdigest()


def _to_remember(request: HttpRequest, response: HttpResponse) -> idempotency.Answer | None:
    """Return where an answer led, or its piece of a page for htmx; None for a page, which may show a secret once."""
    if response.status_code >= 400:
        return idempotency.Answer(response.status_code, b"")
    if isinstance(response, HttpResponseRedirect):
        return idempotency.Answer(response.status_code, response.url.encode())
    if "HX-Request" in request.headers and not response.streaming:
        return idempotency.Answer(response.status_code, response.content, response.headers.get("Content-Type", ""))
    return None


def _told_again(request: HttpRequest, told: idempotency.Answer) -> HttpResponse:
    if 300 <= told.status < 400:
        messages.info(request, _("This form had been sent already; it was done once."))
        return HttpResponseRedirect(told.body.decode())
    return HttpResponse(told.body, status=told.status, content_type=told.content_type, headers={"Vary": "HX-Request"})
