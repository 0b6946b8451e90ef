"""The pages of improvement plans."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel import lists
from salesmode.kernel.locking import require
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer
from salesmode.reviews import operations, policies
from salesmode.reviews.forms import plans as forms
from salesmode.reviews.forms.reviews import drafts
from salesmode.reviews.models import ImprovementPlan
from salesmode.reviews.queries.plan_page import plan_page


def _load(request: HttpRequest, plan_id: int) -> ImprovementPlan:
    plans = ImprovementPlan.objects.visible_to(viewer(request)).select_related("owner", "leader")
    return get_object_or_404(plans, pk=plan_id)


@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """List improvement plans."""
    return lists.show(request, "improvementplan")


@login_required
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan: where it began, where it stands, what is to be done."""
    found = _load(request, plan_id)
    page = plan_page(found, seen_by=viewer(request), today=localdate())
    context = {"record": found, "page": page, "title": str(found), "form": forms.CheckInForm(), "today": localdate()}
    return render(request, "reviews/plan.html", context)


@login_required
def open_plan(request: HttpRequest) -> HttpResponse:
    """Agree on a plan."""
    form = forms.PlanForm(request.POST or None, by=viewer(request), initial={"owner": request.GET.get("person")})
    goals = forms.GoalForms(request.POST or None, prefix="goals")
    steps = forms.StepForms(request.POST or None, prefix="steps")
    if request.method == "POST" and form.is_valid() and goals.is_valid() and steps.is_valid():
        more = {"goals": drafts(goals), "steps": drafts(steps), "by": viewer(request), "at": now()}
        opened = carry_out(form, operations.open_improvement_plan, tables={"goals": goals, "steps": steps}, **more)
        if opened is not None:
            toast(request, _("The plan is agreed; its steps wait for %(name)s.") % {"name": opened.owner.name})
            return redirect("reviews:plan", opened.pk)
    context = {
        "form": form,
        "goals": goals,
        "steps": steps,
        "title": _("New improvement plan"),
        "submit_label": _("Agree on the plan"),
        "cancel_url": reverse("reviews:plans"),
    }
    return render(request, "reviews/plan_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def check_in(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Say how it goes."""
    found = _load(request, plan_id)
    form = forms.CheckInForm(request.POST)
    if carry_out(form, partial(operations.check_in_on_plan, found), by=viewer(request), at=now()) is None:
        page = plan_page(found, seen_by=viewer(request), today=localdate())
        context = {"record": found, "page": page, "title": str(found), "form": form, "today": localdate()}
        return render(request, "reviews/plan.html", context, status=422)
    toast(request, _("Saved."))
    return redirect("reviews:plan", found.pk)


@require_POST
@login_required
def finish_step(request: HttpRequest, plan_id: int, step_id: int) -> HttpResponse:
    """Say that a step is done."""
    found = _load(request, plan_id)
    step = get_object_or_404(found.steps, pk=step_id)
    operations.finish_plan_step(found, step=step, by=viewer(request), at=now())
    toast(request, _("Done: %(action)s") % {"action": step.text})
    return redirect("reviews:plan", found.pk)


@login_required
def decide_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Decide a plan whose time is up."""
    found = _load(request, plan_id)
    require(policies.may_decide_improvement_plan(viewer(request), found))
    form = forms.DecideForm(request.POST or None)
    act = partial(operations.decide_improvement_plan, found)
    if carry_out(form, act, version=version_of(request), by=viewer(request), at=now()) is not None:
        toast(request, _("Decided."))
        return redirect("reviews:plan", found.pk)
    context = {
        "form": form,
        "record": found,
        "title": _("Decide the plan"),
        "about": found,
        "submit_label": _("Decide"),
        "cancel_url": reverse("reviews:plan", args=[found.pk]),
    }
    return render(request, "reviews/form.html", context, status=422 if request.method == "POST" else 200)
