"""The first minutes: the questions that a new installation asks, and what it offers then."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel.models import Company
from salesmode.kernel.operations.company import CompanyAlreadySetUp
from salesmode.kernel.pages import carry_out
from salesmode.people.models import Person
from salesmode.workspace import operations, queries
from salesmode.workspace.forms import SetUpForm


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask who we are and let the first administrator in; once, and only while nobody administers."""
    if Company.objects.current().is_set_up or Person.objects.administrators().exists():
        if request.method == "POST":
            raise CompanyAlreadySetUp
        return redirect("workspace:today")
    form = SetUpForm(request.POST or None, sketch=queries.sketched_company())
    if request.method == "POST":

        def start(person_name: str, email: str, password: str, **company: object) -> Person:
            administrator = {"name": person_name, "email": email, "password": password}
            if form.sketch is not None:  # nobody chose the language that an import guessed
                administrator["language"] = get_language() or ""
            system = Person.objects.system()
            return operations.start_company(company=company, administrator=administrator, by=system, at=now())

        person = carry_out(form, start)
        if person is not None:
            return perform_login(request, person, email_verification="none", redirect_url=_first_page())
    return render(request, "workspace/set_up.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Offer three ways to begin: look at the demonstration, import the company, start empty."""
    return render(request, "workspace/begin.html", {"import_url": _import_page()})


@require_POST
def start_empty(request: HttpRequest) -> HttpResponse:
    """Give the company the usual process and one team."""
    language = Company.objects.current().language
    operations.start_empty(language=language, team_name=_("Sales"), by=request.user, at=now())
    messages.success(request, _("Ready: there is a process with five stages, and a team. Invite your colleagues next."))
    return redirect("people:people")


def _first_page() -> str:
    """Return where somebody goes first: to the last year that the imported deals tell of, or to the offers."""
    year = queries.last_decided_year()
    return reverse("workspace:begin") if year is None else f"{reverse('workspace:cockpit')}?period={year}"


def _import_page() -> str:
    for route in ("workspace:import_company", "exchange:imports"):
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""
