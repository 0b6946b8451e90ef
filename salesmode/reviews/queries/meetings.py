"""What meetings are prefilled with, and how many were held."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.analytics.goals import goal
from salesmode.analytics.measure import Request, measure_many
from salesmode.customers.models import Interaction
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.reviews.models import Action, DealDecision, Meeting
from salesmode.selling.models import Deal

ON_THE_TABLE = 30
QUIET_DAYS = 14
SLOW_TIMES = 1.5
GAPS = ("won_amount", "visits", "interactions")


@dataclass(frozen=True)
class DealAtRisk:
    """An open deal with what speaks against it, and what was decided."""

    deal: Deal
    warnings: list[str]
    decision: DealDecision | None = None

    @property
    def weight(self) -> Decimal:
        """What is at risk: nothing where there is no warning."""
        return self.deal.company_amount if self.warnings else Decimal(0)


def warnings_of(deal: Deal, *, at: datetime, today: date) -> list[str]:
    """Return what speaks against a deal: overdue, silent, stuck, pushed, no next step. No queries."""
    found = []
    if deal.closes_on is not None and deal.closes_on < today:
        found.append(_("overdue by %(days)s days") % {"days": (today - deal.closes_on).days})
    last = deal.last_interaction_at or deal.opened_at
    if (at - last).days >= QUIET_DAYS:
        found.append(_("silent for %(days)s days") % {"days": (at - last).days})
    expected = getattr(deal.stage, "expected_days", None)
    stayed = (at - deal.stage_entered_at).days
    if expected and stayed > expected * SLOW_TIMES:
        found.append(_("%(days)s days in its stage") % {"days": stayed})
    if deal.push_count >= 2:
        found.append(_("pushed %(count)s times") % {"count": deal.push_count})
    if not deal.next_step:
        found.append(_("no next step"))
    return found


def deals_at_risk(meeting: Meeting, *, seen_by: Person, at: datetime, today: date) -> list[DealAtRisk]:
    """Return the open deals that a meeting is about, those with most money at risk first. Two queries."""
    deals = Deal.objects.visible_to(seen_by).open().select_related("stage", "owner", "customer")
    deals = deals.filter(owner=meeting.person) if meeting.person_id else deals.filter(owner__team__in=_teams(meeting))
    decided = {one.deal_id: one for one in meeting.decisions.all()}  # type: ignore[attr-defined]
    rows = [
        DealAtRisk(deal, warnings_of(deal, at=at, today=today), decided.get(deal.pk))
        for deal in deals.order_by("-company_amount", "id")[: ON_THE_TABLE * 10]
    ]
    rows = [row for row in rows if row.warnings or row.decision]
    return sorted(rows, key=lambda row: (-row.weight, row.deal.pk))[:ON_THE_TABLE]


def _teams(meeting: Meeting) -> list[int]:
    """Return the team of a meeting and the teams inside it."""
    below, found = dict(Team.objects.values_list("pk", "parent_id")), [meeting.team_id or 0]
    for key in found:
        found += [child for child, parent in below.items() if parent == key and child not in found]
    return found


@dataclass(frozen=True)
class Gap:
    """A number of this month beside what it is to reach."""

    label: Any
    unit: str
    value: Any
    target: Any

    @property
    def share(self) -> float | None:
        """How much of the target is reached; None without one."""
        return float(self.value) / float(self.target) if self.target and self.value is not None else None


def gaps_of(person: Person, *, today: date) -> list[Gap]:
    """Return somebody's numbers of this month beside their targets. Asks the warehouse once."""
    period = Period.containing(today, "month")
    asked = [Request(code) for code in GAPS]
    readings = measure_many(asked, period, where={"person": person.pk}, seen_by_owners=[person.pk])
    return [
        Gap(
            one.metric.label,
            one.metric.unit,
            one.value,
            goal(one.metric.code, period, unit="person", key=person.pk),
        )
        for one in readings
    ]


def actions_before(meeting: Meeting) -> list[Action]:
    """Return what was agreed in the meetings before this one and is open, or was finished since. One query."""
    earlier = Meeting.objects.filter(type=meeting.type, planned_on__lt=meeting.planned_on)
    earlier = earlier.filter(person=meeting.person) if meeting.person_id else earlier.filter(team=meeting.team)
    open_or_new = Q(done_at=None, dropped_at=None) | Q(done_at__date__gte=meeting.planned_on - timedelta(days=14))
    rows = Action.objects.filter(open_or_new, meeting__in=earlier).select_related("owner", "deal", "meeting")
    return list(rows.order_by("done_at", "due_on", "id")[:50])


def spoken_about(deal: Deal) -> Interaction | None:
    """Return the latest contact about a deal. One query."""
    about = Interaction.objects.filter(subject_kind="deal", subject_id=deal.pk)
    return about.order_by("-happened_at").first()


def open_actions(person: Person, *, team: bool = False) -> list[Action]:
    """Return what somebody, or everybody whom they look after, has promised in meetings. One query."""
    rows = Action.objects.visible_to(person).filter(done_at=None, dropped_at=None)
    rows = rows if team else rows.filter(owner=person)
    return list(rows.select_related("owner", "deal", "meeting").order_by("due_on", "id")[:30])


@dataclass(frozen=True)
class MeetingsKept:
    """How many meetings of some weeks were held, and how many actions were closed in time."""

    planned: int
    held: int
    due: int
    closed: int

    @property
    def held_share(self) -> float | None:
        """Held ÷ planned; None where none was planned."""
        return self.held / self.planned if self.planned else None

    @property
    def closed_share(self) -> float | None:
        """Actions closed in time ÷ actions that fell due; None where none did."""
        return self.closed / self.due if self.due else None


def meetings_kept(*, seen_by: Person, today: date, weeks: int = 12) -> MeetingsKept:
    """Return how the meetings of the last weeks went. Two queries."""
    since = today - timedelta(weeks=weeks)
    meetings = Meeting.objects.visible_to(seen_by).filter(planned_on__gte=since, planned_on__lt=today)
    states = list(meetings.values_list("status", flat=True))
    due = Action.objects.visible_to(seen_by).filter(due_on__gte=since, due_on__lt=today, dropped_at=None)
    actions = list(due.values_list("due_on", "done_at"))
    zone = Period.containing(today, "day").zone
    closed = sum(done is not None and done.astimezone(zone).date() <= day for day, done in actions)
    return MeetingsKept(len(states), states.count(Meeting.Status.HELD), len(actions), closed)
