"""Report days and weeks, read reports, remind of them."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of, starts_at
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies, queries
from salesmode.reviews.events import (
    PersonReportDue,
    ReportDraftBegun,
    WorkReportAcknowledged,
    WorkReportAmended,
    WorkReportCommented,
    WorkReportSubmitted,
)
from salesmode.reviews.models import ReportComment, ReportDraft, ReportReading, ReportReminder, WorkReport
from salesmode.reviews.models.report import ReportAlreadyRead, ReportAlreadySubmitted

TEXTS = ("done", "plan", "problems")


@transaction.atomic
def submit_report(
    *, kind: str, day: date, done: str = "", plan: str = "", problems: str = "", by: Person, at: datetime
) -> WorkReport:
    """Report a day, or the week that it lies in; the numbers are counted now. Once for each day or week.

    Raises NotAllowed, Invalid, ReportAlreadySubmitted.
    """
    require(policies.may_submit_report(by))
    company = Company.objects.current()
    report = WorkReport(owner=by, type=kind, first=queries.first_of(kind, day))
    report.done, report.plan, report.problems = done.strip(), plan.strip(), problems.strip()
    report.ensure_valid(today=day_of(at, company.zone))
    habit = queries.rhythm_for(by.team, queries.REPORTS[kind], day=report.last)
    due_at = queries.report_due_at(kind, report.first, habit=habit) or starts_at(report.until, company.zone)
    report.mark_submitted(due_at=due_at, at=at)
    report.numbers = queries.report_numbers(by, first=report.first, until=report.until)
    fit(report)
    try:
        with transaction.atomic():
            save(report, at=at)
    except IntegrityError:
        raise ReportAlreadySubmitted from None
    ReportDraft.objects.filter(owner=by, kind=report.type, first=report.first).delete()
    record(WorkReportSubmitted(**_facts(report), due_at=due_at, is_late=report.is_late), by=by, at=at)
    return report


@transaction.atomic
def keep_report_draft(
    *, kind: str, day: date, done: str = "", plan: str = "", problems: str = "", by: Person, at: datetime
) -> ReportDraft:
    """Keep what somebody has written so far of a day's or a week's report; only they see it, until they hand it in.

    Raises NotAllowed, Invalid, ReportAlreadySubmitted.
    """
    require(policies.may_submit_report(by))
    first = queries.first_of(kind, day)
    wanted = WorkReport(owner=by, type=kind, first=first, done=done or "-")
    wanted.ensure_valid(today=day_of(at, Company.objects.current().zone))
    if WorkReport.objects.filter(owner=by, type=kind, first=first).exists():
        raise ReportAlreadySubmitted
    texts: dict[str, Any] = {"done": done, "plan": plan, "problems": problems, "kept_at": at}
    draft, is_new = ReportDraft.objects.update_or_create(
        owner=by,
        kind=kind,
        first=first,
        defaults=texts | {"version": F("version") + 1},
        create_defaults=texts | {"begun_at": at},
    )
    draft.refresh_from_db(fields=["version"])
    if is_new:
        team_id = by.team_id
        begun = ReportDraftBegun(report_draft_id=draft.pk, kind=kind, owner_id=by.pk, team_id=team_id, first=first)
        record(begun, by=by, at=at)
    return draft


@transaction.atomic
def amend_report(
    report: WorkReport, *, by: Person, at: datetime, version: int | None = None, **changes: str
) -> WorkReport:
    """Correct what a report says, until somebody has read it.

    Raises NotAllowed, Stale, Invalid, ReportAlreadyRead.
    """
    lock(report, version=version)
    require(policies.may_amend_report(by, report))
    if fixed := set(changes) - set(TEXTS):
        raise Invalid({name: [_("This stays as it was written down.")] for name in sorted(fixed)})
    if report.readings.exists():  # type: ignore[attr-defined]
        raise ReportAlreadyRead
    names = changed(report, {name: value.strip() for name, value in changes.items()})
    if not names:
        return report
    report.ensure_valid(today=report.first)
    fit(report)
    save(report, at=at)
    record(WorkReportAmended(**_facts(report), changed=names), by=by, at=at)
    return report


@transaction.atomic
def acknowledge_report(report: WorkReport, *, by: Person, at: datetime) -> WorkReport:
    """Say that one has read a report; said again, it stays said.

    Raises NotAllowed.
    """
    lock(report)
    require(policies.may_answer_report(by, report))
    _reading, is_new = ReportReading.objects.get_or_create(report=report, person=by, defaults={"read_at": at})
    if is_new:
        record(WorkReportAcknowledged(**_facts(report), person_id=by.pk), by=by, at=at)
    return report


@transaction.atomic
def comment_on_report(report: WorkReport, *, content: str, by: Person, at: datetime) -> ReportComment:
    """Write something under a report.

    Raises NotAllowed, Invalid.
    """
    require(policies.may_comment_on_report(by, report))
    if not content.strip():
        raise Invalid({"content": [_("Write something first.")]})
    comment = ReportComment(report=report, by=by, content=content.strip()[:5000], created_at=at)
    fit(comment)
    comment.save()
    record(WorkReportCommented(**_facts(report), person_id=by.pk), by=by, at=at)
    return comment


@transaction.atomic
def remind_of_report(owner: Person, *, kind: str, first: date, by: Person, at: datetime) -> bool:
    """Remind somebody of a report that is due; once for each day or week.

    Raises NotAllowed.
    """
    require(policies.may_remind(by))
    _sent, is_new = ReportReminder.objects.get_or_create(owner=owner, kind=kind, first=first, defaults={"sent_at": at})
    if is_new:
        record(PersonReportDue(person_id=owner.pk, kind=kind, first=first, team_id=owner.team_id), by=by, at=at)
    return is_new


def _facts(report: WorkReport) -> dict[str, Any]:
    return {
        "work_report_id": report.pk,
        "kind": report.type,
        "owner_id": report.owner_id,
        "team_id": report.owner.team_id,
        "first": report.first,
    }
