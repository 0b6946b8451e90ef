"""The pages of leave: who is away when."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer
from salesmode.targets import operations, policies
from salesmode.targets.forms.absences import AbsenceForm
from salesmode.targets.models import Absence


def _load(request: HttpRequest, absence_id: int) -> Absence:
    return get_object_or_404(Absence.objects.visible_to(viewer(request)).select_related("owner"), pk=absence_id)


@require_GET
@login_required
def absences(request: HttpRequest) -> HttpResponse:
    """List who is away when."""
    return lists.show(request, "absence")


@require_GET
@login_required
def absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Show one absence."""
    found = _load(request, absence_id)
    may_withdraw = policies.may_withdraw_absence(viewer(request), found)
    return render(request, "targets/absence.html", {"record": found, "may_withdraw": may_withdraw})


@require_http_methods(["GET", "POST"])
@login_required
def note_absence(request: HttpRequest) -> HttpResponse:
    """Write down when somebody is away; `?person=7` begins with them."""
    person = viewer(request)
    initial = {"person": request.GET.get("person") or person.pk, "first_on": localdate(), "last_on": localdate()}
    form = AbsenceForm(request.POST or None, by=person, initial=initial)
    if form.is_bound and (made := carry_out(form, operations.note_absence, by=person, at=now())) is not None:
        toast(request, _("The leave is noted."))
        return redirect("targets:absence", made.pk)
    context = {"form": form, "title": _("Note leave"), "cancel_url": reverse("targets:absences")}
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def withdraw_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take back that somebody is away."""
    operations.withdraw_absence(_load(request, absence_id), version=version_of(request), by=viewer(request), at=now())
    toast(request, _("The leave is taken back."))
    return redirect("targets:absences")
