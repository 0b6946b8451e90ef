"""The answers that the pages and endpoints of managing people show."""

from salesmode.reviews.queries.meetings import (
    actions_before,
    deals_at_risk,
    gaps_of,
    meetings_kept,
    open_actions,
    spoken_about,
)
from salesmode.reviews.queries.reports import (
    own_report,
    people_below,
    report_draft,
    report_numbers,
    reports_to_remind_of,
    team_reports,
)
from salesmode.reviews.queries.rhythm import (
    REPORTS,
    first_of,
    report_due_at,
    reporters,
    rhythm_for,
    rhythms_on,
)

__all__ = [
    "REPORTS",
    "actions_before",
    "deals_at_risk",
    "first_of",
    "gaps_of",
    "meetings_kept",
    "open_actions",
    "own_report",
    "people_below",
    "report_draft",
    "report_due_at",
    "report_numbers",
    "reporters",
    "reports_to_remind_of",
    "rhythm_for",
    "rhythms_on",
    "spoken_about",
    "team_reports",
]
