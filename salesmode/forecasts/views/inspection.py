"""The pages of deal inspection, a deal's own category, and the settings of forecasts and inspections."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.forecasts import forms, operations, policies, queries
from salesmode.forecasts.models import InspectionRule, StageExpectation, SubmissionCycle
from salesmode.forecasts.models.inspection import Warn
from salesmode.kernel.lists_filters import whole_number
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Team
from salesmode.people.visibility import viewer
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal


@require_GET
@login_required
def inspection(request: HttpRequest) -> HttpResponse:
    """Show deals against warnings, the worst money first."""
    tree = queries.Tree.of(viewer(request))
    offered = queries.scopes(tree)
    scope = queries.scope_called(request.GET.get("scope", ""), offered)
    code = request.GET.get("warning", "")
    if code and code not in Warn.values:
        raise Invalid({"warning": [_("There is no warning called %(name)s.") % {"name": code[:40]}]})
    found = queries.inspection(scope, code=code, seen_by=viewer(request))
    rules = queries.rules_of(tree.teams.get(scope.team_id) if scope.team_id else None, localdate())
    heads = [
        {
            "code": warn.value,
            "label": warn.label,
            "meaning": forms.MEANINGS[warn.value],
            "limit": rules.limits.get(warn.value),
            "said": forms.said_limit(warn.value, rules.limits[warn.value]) if rules.watches(warn.value) else "",
            "count": found.sums[warn.value][0],
            "amount": found.sums[warn.value][1],
        }
        for warn in Warn
    ]
    shown = {"found": found, "heads": heads, "offered": offered, "scope": scope, "code": code}
    return render(request, "forecasts/inspection.html", shown)


@require_POST
@login_required
def set_category(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say what one thinks of a deal oneself, or leave it to the stage."""
    deal = get_object_or_404(Deal.objects.visible_to(viewer(request)).select_related("stage"), pk=deal_id)
    form = forms.CategoryForm(request.POST)
    if not form.is_valid():
        raise Invalid({"category": [_("There is no such forecast category.")]})
    selling.amend_deal(
        deal, category=form.cleaned_data["category"], version=version_of(request), by=viewer(request), at=now()
    )
    return redirect("selling:deal", deal.pk)


@require_GET
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Show when forecasts are submitted and what deals are inspected for, for the company and every team."""
    today = localdate()
    cycles, rules = queries.Holding(SubmissionCycle, today), queries.Holding(InspectionRule, today)
    units = [(None, _("Company")), *((team.pk, team.name) for team in Team.objects.order_by("name"))]
    rows = [
        {
            "key": key or "",
            "label": label,
            "cycle": cycles.of(key),
            "own_cycle": cycles.own(key),
            "rules": queries.as_rules(rules.of(key)),
            "own_rules": rules.own(key),
        }
        for key, label in units
    ]
    expected = StageExpectation.objects.select_related("stage").order_by("stage__process", "stage__position")
    shown = {
        "rows": rows,
        "expected": expected,
        "weekdays": dict(forms.WEEKDAYS),
        "may_change": policies.may_set_inspection(viewer(request)),
        "today": today,
    }
    return render(request, "forecasts/settings.html", shown)


def _team(request: HttpRequest) -> Team | None:
    given = request.GET.get("team", "")
    return get_object_or_404(Team, pk=whole_number("team", given)) if given else None


@login_required
def set_cycle(request: HttpRequest) -> HttpResponse:
    """Decide when a team or the company submits its forecast."""
    team = _team(request)
    holding = queries.cycle_of(team, localdate())
    initial = {"team": team, "since": localdate()}
    if holding is not None:
        initial |= {"weekday": holding.weekday, "clock": holding.clock, "grain": holding.grain}
    form = forms.CycleForm(request.POST or None, initial=initial)
    if carry_out(form, operations.set_submission_cycle, by=viewer(request), at=now()) is not None:
        return redirect("forecasts:settings")
    return _form(request, form, _("When forecasts are submitted"))


@login_required
def set_inspection(request: HttpRequest) -> HttpResponse:
    """Decide what the deals of a team or the company are inspected for."""
    team = _team(request)
    rules = queries.rules_of(team, localdate())
    form = forms.InspectionForm(request.POST or None, rules=rules, initial={"team": team, "since": localdate()})
    if carry_out(form, operations.set_inspection, by=viewer(request), at=now()) is not None:
        operations.refresh_warnings(at=now())
        toast(request, _("All open deals have been looked at again."))
        return redirect("forecasts:settings")
    return _form(request, form, _("What deals are inspected for"), template="forecasts/inspection_form.html")


@require_POST
@login_required
def withdraw_cycle(request: HttpRequest) -> HttpResponse:
    """Take a submission time back; what holds above holds again."""
    return _withdraw(request, operations.withdraw_submission_cycle)


@require_POST
@login_required
def withdraw_inspection(request: HttpRequest) -> HttpResponse:
    """Take a choice of warnings back; what holds above holds again."""
    answer = _withdraw(request, operations.withdraw_inspection)
    operations.refresh_warnings(at=now())
    return answer


def _withdraw(request: HttpRequest, act) -> HttpResponse:
    given = request.POST.get("team", "")
    team = get_object_or_404(Team, pk=whole_number("team", given)) if given else None
    partial(act, team)(since=localdate(), by=viewer(request), at=now())
    return redirect("forecasts:settings")


def _form(request: HttpRequest, form, title: str, *, template: str = "ui/form.html") -> HttpResponse:
    shown = {"form": form, "title": title, "cancel_url": reverse("forecasts:settings")}
    return render(request, template, shown, status=422 if request.method == "POST" else 200)
