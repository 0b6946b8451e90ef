"""In front of the API: whose token, how often, which scope, and never the same POST twice.

Programs turn off here to the endpoints by the shortest way: sessions, forms, messages and the sign-in library are for
people. What programs share with pages is done here as well: the company's zone, a language, and the security headers.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import response_for_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver, is_valid_path
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils import translation
from django.utils.translation import gettext as _

from salesmode.kernel import here, idempotency, rates
from salesmode.kernel.api import BadRequest
from salesmode.kernel.lists_refusals import UnknownName
from salesmode.kernel.middleware import POLICY
from salesmode.kernel.refusals import NotAllowed, NotFound, Refusal, TooLarge, problem_response
from salesmode.people import permissions
from salesmode.people.tokens import PER_SECONDS, person_for_token

log = logging.getLogger(__name__)
PREFIX = "/api/v1/"
OPEN = (f"{PREFIX}openapi.json",)
REQUESTS = 20_000
SAFE = ("GET", "HEAD", "OPTIONS")
_MADE, _NUMBER = re.compile(rb'\{"id":(\d+)[,}]'), re.compile(r"\b\d+\b")
SAME_FOR_ALL = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", "Vary": "Accept-Language"}


class SignInFirst(Refusal):
    """No token, or one that is not valid any more."""

    status = 401  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_("Send a valid token: Authorization: Bearer <token>."))


class Unavailable(Refusal):
    """The database is away for a moment; the same request may work soon."""

    status = 503  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_("The database is busy. Try again in a moment."))


class SlowDown(Refusal):
    """Too many requests in a short time."""

    status = 429  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_("Too many requests. Wait a moment, then go on more slowly."))


class ReadOnlyToken(NotAllowed):
    """A reading token changes nothing."""

    def __init__(self) -> None:
        super().__init__(_("This token may only read."))


class MethodNotHere(Refusal):
    """This address does not take that method."""

    status = 405  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_("This address does not take that method."))


class Endpoints(BaseHandler):
    """Finds the endpoint of a request and lets it answer, with nothing between."""

    def __init__(self) -> None:
        self._view_middleware = [self._closed_to_role]  # type: ignore[assignment]
        self._template_response_middleware: list[Callable[..., Any]] = []
        self._exception_middleware: list[Callable[..., Any]] = []

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """Return what the endpoint answers; whatever goes wrong is an answer too."""
        try:
            return self._get_response(request)  # type: ignore[attr-defined, no-any-return]
        except Http404:
            return problem_response(NotFound())
        except Exception as error:
            return response_for_exception(request, error)

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the endpoint among those of its noun, instead of asking every endpoint of every noun in turn."""
        nearest = _by_noun().get(request.path_info.removeprefix(PREFIX).partition("/")[0])
        with suppress(Resolver404):
            if nearest is not None:
                request.resolver_match = nearest.resolve(request.path_info)
                return request.resolver_match
        return super().resolve_request(request)  # type: ignore[misc, no-any-return]

    @staticmethod
    def _closed_to_role(request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Close every endpoint that permissions.toml does not list for this role."""
        from salesmode.config.api import door_of

        name, asked = door_of(request)
        if not name:
            return None
        if not permissions.may_open(request.user, f"api:{name}"):
            return problem_response(NotAllowed())
        strange = [] if "sort" in asked else sorted(set(request.GET) - asked)
        return problem_response(UnknownName(strange[0], asked)) if strange else None


@cache
def _by_noun() -> dict[str, URLResolver]:
    """Return the addresses of each noun by themselves; none if an address begins with what differs each time."""
    included = (each for each in get_resolver().url_patterns if isinstance(each, URLResolver))
    whole = next(each for each in included if f"/{each.pattern}" == PREFIX)
    nouns: dict[str, list[Any]] = {}
    for each in whole.url_patterns:
        nouns.setdefault(str(each.pattern).partition("/")[0], []).append(each)
    if any("<" in noun for noun in nouns):
        return {}
    inside = RoutePattern(PREFIX[1:])
    return {
        noun: URLResolver(
            RegexPattern(r"^/"),
            [URLResolver(inside, each, app_name=whole.app_name, namespace=whole.namespace)],
        )
        for noun, each in nouns.items()
    }


class ApiDoor:
    """Let programs in by token, count them, and answer a repeated POST as the first time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.endpoints = Endpoints()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) or request.path_info in OPEN:
            return self.get_response(request)
        try:
            return self._served(request)
        except (OperationalError, InterfaceError):  # before the endpoint was reached, or after it had answered
            log.exception("database_away")
            return come_back_soon()

    def _served(self, request: HttpRequest) -> HttpResponse:
        with here.in_company() as company:
            wished = "Accept-Language" in request.headers
            translation.activate(translation.get_language_from_request(request) if wished else company.language)
            try:
                response = self._admit(request)
            except RequestDataTooBig:
                response = problem_response(TooLarge())
            except Refusal as refusal:
                response = problem_response(refusal)
                if isinstance(refusal, SignInFirst):
                    response.headers["WWW-Authenticate"] = "Bearer"
            for name, value in SAME_FOR_ALL.items():
                response.headers[name] = value
            response.headers["Content-Language"] = translation.get_language() or ""
            if not response.streaming:
                response.headers["Content-Length"] = str(len(response.content))
            return response

    def _admit(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest(_("Text cannot contain NUL characters."))
        scheme, _sep, raw = request.headers.get("Authorization", "").partition(" ")
        found = person_for_token(raw.strip()) if scheme.lower() == "bearer" and raw.strip() else None
        if found is None:
            raise SignInFirst
        person, token, counted = found
        request.caller, request.user = person, person  # type: ignore[attr-defined]
        if person.language and not _asks_for_a_language(request):
            translation.activate(person.language)
        if request.method == "HEAD":  # the same as GET; the server leaves the body out
            request.method = "GET"
        allowed, remaining, reset = rates.judged(counted, REQUESTS)
        if not allowed:
            response: HttpResponse = problem_response(SlowDown())
            response.headers["Retry-After"] = str(reset)
        elif request.method not in SAFE and token.scope != "write":
            response = problem_response(ReadOnlyToken())
        else:
            response = self._once(request, person.pk)
        response.headers["RateLimit-Policy"] = f'"token";q={REQUESTS};w={PER_SECONDS}'
        response.headers["RateLimit"] = f'"token";r={remaining};t={reset}'
        response.headers["Cache-Control"] = "no-store"
        return response

    def _once(self, request: HttpRequest, person_id: int) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return self._answer(request)
        if not 1 <= len(key) <= 255 or not (key.isascii() and key.isprintable()):
            raise BadRequest(_("An Idempotency-Key has 1 to 255 printable ASCII characters."))
        made: list[HttpResponse] = []

        def work() -> idempotency.Answer:
            made.append(self._answer(request))
            return idempotency.Answer(made[0].status_code, made[0].content, made[0].headers["Content-Type"])

        digest = hashlib.sha256(_meaning(request.body)).hexdigest()
        answer, is_repeated = idempotency.once(
            person_id, key, work, method=request.method, path=request.path_info, body_hash=digest
        )
        if not is_repeated:
            return made[0]
        response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
        response.headers["Idempotency-Replayed"] = "true"
        return _with_its_place(request, response)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.endpoints.answer(request)  # type: ignore[assignment]
        if response.headers.get("Content-Type", "").startswith("application/"):
            return _with_its_place(request, response)
        if response.status_code == 404:
            return problem_response(NotFound())
        if response.status_code == 405:
            refusal = problem_response(MethodNotHere())
            refusal.headers["Allow"] = response.headers.get("Allow", "")
            return refusal
        return response


def come_back_soon() -> HttpResponse:
    """Answer while the database is away."""
    response = problem_response(Unavailable())
    response.headers["Retry-After"] = "1"
    return response


def _meaning(body: bytes) -> bytes:
    """Return a body without what makes no difference: the order of its keys and the space between them.

    Numbers stay as they were written, and so does what is no JSON or names a key twice.
    """
    try:
        read = json.loads(body, object_pairs_hook=_each_once, parse_float=_as_written, parse_int=_as_written)
        return json.dumps(read, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs) or "" in named:
        raise ValueError("A key twice, or one like that of our numbers.")
    return named


def _as_written(number: str) -> dict[str, str]:
    return {"": number}


def _asks_for_a_language(request: HttpRequest) -> bool:
    spoken = request.headers.get("Accept-Language", "").lower()
    known = {code.partition("-")[0] for code, _name in settings.LANGUAGES}
    return any(part.strip().partition("-")[0].partition(";")[0] in known for part in spoken.split(","))


def _with_its_place(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say where a record is that a POST made, and which version it has."""
    made = _MADE.match(response.content) if request.method == "POST" and response.status_code < 300 else None
    if made is None:
        return response
    if "ETag" not in response.headers and "version" in (record := orjson.loads(response.content)):
        response.headers["ETag"] = f'"{record["version"]}"'
    if response.status_code == 201:
        place = f"{request.path_info}/{int(made[1])}"
        if _is_a_place(_NUMBER.sub("1", place)):
            response.headers["Location"] = place
    return response


@lru_cache(maxsize=500)
def _is_a_place(pattern: str) -> bool:
    """Say whether something answers at such an address, whatever its numbers."""
    return bool(is_valid_path(pattern))
