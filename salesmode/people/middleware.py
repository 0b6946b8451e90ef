"""What every request of a signed-in person brings along: language, and which pages their role may open."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from salesmode.kernel.models import Company
from salesmode.kernel.refusals import NotAllowed
from salesmode.people import permissions

# Pages of libraries and files, which keep their own door.
UNGUARDED = ("account_", "mfa_", "socialaccount_", "openid_connect_")


class PersonPreferences:
    """Speak the person's language, and open only the pages that permissions.toml lists for their role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Language"] = translation.get_language() or ""
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Deny a page that the file does not list for this role."""
        match = request.resolver_match
        route = match.view_name if match else ""
        if (
            route.startswith(UNGUARDED)
            or (match and match.namespace.startswith("api"))
            or permissions.may_open(request.user, route)
        ):
            return None
        if not request.user.is_authenticated:
            return (
                redirect(f"{settings.LOGIN_URL}?next={request.path}")
                if request.method == "GET"
                else redirect(settings.LOGIN_URL)
            )
        raise NotAllowed

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.language:
            return request.user.language
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return ""
        if request.headers.get("Accept-Language"):
            return ""
        return Company.objects.current().language
