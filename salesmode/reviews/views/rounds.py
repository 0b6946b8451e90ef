"""The pages of rounds, forms and cycles."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Team
from salesmode.people.visibility import viewer
from salesmode.reviews import operations
from salesmode.reviews.forms import reviews as forms
from salesmode.reviews.models import ReviewCycle, ReviewRound, ReviewTemplate
from salesmode.reviews.models.scoring import STANDARD_GRADES, plainly
from salesmode.reviews.queries.calibration import comparison


@login_required
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show a round side by side, for whoever calibrates it."""
    rounds = ReviewRound.objects.visible_to(viewer(request)).select_related("template", "team")
    found = get_object_or_404(rounds, pk=round_id)
    chosen = request.GET.get("team", "")
    team = Team.objects.filter(pk=int(chosen)).first() if _is_key(chosen) else None
    shown = comparison(found, team=team, seen_by=viewer(request))
    return render(request, "reviews/round.html", {"record": found, "shown": shown, "team": team, "title": str(found)})


@login_required
def open_round(request: HttpRequest) -> HttpResponse:
    """Begin a round."""
    form = forms.RoundForm(
        request.POST or None, by=viewer(request), initial={"period": Period.parse("last-quarter").label}
    )
    opened = carry_out(form, operations.open_review_round, by=viewer(request), at=now())
    if opened is not None:
        toast(request, _("The round has begun."))
        return redirect("reviews:round", opened.pk)
    context = {"form": form, "title": _("Begin a round of reviews"), "submit_label": _("Begin")}
    return _form(request, context, cancel=reverse("reviews:reviews"))


@login_required
def templates(request: HttpRequest) -> HttpResponse:
    """List the forms, and how often which team is reviewed with them."""
    context = {
        "templates": ReviewTemplate.objects.prefetch_related("lines").order_by("-is_active", "name"),
        "cycles": ReviewCycle.objects.select_related("team", "template").order_by(
            "ends_on", "team__name", "-starts_on"
        ),
        "today": localdate(),
        "title": _("Review forms"),
    }
    return render(request, "reviews/templates.html", context)


@login_required
def define_template(request: HttpRequest) -> HttpResponse:
    """Write down a form."""
    grades = [{"code": one.code, "least": one.least, "share": one.share} for one in STANDARD_GRADES]
    return _template(request, None, grades=grades, metrics=[], competencies=[])


@login_required
def amend_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Change a form."""
    found = get_object_or_404(ReviewTemplate, pk=template_id)
    lines = list(found.lines.order_by("position", "id"))
    metrics = [
        {
            "metric": line.metric,
            "weight": plainly(line.weight),
            "target": plainly(line.target),
            "cap": plainly(line.cap),
        }
        for line in lines
        if line.is_metric
    ]
    competencies = [
        {"name": line.name, "weight": plainly(line.weight), "anchors": "\n".join(line.anchors)}
        for line in lines
        if not line.is_metric
    ]
    grades = [{"code": one.code, "least": plainly(one.least), "share": plainly(one.share)} for one in found.scale]
    return _template(request, found, grades=grades, metrics=metrics, competencies=competencies)


def _template(
    request: HttpRequest,
    found: ReviewTemplate | None,
    *,
    grades: list[Any],
    metrics: list[Any],
    competencies: list[Any],
) -> HttpResponse:
    initial = {name: getattr(found, name) for name in ("name", "guidance", "is_active")} if found else {}
    given = request.POST or None
    form = forms.TemplateForm(given, initial=initial)
    tables = {
        "metrics": forms.MetricLineForms(given, prefix="metrics", initial=metrics),
        "competencies": forms.CompetencyForms(given, prefix="competencies", initial=competencies),
        "grades": forms.GradeForms(given, prefix="grades", initial=grades),
    }
    if request.method == "POST" and form.is_valid() and all(table.is_valid() for table in tables.values()):
        lines = [*forms.drafts(tables["metrics"]), *forms.drafts(tables["competencies"])]
        more = {"lines": lines, "grades": forms.drafts(tables["grades"]), "by": viewer(request), "at": now()}
        about = {"lines": tables["metrics"], "grades": tables["grades"]}
        if found is None:
            saved = carry_out(form, operations.define_review_template, tables=about, **more)
        else:
            act = partial(operations.amend_review_template, found)
            saved = carry_out(form, act, tables=about, version=version_of(request), **more)
        if saved is not None:
            return redirect("reviews:templates")
    context = {
        "form": form,
        "tables": tables,
        "record": found,
        "title": found.name if found else _("New review form"),
        "cancel_url": reverse("reviews:templates"),
    }
    return render(request, "reviews/template.html", context, status=422 if request.method == "POST" else 200)


@login_required
def set_cycle(request: HttpRequest) -> HttpResponse:
    """Say how often a team is reviewed."""
    form = forms.CycleForm(request.POST or None, initial={"starts_on": localdate()})
    if carry_out(form, operations.set_review_cycle, by=viewer(request), at=now()) is not None:
        toast(request, _("Rounds will begin by themselves when a period is over."))
        return redirect("reviews:templates")
    return _form(request, {"form": form, "title": _("How often reviews come")}, cancel=reverse("reviews:templates"))


@require_POST
@login_required
def end_cycle(request: HttpRequest) -> HttpResponse:
    """Let a team have no cycle of its own from today on."""
    chosen = request.POST.get("team", "")
    if chosen and not _is_key(chosen):
        raise Invalid({"team": [_("There is no such team.")]})
    team = get_object_or_404(Team, pk=int(chosen)) if chosen else None
    operations.end_review_cycle(team=team, on=localdate(), by=viewer(request), at=now())
    return redirect("reviews:templates")


def _form(request: HttpRequest, context: dict[str, Any], *, cancel: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/form.html", {"cancel_url": cancel, **context}, status=status)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
