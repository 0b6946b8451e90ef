"""Who may do what to habits, reports and meetings."""

from salesmode.people.models import Person, Team
from salesmode.people.permissions import may
from salesmode.reviews.models import Action, Meeting, WorkReport


def may_set_rhythm(by: Person, team: Team | None) -> bool:
    """May this person say what happens every day or week? A manager for a team that they or their people lead."""
    return may(by, "reviews.set_rhythm", team.lead if team else None)


def may_submit_report(by: Person) -> bool:
    """May this person report? Only their own days and weeks."""
    return may(by, "reviews.submit_report", by)


def may_amend_report(by: Person, report: WorkReport) -> bool:
    """May this person correct a report?"""
    return may(by, "reviews.submit_report", report)


def may_answer_report(by: Person, report: WorkReport) -> bool:
    """May this person say that they have read a report?"""
    return may(by, "reviews.acknowledge_report", report)


def may_comment_on_report(by: Person, report: WorkReport) -> bool:
    """May this person write something under a report: whose it is, and those who lead?"""
    return may_answer_report(by, report) or may_amend_report(by, report)


def may_remind(by: Person) -> bool:
    """May this person remind others? Only the system does."""
    return may(by, "reviews.remind_of_report")


def may_lead_meeting(by: Person, meeting: Meeting) -> bool:
    """May this person plan, lead and close a meeting: it is theirs, or that of somebody below?"""
    return may(by, "reviews.plan_meeting", meeting) and (
        meeting.person is None or may(by, "reviews.plan_meeting", meeting.person)
    )


def may_finish_action(by: Person, action: Action) -> bool:
    """May this person say that an action is done?"""
    return may(by, "reviews.finish_action", action)
