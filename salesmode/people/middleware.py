"""What every request of a signed-in person brings along: language, and which pages their role may open."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from salesmode.kernel import here
from salesmode.kernel.refusals import NotAllowed, refusal_page
from salesmode.people import permissions
from salesmode.people.models import Person

# Pages of the sign-in library, which keep their own door; its others (signing up, changing one's e-mail) stay closed.
UNGUARDED = (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "mfa_",
    "socialaccount_login_",
    "socialaccount_connections",
    "openid_connect_",
)


class PersonPreferences:
    """Speak the person's language, and open only the pages that permissions.toml lists for their role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with here.in_company():
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
        if not request.user.is_authenticated and self._waits_for_set_up(request, route):
            return redirect(settings.SET_UP_URL)
        if (
            route.startswith(UNGUARDED)
            or (match and match.namespace.startswith("api"))
            or permissions.may_open(request.user, route)
        ):
            return None
        if request.user.is_authenticated:
            return refusal_page(request, NotAllowed())
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(settings.LOGIN_URL)})
        if request.method != "GET":
            return redirect(settings.LOGIN_URL)
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")

    @staticmethod
    def _waits_for_set_up(request: HttpRequest, route: str) -> bool:
        """Say whether nobody has answered the first-run questions yet, and nobody could sign in to do so."""
        if "public" in permissions.routes().get(route, ()) or request.path.startswith("/api/"):
            return False
        return not here.company().is_set_up and not Person.objects.administrators().exists()

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.language:
            return request.user.language
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return ""
        if request.headers.get("Accept-Language"):
            return ""
        return here.company().language
