"""What people fill in about reviews, plans, challenges and thanks; forms parse, operations save."""

from salesmode.reviews.forms.rhythm import (
    ActionForm,
    CommentForm,
    DecisionForm,
    MeetingForm,
    NewReportForm,
    NotesForm,
    ReportForm,
    RhythmForm,
)

__all__ = [
    "ActionForm",
    "CommentForm",
    "DecisionForm",
    "MeetingForm",
    "NewReportForm",
    "NotesForm",
    "ReportForm",
    "RhythmForm",
]
