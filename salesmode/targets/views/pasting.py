"""The page where a table is pasted, looked over, and kept as drafts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from salesmode.kernel.pages import carry_out, toast
from salesmode.people.visibility import viewer
from salesmode.targets import operations
from salesmode.targets.forms import PasteForm
from salesmode.targets.models.target import metric
from salesmode.targets.operations.many import Pasted
from salesmode.targets.sheets.pasting import PastedLine, read_pasted
from salesmode.targets.views import asked_for


@require_http_methods(["GET", "POST"])
@login_required
def paste_targets(request: HttpRequest) -> HttpResponse:
    """Read a pasted table and say line by line what it means; sent again to be kept, make the drafts."""
    asked = asked_for(request)
    form = PasteForm(request.POST or None, initial={"metric": asked["code"], "year": asked["year"]})
    lines = carry_out(form, read_pasted, by=viewer(request), at=now()) if form.is_bound else None
    wrong = sum(1 for line in lines or () if line.problem)
    if lines and not wrong and "keep" in request.POST:
        return _keep(request, form.cleaned_data, lines)
    if wrong:
        said = ngettext(
            "%(n)s line cannot be read as it stands; nothing is kept until it is right.",
            "%(n)s lines cannot be read as they stand; nothing is kept until they are right.",
            wrong,
        )
        form.add_error("table", said % {"n": wrong})
    back = f"{reverse('targets:targets')}?metric={asked['code']}&year={asked['year']}"
    shown: dict[str, Any] = {
        "form": form,
        "lines": lines,
        "fine": len(lines or ()) - wrong,
        "metric": metric(form.cleaned_data["metric"]) if lines else None,
        "cancel_url": back,
        "submit_label": _("Look the lines over"),
        "submit_class": "second" if lines and not wrong else "",
    }
    return render(request, "targets/paste.html", shown, status=422 if form.errors else 200)


def _keep(request: HttpRequest, given: dict[str, Any], lines: list[PastedLine]) -> HttpResponse:
    rows = [Pasted(line.whose, line.numbers, line.number) for line in lines if line.whose is not None]
    code, year = given["metric"], given["year"]
    made = operations.set_targets(rows, metric=code, year=year, by=viewer(request), at=now())
    toast(request, ngettext("%(n)s draft was made.", "%(n)s drafts were made.", len(made)) % {"n": len(made)})
    return redirect(f"{reverse('targets:targets')}?metric={code}&year={year}")
