"""Pages of the house itself: whether it stands, and what programs can ask of it."""

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from salesmode.config.api import api
from salesmode.config.api_door import SlowDown
from salesmode.kernel.refusals import refusal_page


@dataclass(frozen=True)
class Endpoint:
    """One line of the API's documentation."""

    method: str
    path: str
    name: str
    summary: str
    fields: list[tuple[str, bool]]


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Ask whoever tries too often to wait; what is counted here is counted by the minute."""
    response = refusal_page(request, SlowDown())
    response.headers["Retry-After"] = "60"
    return response


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Say that nothing was saved; while the database is away, also that it is worth trying again."""
    response = server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        if request.path == "/healthz":
            response = JsonResponse({"status": "the database is away"})
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = "1"
    return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when pages can be served."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"status": "ok"})


def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every endpoint, grouped by noun, from the OpenAPI description."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    groups: dict[str, list[Endpoint]] = {}
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            groups.setdefault(path.removeprefix("/api/v1/").partition("/")[0], []).append(
                Endpoint(
                    verb.upper(), path, operation["operationId"], _first_line(operation), _fields(schema, operation)
                )
            )
    return render(request, "config/api_docs.html", {"groups": sorted(groups.items())})


def _first_line(operation: dict[str, Any]) -> str:
    return (operation.get("description") or operation.get("summary") or "").strip().partition("\n")[0]


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, bool]]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    described = schema["components"]["schemas"].get(name, {})
    return [(field, field in described.get("required", [])) for field in described.get("properties", {})]
