"""What is to happen in a team on a day: its own habit, else that of the team above, else the company's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salesmode.kernel.models import Company
from salesmode.people.models import Person, Team
from salesmode.reviews.models import Rhythm, WorkReport
from salesmode.reviews.models.rhythm import USUAL_TIME, due_day, due_moment

REPORTS = {"daily": Rhythm.Kind.DAILY_REPORT, "weekly": Rhythm.Kind.WEEKLY_REPORT}
REPORTING = (Person.Role.SELLER,)


@dataclass(frozen=True)
class Rhythms:
    """What holds on a day, for every team: looked up once and asked often."""

    held: dict[tuple[str, int | None], Rhythm]
    parents: dict[int, int | None]

    def of(self, kind: str, team_id: int | None) -> Rhythm | None:
        """Return the habit of a team, of the one above it, or of the company; None where nothing is required."""
        seen: set[int] = set()
        while team_id is not None and team_id not in seen:
            if (kind, team_id) in self.held:
                found = self.held[kind, team_id]
                return found if found.is_required else None
            seen.add(team_id)
            team_id = self.parents.get(team_id)
        found_for_all = self.held.get((kind, None))
        return found_for_all if found_for_all and found_for_all.is_required else None


def rhythms_on(day: date) -> Rhythms:
    """Return what holds on a day. Two queries."""
    rows = Rhythm.objects.on(day).select_related("team").order_by("starts_on", "id")
    return Rhythms({(row.type, row.team_id): row for row in rows}, dict(Team.objects.values_list("pk", "parent_id")))


def rhythm_for(team: Team | None, kind: str, *, day: date) -> Rhythm | None:
    """Return the habit that holds for a team on a day: its own, else its parent's, else the company's. Two queries."""
    return rhythms_on(day).of(kind, team.pk if team else None)


def first_of(kind: str, day: date) -> date:
    """Return the first day that a report of a day or of its week is about."""
    return day if kind == WorkReport.Kind.DAILY else day - timedelta(days=day.weekday())


def report_due_at(kind: str, first: date, *, habit: Rhythm | None) -> datetime | None:
    """Return when a report is due; None when there is no working day to write it on. No queries."""
    company = Company.objects.current()
    weekly = kind == WorkReport.Kind.WEEKLY
    day = due_day(first, weekly=weekly, weekday=habit.weekday if habit else None, country=company.country)
    return due_moment(day, habit.due_time if habit else USUAL_TIME, company.zone) if day else None


def reporters(kind: str, first: date, *, among: Iterable[Person]) -> list[tuple[Person, datetime]]:
    """Return who of some people has to report a day or week, and when it is due. Two queries."""
    habits = rhythms_on(first if kind == WorkReport.Kind.DAILY else first + timedelta(days=6))
    found = []
    for person in among:
        habit = habits.of(REPORTS[kind], person.team_id) if kind in REPORTS else None
        due_at = report_due_at(kind, first, habit=habit) if habit else None
        if due_at is not None and person.role in REPORTING:
            found.append((person, due_at))
    return found
