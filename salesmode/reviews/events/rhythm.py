"""What the rhythm of work tells the world: habits, reports, meetings and what was agreed there."""

from datetime import date, datetime
from typing import ClassVar

from salesmode.kernel.events import Event


class RhythmEvent(Event):
    """Something changed about what is to happen every day or week, in a team or everywhere."""

    rhythm_id: int
    kind: str
    team_id: int | None = None
    weekday: int | None = None
    due_time: str = ""
    is_required: bool = True
    starts_on: date
    ends_on: date | None = None


class RhythmSet(RhythmEvent):
    """A habit holds from a day on."""

    name: ClassVar[str] = "rhythm.set"


class RhythmEnded(RhythmEvent):
    """A habit was taken back."""

    name: ClassVar[str] = "rhythm.ended"


class WorkReportEvent(Event):
    """Something happened to somebody's report of a day or a week."""

    work_report_id: int
    kind: str
    owner_id: int
    team_id: int | None = None
    first: date


class WorkReportSubmitted(WorkReportEvent):
    """Somebody reported what was done, what comes next and what is in the way."""

    name: ClassVar[str] = "work_report.submitted"
    due_at: datetime
    is_late: bool


class ReportDraftBegun(Event):
    """Somebody began to write a report and kept it for later; what it says stays theirs."""

    name: ClassVar[str] = "report_draft.begun"
    report_draft_id: int
    kind: str
    owner_id: int
    team_id: int | None = None
    first: date


class WorkReportAmended(WorkReportEvent):
    """A report was corrected before anybody had read it."""

    name: ClassVar[str] = "work_report.amended"
    changed: list[str] = []


class WorkReportAcknowledged(WorkReportEvent):
    """Somebody read a report of somebody below."""

    name: ClassVar[str] = "work_report.acknowledged"
    person_id: int


class WorkReportCommented(WorkReportEvent):
    """Somebody wrote something under a report."""

    name: ClassVar[str] = "work_report.commented"
    person_id: int


class PersonReportDue(Event):
    """Somebody's report is due and not written."""

    name: ClassVar[str] = "person.report_due"
    person_id: int
    kind: str
    first: date
    team_id: int | None = None


class MeetingEvent(Event):
    """Something happened to a meeting."""

    meeting_id: int
    kind: str
    owner_id: int
    team_id: int | None = None
    person_id: int | None = None
    planned_on: date


class MeetingPlanned(MeetingEvent):
    """A pipeline review or a one-to-one is to be held."""

    name: ClassVar[str] = "meeting.planned"


class MeetingAmended(MeetingEvent):
    """A meeting was moved, or notes were taken."""

    name: ClassVar[str] = "meeting.amended"
    changed: list[str] = []


class MeetingHeld(MeetingEvent):
    """A meeting was held."""

    name: ClassVar[str] = "meeting.held"
    minutes: int | None = None


class MeetingMissed(MeetingEvent):
    """A meeting was not held."""

    name: ClassVar[str] = "meeting.missed"
    reason: str = ""


class MeetingDealDecided(MeetingEvent):
    """It was decided what to do about a deal."""

    name: ClassVar[str] = "meeting.deal_decided"
    links: ClassVar[tuple[str, ...]] = ("deal",)
    deal_id: int
    choice: str


class ActionEvent(Event):
    """Something happened to what somebody promised in a meeting."""

    links: ClassVar[tuple[str, ...]] = ("deal",)
    action_id: int
    meeting_id: int
    owner_id: int
    team_id: int | None = None
    deal_id: int | None = None
    due_on: date


class ActionAgreed(ActionEvent):
    """Somebody is to do something by a day."""

    name: ClassVar[str] = "action.agreed"


class ActionFinished(ActionEvent):
    """What was agreed is done."""

    name: ClassVar[str] = "action.finished"
    is_late: bool


class ActionDropped(ActionEvent):
    """What was agreed is not needed any more."""

    name: ClassVar[str] = "action.dropped"
    reason: str = ""
