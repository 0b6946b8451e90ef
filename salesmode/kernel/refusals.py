"""A rule that says no, said once for every door: pages, API, imports and the command line."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TITLES: dict[int, Promise] = {
    400: gettext_lazy("The request makes no sense"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not with this method"),
    409: gettext_lazy("Not possible as things are"),
    412: gettext_lazy("Changed in the meantime"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Not JSON"),
    422: gettext_lazy("Something does not fit"),
    428: gettext_lazy("The version is missing"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("Not available for a moment"),
}


class Refusal(Exception):
    """A rule said no; the message is written for a person."""

    status = HTTPStatus.CONFLICT

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}

    @property
    def code(self) -> str:
        """The name that programs know this refusal by: deal_already_decided."""
        name = type(self).__name__
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")

    def extras(self) -> dict[str, Any]:
        """What a program gets besides the sentence."""
        return {}


class NotAllowed(Refusal):
    """This person may not do this."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("You may not do this. Ask the record's owner or an administrator."))


class NotFound(Refusal):
    """There is no such record, or it is not for this person to see: both look alike."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("There is no such record, or you may not see it."))


class Stale(Refusal):
    """Somebody else changed the record in the meantime."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, current_version: int) -> None:
        super().__init__(
            _("Somebody else changed this record in the meantime. Look at the newest version and try again.")
        )
        self.current_version = current_version

    def extras(self) -> dict[str, Any]:
        """The version to read again."""
        return {"current_version": self.current_version}


class Invalid(Refusal):
    """What was given does not fit; every field that is wrong is named."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, fields: dict[str, list[str]] | None = None, message: str = "") -> None:
        super().__init__(message or _("Some fields need another look."), fields=fields)


class TooLarge(Refusal):
    """What was sent is more than anybody has reason to send."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self) -> None:
        super().__init__(_("The body is too large."))


def problem(refusal: Refusal) -> dict[str, Any]:
    """Describe a refusal as an RFC 9457 problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(TITLES.get(int(refusal.status)) or HTTPStatus(refusal.status).phrase),
        "status": int(refusal.status),
        "code": refusal.code,
        "detail": refusal.message,
    }
    if refusal.fields:
        body["errors"] = [{"field": field, "messages": messages} for field, messages in refusal.fields.items()]
    return body | refusal.extras()


def problem_response(refusal: Refusal) -> JsonResponse:
    """Answer a program with a problem document."""
    return JsonResponse(problem(refusal), status=int(refusal.status), content_type="application/problem+json")


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a person: the sentence as a piece for htmx, as a page for anyone else."""
    template = "ui/refusal.html#piece" if request.headers.get("HX-Request") else "ui/refusal.html"
    response = render(request, template, {"refusal": refusal}, status=int(refusal.status))
    response.headers["Vary"] = "HX-Request"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was too old or came from elsewhere."""
    return refusal_page(request, NotAllowed(_("This form has expired. Reload the page and send it again.")))
