"""Reports and meetings for programs."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from salesmode.kernel.api import (
    Id,
    In,
    Line,
    Paging,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    listed,
    load,
    paged,
    record_fields,
    responses,
    visible,
)
from salesmode.people.models import Person, Team
from salesmode.reviews import operations
from salesmode.reviews.models import Action, DealDecision, Meeting, ReportDraft, WorkReport
from salesmode.selling.models import Deal

reports = Router(tags=["work-reports"])
meetings = Router(tags=["meetings"])
Long = Annotated[Text, Field(max_length=20_000)]


class ReportIn(In):
    """A report of a day, or of the week that it lies in."""

    kind: WorkReport.Kind = WorkReport.Kind.DAILY
    day: date
    done: Long = ""
    plan: Long = ""
    problems: Long = ""


class ReportChange(In):
    """What can be corrected until somebody has read it."""

    done: Long | None = None
    plan: Long | None = None
    problems: Long | None = None


class CommentIn(In):
    """Something to write under a report."""

    content: Annotated[Text, Field(min_length=1, max_length=5000)]


class ReportOut(RecordOut):
    """A report."""

    kind: str
    owner_id: int
    first: date
    numbers: dict[str, Any]
    done: str
    plan: str
    problems: str
    due_at: AwareDatetime
    submitted_at: AwareDatetime
    is_late: bool
    custom: dict[str, Any]


class ReportList(Schema):
    """One page of reports."""

    items: list[ReportOut]
    next: str | None


class ReportDraftOut(RecordOut):
    """What its writer has begun and not handed in."""

    kind: str
    first: date
    done: str
    plan: str
    problems: str


class ReportDraftList(Schema):
    """One page of one's drafts."""

    items: list[ReportDraftOut]
    next: str | None


class MeetingIn(In):
    """A meeting to be: of a team, or with a person."""

    kind: Meeting.Kind
    planned_on: date
    team_id: Id | None = None
    person_id: Id | None = None


class MeetingChange(In):
    """What is noted in a meeting, or its day."""

    planned_on: date | None = None
    notes: Long | None = None
    skill: Line | None = None
    deal_id: Id | None = None


class HeldIn(In):
    """How long a meeting took."""

    minutes: Annotated[int, Field(ge=1, le=1440)] | None = None


class MissedIn(In):
    """Why a meeting was not held."""

    reason: Line = ""


class DroppedIn(In):
    """Why an action is not needed any more."""

    reason: Annotated[Text, Field(max_length=200)] = ""


class MeetingDecisionIn(In):
    """What to do about a deal."""

    deal_id: Id
    choice: DealDecision.Choice
    note: Annotated[Text, Field(max_length=300)] = ""


class ActionIn(In):
    """Who does what by when."""

    text: Annotated[Text, Field(min_length=1, max_length=300)]
    owner_id: Id
    due_on: date
    deal_id: Id | None = None


class MeetingOut(RecordOut):
    """A meeting."""

    kind: str
    team_id: int | None
    person_id: int | None
    owner_id: int
    planned_on: date
    status: str
    held_at: AwareDatetime | None
    minutes: int | None
    notes: str
    skill: str
    deal_id: int | None
    reason: str
    custom: dict[str, Any]


class MeetingList(Schema):
    """One page of meetings."""

    items: list[MeetingOut]
    next: str | None


class ActionOut(RecordOut):
    """What somebody is to do by a day."""

    meeting_id: int
    owner_id: int
    deal_id: int | None
    text: str
    due_on: date
    done_at: AwareDatetime | None
    dropped_at: AwareDatetime | None
    custom: dict[str, Any]


def _shaped(row: Any, schema: type[RecordOut]) -> dict[str, Any]:
    names = [name for name in schema.model_fields if name not in RecordOut.model_fields and name != "custom"]
    return record_fields(row) | {name: getattr(row, "type" if name == "kind" else name) for name in names}


def _report(row: WorkReport) -> dict[str, Any]:
    return _shaped(row, ReportOut)


def _draft(row: ReportDraft) -> dict[str, Any]:
    times = {"created_at": row.begun_at or row.kept_at, "updated_at": row.kept_at}
    texts = {name: getattr(row, name) for name in ("kind", "first", "done", "plan", "problems")}
    return {"id": row.pk, "version": row.version} | times | texts


def _meeting(row: Meeting) -> dict[str, Any]:
    return _shaped(row, MeetingOut)


def _person(request: HttpRequest) -> Person:
    return caller(request)


@reports.get("", response=responses(ReportList), operation_id="list_work_reports")
def list_work_reports(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the reports that you may see."""
    return listed(request, "work_report", _report)


@reports.post("", response=responses(ReportOut, status=201), operation_id="submit_report")
def submit_report(request: HttpRequest, payload: ReportIn) -> HttpResponse:
    """Report a day or a week of your own."""
    made = operations.submit_report(**payload.model_dump(), by=_person(request), at=now())
    return answer(_report(made), status=201)


@reports.get("/drafts", response=responses(ReportDraftList), operation_id="list_report_drafts")
def list_report_drafts(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List what you have begun to write and not handed in; nobody else sees it."""
    return paged(request, ReportDraft.objects.filter(owner=_person(request)), _draft, newest_first=True)


@reports.post("/drafts", response=responses(ReportDraftOut, status=201), operation_id="keep_report_draft")
def keep_report_draft(request: HttpRequest, payload: ReportIn) -> HttpResponse:
    """Keep what you have written so far of a day's or a week's report; kept again, it is replaced."""
    kept = operations.keep_report_draft(**payload.model_dump(), by=_person(request), at=now())
    return answer(_draft(kept), status=201)


@reports.get("/drafts/{int:report_draft_id}", response=responses(ReportDraftOut), operation_id="get_report_draft")
def get_report_draft(request: HttpRequest, report_draft_id: int) -> HttpResponse:
    """Read a draft of your own."""
    return answer(_draft(load(ReportDraft.objects.all(), report_draft_id, _person(request))))


@reports.get("/{int:work_report_id}", response=responses(ReportOut), operation_id="get_work_report")
def get_work_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Read one report."""
    return answer(_report(load(WorkReport.objects.all(), work_report_id, _person(request))))


@reports.patch("/{int:work_report_id}", response=responses(ReportOut), operation_id="amend_report")
def amend_report(request: HttpRequest, work_report_id: int, payload: ReportChange) -> HttpResponse:
    """Correct a report that nobody has read yet."""
    report = load(WorkReport.objects.all(), work_report_id, _person(request))
    version = expected_version(request)
    changes = {name: value for name, value in payload.model_dump().items() if value is not None}
    return answer(_report(operations.amend_report(report, version=version, by=_person(request), at=now(), **changes)))


@reports.post("/{int:work_report_id}/acknowledge", response=responses(ReportOut), operation_id="acknowledge_report")
def acknowledge_report(request: HttpRequest, work_report_id: int) -> HttpResponse:
    """Say that you have read a report."""
    report = load(WorkReport.objects.all(), work_report_id, _person(request))
    return answer(_report(operations.acknowledge_report(report, by=_person(request), at=now())))


@reports.post("/{int:work_report_id}/comments", response=responses(ReportOut), operation_id="comment_on_report")
def comment_on_report(request: HttpRequest, work_report_id: int, payload: CommentIn) -> HttpResponse:
    """Write something under a report."""
    report = load(WorkReport.objects.all(), work_report_id, _person(request))
    operations.comment_on_report(report, content=payload.content, by=_person(request), at=now())
    return answer(_report(report))


@meetings.get("", response=responses(MeetingList), operation_id="list_meetings")
def list_meetings(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the meetings that you may see."""
    return listed(request, "meeting", _meeting)


@meetings.post("", response=responses(MeetingOut, status=201), operation_id="plan_meeting")
def plan_meeting(request: HttpRequest, payload: MeetingIn) -> HttpResponse:
    """Plan a pipeline review or a one-to-one."""
    team = Team.objects.filter(pk=payload.team_id).first() if payload.team_id else None
    made = operations.plan_meeting(
        kind=payload.kind,
        planned_on=payload.planned_on,
        team=team,  # type: ignore[arg-type]
        person=visible(Person.objects.all(), payload.person_id, "person_id", _person(request)),
        by=_person(request),
        at=now(),
    )
    return answer(_meeting(made), status=201)


@meetings.get("/{int:meeting_id}", response=responses(MeetingOut), operation_id="get_meeting")
def get_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Read one meeting."""
    return answer(_meeting(load(Meeting.objects.all(), meeting_id, _person(request))))


@meetings.patch("/{int:meeting_id}", response=responses(MeetingOut), operation_id="amend_meeting")
def amend_meeting(request: HttpRequest, meeting_id: int, payload: MeetingChange) -> HttpResponse:
    """Take notes, name the one deal and skill, or move a meeting."""
    person = _person(request)
    meeting = load(Meeting.objects.all(), meeting_id, person)
    version = expected_version(request)
    given = payload.model_dump(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None and name != "deal_id"}
    if "deal_id" in given:
        changes["deal"] = visible(Deal.objects.all(), given["deal_id"], "deal_id", person)
    return answer(_meeting(operations.amend_meeting(meeting, version=version, by=person, at=now(), **changes)))


@meetings.post("/{int:meeting_id}/hold", response=responses(MeetingOut), operation_id="hold_meeting")
def hold_meeting(request: HttpRequest, meeting_id: int, payload: HeldIn) -> HttpResponse:
    """Say that a meeting was held."""
    meeting = load(Meeting.objects.all(), meeting_id, _person(request))
    return answer(_meeting(operations.hold_meeting(meeting, minutes=payload.minutes, by=_person(request), at=now())))


@meetings.post("/{int:meeting_id}/miss", response=responses(MeetingOut), operation_id="miss_meeting")
def miss_meeting(request: HttpRequest, meeting_id: int, payload: MissedIn) -> HttpResponse:
    """Say that a meeting was not held."""
    meeting = load(Meeting.objects.all(), meeting_id, _person(request))
    return answer(_meeting(operations.miss_meeting(meeting, reason=payload.reason, by=_person(request), at=now())))


@meetings.post("/{int:meeting_id}/decisions", response=responses(MeetingOut), operation_id="decide_deal_in_meeting")
def decide_deal_in_meeting(request: HttpRequest, meeting_id: int, payload: MeetingDecisionIn) -> HttpResponse:
    """Decide in a meeting what to do about a deal."""
    person = _person(request)
    meeting = load(Meeting.objects.all(), meeting_id, person)
    deal = visible(Deal.objects.all(), payload.deal_id, "deal_id", person)
    said = {"choice": payload.choice, "note": payload.note}
    operations.decide_deal_in_meeting(meeting, deal=deal, **said, by=person, at=now())
    return answer(_meeting(meeting))


@meetings.post("/{int:meeting_id}/actions", response=responses(ActionOut, status=201), operation_id="agree_action")
def agree_action(request: HttpRequest, meeting_id: int, payload: ActionIn) -> HttpResponse:
    """Agree in a meeting that somebody does something by a day."""
    person = _person(request)
    meeting = load(Meeting.objects.all(), meeting_id, person)
    owner = visible(Person.objects.all(), payload.owner_id, "owner_id", person)
    deal = visible(Deal.objects.all(), payload.deal_id, "deal_id", person)
    given: dict[str, Any] = {"text": payload.text, "owner": owner, "due_on": payload.due_on, "deal": deal}
    return answer(_shaped(operations.agree_action(meeting, **given, by=person, at=now()), ActionOut), status=201)


@meetings.post("/actions/{int:action_id}/finish", response=responses(ActionOut), operation_id="finish_action")
def finish_action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Say that what was agreed is done."""
    action = load(Action.objects.all(), action_id, _person(request))
    return answer(_shaped(operations.finish_action(action, by=_person(request), at=now()), ActionOut))


@meetings.post("/actions/{int:action_id}/drop", response=responses(ActionOut), operation_id="drop_action")
def drop_action(request: HttpRequest, action_id: int, payload: DroppedIn) -> HttpResponse:
    """Say that what was agreed is not needed any more."""
    action = load(Action.objects.all(), action_id, _person(request))
    dropped = operations.drop_action(action, reason=payload.reason, by=_person(request), at=now())
    return answer(_shaped(dropped, ActionOut))
