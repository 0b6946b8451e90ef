"""What the rhythm of work does by the clock: plan meetings, remind of reports, close meetings that nobody held."""

from contextlib import suppress
from datetime import datetime, timedelta

from salesmode.kernel.jobs import every
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person
from salesmode.reviews import operations, queries
from salesmode.reviews.models import Meeting
from salesmode.reviews.models.meeting import MeetingAlreadyPlanned

# A clock that stood still reminds of what fell due meanwhile, but not of yesterday.
WITHIN = timedelta(hours=4)
OVER_AFTER = timedelta(days=2)


@every("minute", count=5)
def remind_of_reports(*, at: datetime) -> None:
    """Remind whoever has not reported when the report is due."""
    system = Person.objects.system()
    for person, kind, first in queries.reports_to_remind_of(at=at, within=WITHIN):
        operations.remind_of_report(person, kind=kind, first=first, by=system, at=at)


@every("day", at="05:45")
def plan_meetings_of_the_week(*, at: datetime) -> None:
    """Plan what the rhythm asks for and nobody has planned; asked again on every morning, once a week each."""
    system = Person.objects.system()
    for wanted in queries.meetings_to_plan(today=day_of(at, Company.objects.current().zone)):
        with suppress(MeetingAlreadyPlanned):
            operations.plan_meeting(**vars(wanted), by=system, at=at)


@every("day", at="05:30")
def close_meetings_nobody_held(*, at: datetime) -> None:
    """Meetings that were to be held two days ago and have no end were not held."""
    today = at.astimezone(Company.objects.current().zone).date()
    system = Person.objects.system()
    for meeting in Meeting.objects.filter(status=Meeting.Status.PLANNED, planned_on__lt=today - OVER_AFTER):
        operations.miss_meeting(meeting, by=system, at=at)
