"""The web door of daily and weekly reports."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer
from salesmode.reviews import operations, policies, queries
from salesmode.reviews.forms import CommentForm, NewReportForm, ReportForm
from salesmode.reviews.models import WorkReport


@login_required
def work_reports(request: HttpRequest) -> HttpResponse:
    """List reports."""
    return lists.show(request, "work_report")


def day_asked(request: HttpRequest) -> date:
    """Return the day that a page is about: today unless it names one."""
    try:
        found = parse_date(request.POST.get("day") or request.GET.get("day") or "")
    except ValueError:
        found = None
    return found if found and abs((found - localdate()).days) < 5_000 else localdate()


def _kind(request: HttpRequest) -> str:
    wanted = request.POST.get("kind") or request.GET.get("kind") or ""
    return wanted if wanted in WorkReport.Kind.values else WorkReport.Kind.DAILY


@require_http_methods(["GET", "POST"])
@login_required
def write_report(request: HttpRequest) -> HttpResponse:
    """Write a report, which begins with what the records know."""
    person, kind, day = viewer(request), _kind(request), day_asked(request)
    there, due_at = queries.own_report(person, kind, day)
    if there is not None and request.method == "GET":
        return redirect("reviews:work_report", there.pk)
    first = queries.first_of(kind, day)
    subject = WorkReport(owner=person, type=kind, first=first)
    draft = queries.report_draft(person, first=first, until=subject.until)
    kept = queries.kept_draft(person, kind, first)
    newer: list[str] = []
    if kept is not None:
        newer = [line for line in draft["done"].splitlines() if line not in kept.done]
        draft = {"done": kept.done, "plan": kept.plan, "problems": kept.problems}
    form = NewReportForm(request.POST or None, initial={"kind": kind, "day": day} | draft)
    act = operations.keep_report_draft if "keep" in request.POST else operations.submit_report
    made: Any = carry_out(form, act, by=person, at=now())
    if made is not None and act is operations.keep_report_draft:
        if "quietly" in request.POST:
            return HttpResponse(status=204)
        toast(request, _("Kept as a draft."))
        return redirect(f"{reverse('reviews:write_report')}?{urlencode({'kind': kind, 'day': first.isoformat()})}")
    if made is not None:
        toast(request, _("Your report is handed in."))
        return redirect("reviews:work_report", made.pk)
    subject.numbers = queries.report_numbers(person, first=first, until=subject.until)
    context = {"form": form, "subject": subject, "due_at": due_at, "is_late": due_at is not None and now() > due_at}
    context |= {
        "kept": kept,
        "newer": newer,
        "may_keep": True,
        "submit_label": _("Hand in"),
        "cancel_url": reverse("reviews:work_reports"),
    }
    return render(request, "reviews/write_report.html", context, status=422 if form.is_bound else 200)


def _load(request: HttpRequest, report_id: int) -> WorkReport:
    rows = WorkReport.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(rows, pk=report_id)


@require_GET
@login_required
def work_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Show a report, who has read it, and what was written under it."""
    found, person = _load(request, work_report_id), viewer(request)
    readings: Any = found.readings.select_related("person").order_by("read_at")  # type: ignore[attr-defined]
    comments: Any = found.comments.select_related("by").order_by("id")  # type: ignore[attr-defined]
    has_read = any(reading.person_id == person.pk for reading in readings)
    context = {
        "record": found,
        "readings": readings,
        "comments": comments,
        "comment_form": CommentForm(),
        "may_comment": policies.may_comment_on_report(person, found),
        "may_read": not has_read and found.owner_id != person.pk and policies.may_answer_report(person, found),
        "may_amend": not readings and policies.may_amend_report(person, found),
    }
    return render(request, "reviews/work_report.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def amend_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Correct a report that nobody has read yet."""
    found = _load(request, work_report_id)
    initial = {"done": found.done, "plan": found.plan, "problems": found.problems}
    form = ReportForm(request.POST or None, initial=initial)
    given: dict[str, Any] = {"by": viewer(request), "at": now(), "version": version_of(request)}
    if carry_out(form, lambda **texts: operations.amend_report(found, **texts, **given)) is not None:
        return redirect("reviews:work_report", found.pk)
    context = {"form": form, "subject": found, "version": found.version}
    context["cancel_url"] = reverse("reviews:work_report", args=[found.pk])
    return render(request, "reviews/write_report.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def acknowledge_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Say that one has read a report."""
    found = _load(request, work_report_id)
    operations.acknowledge_report(found, by=viewer(request), at=now())
    return redirect("reviews:work_report", found.pk)


@require_POST
@login_required
def comment_on_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Write something under a report."""
    found = _load(request, work_report_id)
    content = request.POST.get("content", "")
    operations.comment_on_report(found, content=content, by=viewer(request), at=now())
    return redirect("reviews:work_report", found.pk)


@require_GET
@login_required
def team_reports(request: HttpRequest) -> HttpResponse:
    """Show who has reported a day or a week, and who has not."""
    kind, day = _kind(request), day_asked(request)
    shown = queries.team_reports(kind, day, seen_by=viewer(request))
    step = 1 if kind == WorkReport.Kind.DAILY else 7
    context = {"shown": shown, "kinds": WorkReport.Kind.choices, "today": localdate(), "now": now()}
    context |= {"before": date.fromordinal(shown.first.toordinal() - step)}
    context |= {"after": date.fromordinal(shown.first.toordinal() + step)}
    return render(request, "reviews/team_reports.html", context)
