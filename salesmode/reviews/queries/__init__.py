"""The answers that the pages and endpoints of managing people show."""

from salesmode.reviews.queries.meetings import (
    ON_THE_TABLE,
    actions_before,
    deals_at_risk,
    gaps_of,
    meetings_kept,
    meetings_to_plan,
    open_actions,
    scores_of,
    spoken_about,
)
from salesmode.reviews.queries.reports import (
    kept_draft,
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
    "ON_THE_TABLE",
    "REPORTS",
    "actions_before",
    "deals_at_risk",
    "first_of",
    "gaps_of",
    "kept_draft",
    "meetings_kept",
    "meetings_to_plan",
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
    "scores_of",
    "spoken_about",
    "team_reports",
]
