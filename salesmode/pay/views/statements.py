"""Statements: my own, everybody's for those who see them, and what is done with them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from salesmode.kernel import lists
from salesmode.kernel.here import company
from salesmode.kernel.pages import carry_out, toast, version_of, way_back
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Refusal
from salesmode.kernel.wording import day, full_money, in_capitals, in_chinese
from salesmode.kernel.wording import month as month_name
from salesmode.pay import forms, operations, policies, queries
from salesmode.pay.models import Dispute, LedgerEntry, PaySettings, Statement
from salesmode.people.models import Person
from salesmode.selling.models import Deal

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@login_required
def pay(request: HttpRequest) -> HttpResponse:
    """Lead to one's own statement; show what waits to whoever sees everybody's."""
    if not queries.sees_everybody(request.user):
        return redirect("pay:statement", request.user.pk, f"{localdate():%Y-%m}")
    person: Any = request.user
    shown = {
        "title": _("Pay"),
        "overview": queries.overview(today=localdate()),
        "may_close": policies.may_close_period(person),
        "may_define": policies.may_define_plan(person),
        "plans": queries.plans_in_force(on=localdate()),
        "people": queries.this_month(today=localdate()),
    }
    return render(request, "pay/overview.html", shown)


@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """List statements."""
    return lists.show(request, "statement")


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """List the entries of the ledger."""
    return lists.show(request, "commission")


@login_required
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show where one amount came from: deal, order, payment, rule and formula."""
    rows = LedgerEntry.objects.visible_to(request.user).select_related(
        "owner", "deal", "order__customer", "payment", "plan_version__plan", "reversal_of", "reversed_by", "corrects",
        "posted_by",
    )  # fmt: skip
    found = get_object_or_404(rows, pk=entry_id)
    closed = Statement.objects.filter(owner=found.owner_id, month=found.period).first()
    asks = closed is not None and policies.may_dispute_statement(request.user, closed)
    shown = {
        "title": f"{found.get_rule_display()} · {day(found.happened_on)}",
        "record": found,
        "page": queries.entry_page(found, seen_by=request.user),
        "dispute_url": f"{reverse('pay:dispute', args=[closed.pk])}?entry={found.pk}" if closed and asks else "",
    }
    return render(request, "pay/entry.html", shown)


def _person(request: HttpRequest, person_id: int) -> Person:
    return get_object_or_404(queries.people_seen(request.user), pk=person_id)


def _month(text: str) -> date:
    found = MONTH.fullmatch(text)
    if found is None or int(found[1]) < 1990:
        raise Http404
    return date(int(found[1]), int(found[2]), 1)


@login_required
def statement(request: HttpRequest, person_id: int, month: str) -> HttpResponse:
    """Show a month of somebody's pay: entries by rule, each with its formula."""
    return render(request, "pay/statement.html", _page(request, person_id, month))


@login_required
def slip(request: HttpRequest, person_id: int, month: str) -> HttpResponse:
    """Show the same as a sheet of paper."""
    shown = _page(request, person_id, month)
    row = shown["record"]
    shown |= {
        "company_name": company().name,
        "printed_on": localdate(),
        "due_in_words": in_capitals(row.due, row.currency) if row is not None and in_chinese() else "",
    }
    return render(request, "pay/slip.html", shown)


def _page(request: HttpRequest, person_id: int, month: str) -> dict[str, Any]:
    person, first = _person(request, person_id), _month(month)
    found = queries.statement_page(person, first)
    viewer: Any = request.user
    row = found.statement
    may = {
        "approve": row is not None and row.may_be_approved and policies.may_approve_statement(viewer, row),
        "settle": row is not None and row.status == "approved" and policies.may_settle_statement(viewer, row),
        "dispute": row is not None and policies.may_dispute_statement(viewer, row),
    }
    disputes = list(row.disputes.select_related("asked_by", "answered_by", "correction").order_by("pk")) if row else []
    return {
        "title": _("Pay of %(person)s") % {"person": person.name},
        "page": found,
        "record": row,
        "may": may,
        "disputes": [(each, each.status == "open" and policies.may_answer_dispute(viewer, each)) for each in disputes],
        "months": queries.months_of(person, today=localdate()),
        "sentences": queries.sentences(found.terms) if found.terms else [],
        "is_own": person.pk == viewer.pk,
        "earlier": add_months(first, -1),
        "later": add_months(first, 1) if first < localdate().replace(day=1) else None,
    }


@login_required
def export(request: HttpRequest, person_id: int, month: str) -> HttpResponse:
    """Hand a payslip out as an Excel file."""
    page = queries.statement_page(_person(request, person_id), _month(month))
    answer = HttpResponse(
        queries.payslip(page), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="payslip-{person_id}-{month}.xlsx"'
    return answer


def _statement(request: HttpRequest, statement_id: int) -> Statement:
    rows = Statement.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(rows, pk=statement_id)


def _back(row: Statement) -> str:
    return reverse("pay:statement", args=[row.owner_id, row.label])


@require_POST
@login_required
def approve(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Find a statement right."""
    row = _statement(request, statement_id)
    operations.approve_statement(row, by=request.user, at=now())
    toast(request, _("The statement is approved; it can be settled."))
    return redirect(_back(row))


@require_POST
@login_required
def settle(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Record that a statement was paid."""
    row = _statement(request, statement_id)
    operations.settle_statement(row, by=request.user, at=now())
    toast(request, _("The statement is settled: %(amount)s.") % {"amount": full_money(row.due, row.currency)})
    return redirect(_back(row))


@require_POST
@login_required
def approve_statements(request: HttpRequest) -> HttpResponse:
    """Find the selected statements right."""
    return _many(request, operations.approve_statement)


@require_POST
@login_required
def settle_statements(request: HttpRequest) -> HttpResponse:
    """Record that the selected statements were paid."""
    return _many(request, operations.settle_statement)


def _many(request: HttpRequest, act: Callable[..., Any]) -> HttpResponse:
    """Do it to each of the selected, and say what became of them; one refusal stops no other."""
    done, refused = 0, ""
    for row in lists.LISTINGS["statement"].selected(request.POST, seen_by=request.user):
        try:
            act(row, by=request.user, at=now())
            done += 1
        except Refusal as refusal:
            refused = refused or refusal.message
    if done:
        messages.success(
            request, ngettext("%(count)s statement is done.", "%(count)s statements are done.", done) % {"count": done}
        )
    if refused:
        messages.error(request, _("Not all: %(reason)s") % {"reason": refused})
    return redirect(way_back(request, otherwise=reverse("pay:statements")))


@login_required
def dispute(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Question a statement, or one of its entries."""
    row = _statement(request, statement_id)
    entry = None
    if (given := request.GET.get("entry", "")).isdigit() and len(given) < 19:
        entry = get_object_or_404(LedgerEntry.objects.visible_to(request.user), pk=int(given))
    form = forms.QuestionForm(request.POST or None)
    if carry_out(form, partial(operations.dispute_statement, row, entry=entry), by=request.user, at=now()) is not None:
        messages.success(request, _("Your question is with finance. The statement waits for the answer."))
        return redirect(_back(row))
    shown = {
        "title": _("Ask about this statement"),
        "form": form,
        "cancel_url": _back(row),
        "why": queries.explanation(entry) if entry else "",
        "submit_label": _("Ask"),
    }
    return render(request, "pay/form.html", shown, status=422 if form.is_bound else 200)


@login_required
def answer(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Answer a question about a statement."""
    rows = Dispute.objects.visible_to(request.user).select_related("statement__owner", "entry")
    found = get_object_or_404(rows, pk=dispute_id)
    form = forms.AnswerForm(request.POST or None)
    if carry_out(form, partial(operations.answer_dispute, found), by=request.user, at=now()) is not None:
        toast(request, _("The question is answered."))
        return redirect(_back(found.statement))
    why = f"{found.question} ({queries.explanation(found.entry)})" if found.entry else found.question
    shown = {"title": _("Answer the question"), "form": form, "cancel_url": _back(found.statement), "why": why}
    return render(request, "pay/form.html", shown, status=422 if form.is_bound else 200)


@login_required
def what_if(request: HttpRequest, person_id: int) -> HttpResponse:
    """Work out what somebody would earn if more were sold."""
    person = _person(request, person_id)
    deals = Deal.objects.open().visible_to(request.user).filter(owner=person).order_by("closes_on", "pk")
    form = forms.WhatIfForm(request.GET if request.GET else None, deals=deals)
    answered = None
    if form.is_bound and form.is_valid():
        given, on = form.cleaned_data, form.cleaned_data["on"] or localdate()
        wishes = [queries.Wish(deal.company_amount, on, deal) for deal in given["deals"]]
        wishes += [queries.Wish(Decimal(given["amount"]), on)] if given["amount"] else []
        answered = queries.what_if(person, wishes=wishes, today=localdate())
    chosen = set(request.GET.getlist("deals"))
    shown = {
        "title": _("What would %(person)s earn if…") % {"person": person.name},
        "person": person,
        "form": form,
        "deals": [(deal, str(deal.pk) in chosen) for deal in deals[:60]],
        "answer": answered,
        "today": localdate(),
        "month": f"{localdate():%Y-%m}",
    }
    return render(request, "pay/what_if.html", shown, status=422 if form.is_bound and form.errors else 200)


@require_POST
@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Close a month of pay."""
    period = operations.close_period(_month(request.POST.get("month", "")), by=request.user, at=now())
    said = {"month": month_name(period.month), "count": period.statements}
    messages.success(request, _("%(month)s is closed: %(count)s statements.") % said)
    return redirect("pay:statements")


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Say when months close, and who sees statements."""
    current = PaySettings.current()
    form = forms.SettingsForm(
        request.POST or None, initial={"closes_on_day": current.closes_on_day, "managers_see": current.managers_see}
    )
    amend = partial(operations.amend_settings, version=version_of(request))
    if carry_out(form, amend, by=request.user, at=now()) is not None:
        toast(request, _("Saved."))
        return redirect("pay:pay")
    shown = {"title": _("Pay settings"), "form": form, "cancel_url": reverse("pay:pay"), "version": current.version}
    return render(request, "pay/form.html", shown, status=422 if form.is_bound else 200)
