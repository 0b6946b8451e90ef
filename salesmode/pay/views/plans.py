"""Plans: written, tried on the past, published, and given to whom they are for."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.refusals import Invalid
from salesmode.orders.models import Order
from salesmode.pay import forms, operations, policies, queries
from salesmode.pay.models import CreditSplit, PayPlan, PlanAssignment, PlanVersion
from salesmode.selling.models import Deal


@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """List plans."""
    return lists.show(request, "pay_plan")


def _load(request: HttpRequest, plan_id: int) -> PayPlan:
    return get_object_or_404(PayPlan.objects.visible_to(request.user), pk=plan_id)


@login_required
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan as sentences, version by version, and for whom it holds."""
    found = _load(request, plan_id)
    person: Any = request.user
    today = localdate()
    versions = [
        (version, queries.sentences(version.document), version.holds_on(today))
        for version in found.versions.order_by("-number")
    ]
    shown = {
        "title": found.name,
        "record": found,
        "versions": versions,
        "assignments": found.assignments.exclude(valid_until=F("valid_from"))
        .select_related("person", "team")
        .order_by("-valid_from", "pk"),
        "draft": next((version for version, _said, _holds in versions if version.is_draft), None),
        "may_amend": policies.may_amend_plan(person, found),
        "today": today,
    }
    return render(request, "pay/plan.html", shown)


@login_required
def define_plan(request: HttpRequest) -> HttpResponse:
    """Write a plan down."""
    designer = forms.PlanForms(request.POST or None)
    if designer.form.is_bound and designer.is_valid():
        given = designer.form.cleaned_data
        made = _told(
            designer,
            partial(operations.define_plan, name=given["name"], description=given["description"]),
            by=request.user,
            at=now(),
        )
        if made is not None:
            toast(request, _("Saved as a draft. Try it on the last twelve months, then publish it."))
            return redirect("pay:plan", made.pk)
    return _designer(request, designer, title=_("New plan"), cancel=reverse("pay:plans"))


@login_required
def amend_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Change a plan, or begin its next version."""
    found = _load(request, plan_id)
    last = found.versions.order_by("-number").first()
    initial = {"name": found.name, "description": found.description}
    designer = forms.PlanForms(request.POST or None, terms=last.document if last else None, initial=initial)
    if designer.form.is_bound and designer.is_valid():
        given = designer.form.cleaned_data
        changes = {"name": given["name"], "description": given["description"], "version": version_of(request)}
        if _told(designer, partial(operations.amend_plan, found, **changes), by=request.user, at=now()) is not None:
            toast(request, _("The draft is saved."))
            return redirect("pay:plan", found.pk)
    back = reverse("pay:plan", args=[found.pk])
    return _designer(request, designer, title=_("Edit plan"), cancel=back, record=found)


def _told(designer: forms.PlanForms, act: Any, **more: Any) -> Any:
    """Do it with the designed terms; what does not fit is said at its field, or above its table."""
    try:
        return act(terms=designer.terms(), **more)
    except Invalid as refusal:
        for field, sentences in refusal.fields.items():
            if field in designer.tables:
                designer.tables[field][0].non_form_errors().extend(sentences)
            else:
                designer.form.add_error(field if field in designer.form.fields else None, sentences)
        return None


def _designer(
    request: HttpRequest, designer: forms.PlanForms, *, title: str, cancel: str, record: PayPlan | None = None
) -> HttpResponse:
    shown = {"designer": designer, "form": designer.form, "title": title, "cancel_url": cancel, "record": record}
    return render(request, "pay/designer.html", shown, status=422 if designer.form.is_bound else 200)


@login_required
def publish_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Let a version hold from a day on."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=version_id)
    follows = version.plan.versions.filter(status=PlanVersion.Status.PUBLISHED).exists()
    form = forms.PublishForm(request.POST or None, terms=version.document, follows=follows, today=localdate())
    act = partial(operations.publish_version, version, version=version_of(request))
    return _asked(
        request,
        form,
        act,
        version.plan,
        title=_("Publish version %(number)s") % {"number": version.number},
        submit=_("Publish"),
        version=version.version,
        sentences=queries.sentences(version.document),
    )


@login_required
def end_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Let a version hold no longer than a day."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=version_id)
    form = forms.EndForm(request.POST or None)
    act = partial(operations.end_version, version, version=version_of(request))
    return _asked(
        request,
        form,
        act,
        version.plan,
        title=_("End version %(number)s") % {"number": version.number},
        submit=_("End"),
        version=version.version,
    )


@login_required
def assign_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Say for whom a plan is to hold."""
    found = _load(request, plan_id)
    form = forms.AssignForm(request.POST or None, initial={"valid_from": localdate().replace(day=1)})
    return _asked(request, form, partial(operations.assign_plan, found), found, title=_("For whom does it hold?"))


@login_required
def withdraw_plan(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Let a plan hold for somebody no longer than a day."""
    row = get_object_or_404(PlanAssignment.objects.select_related("plan", "person", "team"), pk=assignment_id)
    form = forms.EndForm(request.POST or None)
    title = _("End the plan for %(whose)s") % {"whose": row.whose}
    return _asked(request, form, partial(operations.withdraw_plan, row), row.plan, title=title, submit=_("End"))


def _asked(
    request: HttpRequest, form: Any, act: Any, found: PayPlan, *, title: str, submit: str = "", **more: Any
) -> HttpResponse:
    if carry_out(form, act, by=request.user, at=now()) is not None:
        toast(request, _("Saved."))
        return redirect("pay:plan", found.pk)
    back = reverse("pay:plan", args=[found.pk])
    shown = {"form": form, "title": title, "cancel_url": back, "submit_label": submit, "record": found, **more}
    return render(request, "pay/form.html", shown, status=422 if form.is_bound else 200)


@login_required
def simulate(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show what a version would have paid over the last twelve months."""
    version = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=version_id)
    found = queries.simulate(version.document, plan_id=version.plan_id, today=localdate())
    shown = {
        "title": _("%(plan)s on the last twelve months") % {"plan": version.plan.name},
        "version": version,
        "result": found,
        "sentences": queries.sentences(version.document),
    }
    return render(request, "pay/simulation.html", shown)


@login_required
def split_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say who shares the credit for a deal."""
    found = get_object_or_404(Deal.objects.visible_to(request.user), pk=deal_id)
    return _split(request, found, f"/deals/{found.pk}", CreditSplit.objects.filter(deal=found))


@login_required
def split_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say who shares the credit for one order."""
    found = get_object_or_404(Order.objects.visible_to(request.user), pk=order_id)
    return _split(request, found, f"/orders/{found.pk}", CreditSplit.objects.filter(order=found))


def _split(request: HttpRequest, found: Any, back: str, rows: Any) -> HttpResponse:
    shares = list(rows.order_by("-percent", "pk").values("person", "percent"))
    newest = max(rows.values_list("pk", flat=True), default=0)
    table = forms.Shares(
        request.POST or None, prefix="shares", initial=shares or [{"person": found.owner_id, "percent": 100}]
    )
    if table.is_bound and table.is_valid():
        given = [
            (form.cleaned_data["person"], form.cleaned_data["percent"] or 0)
            for form in table
            if form.cleaned_data.get("person")
        ]
        try:
            operations.split_credit(found, shares=given, newest=version_of(request), by=request.user, at=now())
            toast(request, _("The credit is shared as written."))
            return redirect(back)
        except Invalid as refusal:
            table.non_form_errors().extend(refusal.fields.get("shares", [refusal.message]))
    shown = {"title": _("Share the credit"), "table": table, "cancel_url": back, "why": str(found), "version": newest}
    return render(request, "pay/form.html", shown, status=422 if table.is_bound else 200)
