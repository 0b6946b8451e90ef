"""The pages of alerts and of the rules that raise them."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of, way_back
from salesmode.people.visibility import viewer
from salesmode.targets import operations, policies, queries
from salesmode.targets.forms.alerts import AlertRuleForm, RetireForm
from salesmode.targets.models import Alert, AlertRule, Decision

KEPT = ("metric", "kind_of", "limit", "direction", "each", "grain", "span", "history", "season", "severity")


def _load(request: HttpRequest, alert_id: int) -> Alert:
    rows = Alert.objects.visible_to(viewer(request)).select_related(
        "rule", "rule__team", "owner", "team__lead", "acknowledged_by"
    )
    return get_object_or_404(rows, pk=alert_id)


def _rule(request: HttpRequest, alert_rule_id: int) -> AlertRule:
    rows = AlertRule.objects.visible_to(viewer(request)).select_related("team__lead", "owner")
    return get_object_or_404(rows, pk=alert_rule_id)


@require_GET
@login_required
def alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts."""
    return lists.show(request, "alert")


@require_GET
@login_required
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Explain an alert: the number, what was expected, how that was computed, and what was decided."""
    found, person = _load(request, alert_id), viewer(request)
    context = {
        "record": found,
        "title": str(found),
        "records_url": queries.records_behind(found),
        "decisions": Decision.objects.visible_to(person).filter(alert=found).select_related("owner"),
        "last_day": found.measured_until - timedelta(days=1),
        "may_see_rule": AlertRule.objects.visible_to(person).filter(pk=found.rule_id).exists(),
        "may_acknowledge": found.status == "open" and policies.may_acknowledge_alert(person, found),
        "may_decide": policies.may_take_decision(person, found.whose),
    }
    return render(request, "targets/alert.html", context)


@require_POST
@login_required
def acknowledge_alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Take care of an alert."""
    found = _load(request, alert_id)
    operations.acknowledge_alert(found, by=viewer(request), at=now())
    toast(request, _("You take care of it."))
    return redirect(way_back(request, otherwise=reverse("targets:alert", args=[found.pk])))


@require_GET
@login_required
def alert_rules(request: HttpRequest) -> HttpResponse:
    """List the rules."""
    return lists.show(request, "alertrule")


@require_http_methods(["GET", "POST"])
@login_required
def set_alert_rule(request: HttpRequest) -> HttpResponse:
    """Have a number watched; `?from=7` begins with what a rule says now."""
    initial: dict[str, Any] = {"starts_on": localdate()}
    former = request.GET.get("from", "")
    if former.isascii() and former.isdigit() and len(former) < 19:
        rule = _rule(request, int(former))
        initial |= {name: getattr(rule, name) for name in (*KEPT, "quiet_days", "receivers", "team")}
        initial["limit"] = f"{rule.limit.normalize():f}"
    form = AlertRuleForm(request.POST or None, by=viewer(request), initial=initial)
    made = carry_out(form, operations.set_alert_rule, by=viewer(request), at=now()) if request.POST else None
    if made is not None:
        toast(request, _("The rule holds."))
        return redirect("targets:alert_rule", made.pk)
    context = {
        "form": form,
        "title": _("New rule"),
        "submit_label": _("Watch it"),
        "cancel_url": reverse("targets:alert_rules"),
        "back_url": reverse("targets:alert_rules"),
        "back_label": _("Alert rules"),
    }
    return render(request, "targets/alert_form.html", context, status=422 if form.is_bound else 200)


def _show_rule(request: HttpRequest, rule: AlertRule, form: RetireForm, status: int = 200) -> HttpResponse:
    person = viewer(request)
    raised = Alert.objects.visible_to(person).filter(rule=rule).select_related("rule", "owner", "team")
    context = {
        "record": rule,
        "title": str(rule),
        "now": queries.rule_today(rule, seen_by=person, today=localdate()),
        "alerts": raised.order_by("-raised_at", "-id")[:20],
        "form": form,
        "may_retire": rule.ends_on is None and policies.may_retire_alert_rule(person, rule),
    }
    return render(request, "targets/alert_rule.html", context, status=status)


@require_GET
@login_required
def alert_rule(request: HttpRequest, alert_rule_id: int) -> HttpResponse:
    """Show what a rule says and what it has found."""
    return _show_rule(request, _rule(request, alert_rule_id), RetireForm(initial={"ends_on": localdate()}))


@require_POST
@login_required
def retire_alert_rule(request: HttpRequest, alert_rule_id: int) -> HttpResponse:
    """Stop watching a number."""
    rule, form = _rule(request, alert_rule_id), RetireForm(request.POST)
    act = partial(operations.retire_alert_rule, rule)
    if carry_out(form, act, version=version_of(request), by=viewer(request), at=now()) is None:
        return _show_rule(request, _rule(request, alert_rule_id), form, status=422)
    toast(request, _("The rule is retired."))
    return redirect("targets:alert_rule", rule.pk)
