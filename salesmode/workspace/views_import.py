"""The page on which a whole company is taken over from files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.exchange import operations
from salesmode.exchange.models import CompanyImport

KINDS = {
    "customer": gettext_lazy("Customers"),
    "contact": gettext_lazy("Contacts"),
    "product": gettext_lazy("Products"),
    "deal": gettext_lazy("Deals"),
    "interaction": gettext_lazy("Interactions"),
    "organisation": gettext_lazy("Teams and people"),
    "dictionary": gettext_lazy("Explanations"),
    "ticket": gettext_lazy("Tickets"),
}
MADE = {
    "teams": gettext_lazy("Teams"),
    "people": gettext_lazy("People"),
    "products": gettext_lazy("Products"),
    "customers": gettext_lazy("Customers"),
    "contacts": gettext_lazy("Contacts"),
    "processes": gettext_lazy("Processes"),
    "stages": gettext_lazy("Stages"),
    "deals": gettext_lazy("Deals"),
    "interactions": gettext_lazy("Interactions"),
}


@require_http_methods(["GET", "POST"])
def import_company(request: HttpRequest) -> HttpResponse:
    """Hand in the files that the former system exports, all at once."""
    files = request.FILES.getlist("files")
    if request.method == "POST" and files:
        taken = operations.receive_company([(file.name, file) for file in files], by=request.user, at=now())
        return redirect("workspace:company_import", taken.pk)
    former = CompanyImport.objects.visible_to(request.user).newest_first()[:10]
    status = 422 if request.method == "POST" else 200
    return render(request, "workspace/import_company.html", {"former": former, "wrong": status == 422}, status=status)


@require_GET
def company_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show what is recognised, repaired and made; a piece of it while it is under way."""
    taken = get_object_or_404(CompanyImport.objects.visible_to(request.user), pk=import_id)
    template = "workspace/company_import.html" + ("#state" if request.headers.get("HX-Request") else "")
    made = taken.report.get("created", {})
    figures = [(label, made[kind]) for kind, label in MADE.items() if made.get(kind)]
    shown = {"taken": taken, "report": taken.report, "kinds": KINDS, "figures": figures}
    answer = render(request, template, shown)
    answer.headers["Vary"] = "HX-Request"
    return answer


@require_POST
def take_over_company(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the company over as it was shown."""
    taken = get_object_or_404(CompanyImport.objects.visible_to(request.user), pk=import_id)
    operations.request_company(taken, by=request.user, at=now())
    return redirect("workspace:company_import", taken.pk)
