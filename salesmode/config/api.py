"""The programs' door: one API for every app, with problems instead of stack traces."""

import logging
import re
from functools import cache
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as SchemaError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer

from salesmode.config.api_door import come_back_soon
from salesmode.config.api_words import said
from salesmode.kernel.api import PROBLEMS, BadRequest, RecordOut, answer, caller, record_fields
from salesmode.kernel.refusals import Invalid, NotFound, Refusal, TooLarge, problem_response

log = logging.getLogger(__name__)


class Broken(Refusal):
    """Something is wrong on our side; it is in the log under the request's id."""

    status = 500  # type: ignore[assignment]


class NotJson(Refusal):
    """A body is JSON, and says so."""

    status = 415  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_("Send the body as JSON: Content-Type: application/json."))


class Token(HttpBearer):
    """A bearer token, already checked at the door (config/api_door.py)."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return the person whom the door let in."""
        return getattr(request, "caller", None)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the person whom the door let in."""
        return getattr(request, "caller", None)


class StrictJson(Parser):
    """Bodies are JSON objects without NUL characters, NaN or broken Unicode."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read a body; raises BadRequest, NotJson."""
        body = request.body
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if body and kind and kind != "application/json" and not kind.endswith("+json"):
            raise NotJson
        if b"\\u0000" in body:
            raise Invalid({"body": [_("Text cannot contain NUL characters.")]})
        if not body.strip():
            return {}
        try:
            parsed = orjson.loads(body)
        except (orjson.JSONDecodeError, RecursionError):
            raise BadRequest(_("The body is not valid JSON.")) from None
        if not isinstance(parsed, dict):
            raise BadRequest(_("The body must be a JSON object."))
        return parsed


class DescribedOnce(NinjaAPI):
    """An API whose description, seconds of work, is made once for each process."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Return the OpenAPI description."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return _description(self, prefix)


_HEADERS: dict[str, list[dict[str, Any]]] = {
    "post": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            "description": "The same key and body are answered as the first time, for 24 hours.",
        }
    ],
    "patch": [
        {
            "in": "header",
            "name": "If-Match",
            "required": True,
            "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
            "description": "The version that the change was made from, in quotes.",
        }
    ],
}


@cache
def _description(described: NinjaAPI, prefix: str) -> OpenAPISchema:
    """Describe every endpoint; the problems that one of them may answer with, any may."""
    description = OpenAPISchema(described, prefix)
    for path in description["paths"].values():
        for method, operation in path.items():
            operation.setdefault("parameters", []).extend(_HEADERS.get(method, ()))
            operation["responses"] |= {status: _refused_with(status) for status in PROBLEMS}
    return description


def _refused_with(status: int) -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": problem}},
    }


api = DescribedOnce(
    title="Salesmode",
    version="1",
    description="Everything that the pages do. Lists page by cursor, changes name their version, money is exact.",
    urls_namespace="api",
    docs_url=None,
    auth=Token(),
    parser=StrictJson(),
)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if request.method == "GET" and type(refusal) is Invalid:  # a question has no body: its address makes no sense
        refusal = BadRequest(refusal.message, fields=refusal.fields)
    return problem_response(refusal)


@api.exception_handler(SchemaError)
def _misshapen(request: HttpRequest, error: SchemaError) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    asked = [each for each in error.errors if each["loc"][0] == "query"]
    for each in asked or error.errors:
        place = [str(part) for part in each["loc"] if part not in ("body", "path", "query", "payload", "data")]
        fields.setdefault(".".join(place) or "body", []).append(said(each))
    if asked:
        first = next(iter(fields))
        return problem_response(BadRequest(f"{first}: {fields[first][0]}", fields=fields))
    return problem_response(Invalid(fields))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = error.message_dict if hasattr(error, "error_dict") else {"body": error.messages}
    return problem_response(Invalid(fields))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(NotFound())


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):  # what StrictJson said of a body
        return problem_response(error.__cause__)
    if isinstance(error.__cause__, RequestDataTooBig):
        return problem_response(TooLarge())
    refusal = BadRequest(str(error))
    refusal.status = error.status_code  # type: ignore[assignment]
    return problem_response(refusal)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem_response(TooLarge())


@api.exception_handler(DatabaseError)
def _database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    if isinstance(error, DataError | IntegrityError):
        log.warning(
            "constraint_refused",
            extra={"constraint": getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")},
        )
        return problem_response(Invalid({"body": [_("A value does not fit, or such a record exists already.")]}))
    log.exception("database_error")
    if isinstance(error, OperationalError):
        return come_back_soon()
    return problem_response(Broken(_("Something went wrong on our side. It has been written down.")))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("request_failed")
    return problem_response(Broken(_("Something went wrong on our side. It has been written down.")))


def _mount() -> None:
    """Mount every app's routers: `api.py` names them in `ROUTERS = {"deals": router}`."""
    for app in settings.LOCAL_APPS[1:]:  # the kernel has no nouns of its own to offer
        for module in (f"salesmode.{app}.api", f"salesmode.{app}.api_metrics", f"salesmode.{app}.exchange_api"):
            if find_spec(module):
                for noun, router in import_module(module).ROUTERS.items():
                    api.add_router(f"/{noun}", router)


_mount()


class Me(RecordOut):
    """Who a token acts as."""

    name: str
    email: str
    role: str


@api.get("/me", response=Me, operation_id="who_am_i", tags=["people"])
def who_am_i(request: HttpRequest) -> Any:
    """Say whom this token acts as."""
    person = caller(request)
    shown = {name: getattr(person, name) for name in ("name", "email", "role")}
    return answer({name: value for name, value in record_fields(person).items() if name != "custom"} | shown)


@cache
def _doors() -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    """Return (method, route) → the endpoint's name and the names that its query may have."""
    found: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = re.sub(r"{\w+:(\w+)}", r"{\1}", f"/api/v1{prefix}{path}")
            for operation in view.operations:
                asked = frozenset(
                    name
                    for model in operation.models
                    if model.__ninja_param_source__ == "query"
                    for name in model.__ninja_flatten_map__
                )
                found |= {(method, route): (operation.operation_id or "", asked) for method in operation.methods}
    return found


def operation_ids() -> dict[tuple[str, str], str]:
    """Return (method, route) → the endpoint's name, as the permission file lists it."""
    return {door: name for door, (name, _asked) in _doors().items()}


def door_of(request: HttpRequest) -> tuple[str, frozenset[str]]:
    """Return the name of the endpoint that a request goes to and the names its query may have; nothing for no endpoint.

    A listing's filters are not among them: a list with `sort` judges its names itself.
    """
    match = request.resolver_match
    route = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route if match else "")
    return _doors().get((request.method or "", route), ("", frozenset()))
