"""What managing people tells the world."""

from salesmode.reviews.events import plans, recognition, reviews
from salesmode.reviews.events.rhythm import (
    ActionAgreed,
    ActionDropped,
    ActionFinished,
    MeetingAmended,
    MeetingDealDecided,
    MeetingHeld,
    MeetingMissed,
    MeetingPlanned,
    PersonReportDue,
    ReportDraftBegun,
    RhythmEnded,
    RhythmSet,
    WorkReportAcknowledged,
    WorkReportAmended,
    WorkReportCommented,
    WorkReportSubmitted,
)

__all__ = [
    "ActionAgreed",
    "ActionDropped",
    "ActionFinished",
    "MeetingAmended",
    "MeetingDealDecided",
    "MeetingHeld",
    "MeetingMissed",
    "MeetingPlanned",
    "PersonReportDue",
    "ReportDraftBegun",
    "RhythmEnded",
    "RhythmSet",
    "WorkReportAcknowledged",
    "WorkReportAmended",
    "WorkReportCommented",
    "WorkReportSubmitted",
    "plans",
    "recognition",
    "reviews",
]
