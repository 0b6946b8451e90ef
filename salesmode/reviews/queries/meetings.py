"""What meetings are prefilled with, and how many were held."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from salesmode.analytics.goals import goal
from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Request, measure_many
from salesmode.customers.models import Interaction
from salesmode.forecasts.queries import Warning, sentences
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.reviews.models import Action, DealDecision, Meeting, Rhythm
from salesmode.reviews.models.rhythm import due_day
from salesmode.reviews.queries.rhythm import rhythms_on
from salesmode.reviews.queries.teams import below, leader_of
from salesmode.selling.models import Deal
from salesmode.targets.queries import scores
from salesmode.targets.queries.scores import Score

ON_THE_TABLE = 30
GAPS = ("won_amount", "visits", "interactions")


@dataclass(frozen=True)
class DealAtRisk:
    """An open deal with what the inspection says against it, and what was decided."""

    deal: Deal
    warnings: list[Warning]
    decision: DealDecision | None = None


@dataclass(frozen=True)
class OnTheTable:
    """The deals that a meeting is about, and how much money all deals with a warning are about."""

    rows: list[DealAtRisk]
    count: int
    amount: Decimal


def deals_at_risk(meeting: Meeting, *, seen_by: Person, most: int = ON_THE_TABLE) -> OnTheTable:
    """Return the open deals with warnings of a team or a person, most money first, and those decided. Four queries."""
    deals = Deal.objects.visible_to(seen_by).open()
    team = below(meeting.team) if meeting.team else []
    deals = deals.filter(owner=meeting.person) if meeting.person_id else deals.filter(owner__team__in=team)
    decided = {one.deal_id: one for one in meeting.decisions.all()}  # type: ignore[attr-defined]
    warned = deals.filter(inspection__isnull=False)
    totals = warned.aggregate(count=Count("pk"), amount=Sum("company_amount"))
    shown = deals.filter(Q(inspection__isnull=False) | Q(pk__in=decided))
    shown = shown.select_related("stage", "owner", "customer", "inspection").defer("notes", "custom")
    rows = [
        DealAtRisk(deal, sentences(getattr(deal, "inspection", None)), decided.get(deal.pk))
        for deal in shown.order_by("-company_amount", "-id")[:most]
    ]
    return OnTheTable(rows, totals["count"], totals["amount"] or Decimal(0))


@dataclass(frozen=True)
class Gap:
    """A number of this month beside what it is to reach."""

    label: Any
    unit: str
    value: Any
    target: Any
    url: str = ""

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
            records_url(one.metric, period, {"person": (person.pk,)}),
        )
        for one in readings
    ]


def scores_of(person: Person, *, today: date) -> list[Score]:
    """Return how somebody scores this month and week, line by line; empty without a scorecard. One measurement each."""
    return [score for scored in scores([person], day=today) for score in (scored.objective, scored.activity) if score]


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


@dataclass(frozen=True)
class ToPlan:
    """A meeting that the rhythm asks for and nobody has planned yet."""

    kind: str
    planned_on: date
    owner: Person
    team: Team | None = None
    person: Person | None = None


def meetings_to_plan(*, today: date) -> list[ToPlan]:
    """Return the meetings that the rhythm asks for this week and that are in nobody's week yet. Five queries.

    A pipeline review is led by the team's lead; a one-to-one by whoever answers for the person.
    """
    country = Company.objects.current().country
    monday = today - timedelta(days=today.weekday())
    habits = rhythms_on(today)
    teams = {team.pk: team for team in Team.objects.select_related("lead")}
    week = Meeting.objects.filter(planned_on__gte=monday, planned_on__lt=monday + timedelta(days=7))
    there = set(week.values_list("type", "team_id", "person_id"))
    talked = {person for kind, _team, person in there if kind == Meeting.Kind.ONE_TO_ONE}
    leads = {team.lead_id: team.lead for team in teams.values() if team.lead and team.lead.is_active}
    sellers = list(Person.objects.active().filter(role=Person.Role.SELLER).select_related("team").order_by("pk"))

    def day_for(kind: str, team_id: int | None) -> date | None:
        habit = habits.of(kind, team_id)
        day = due_day(monday, weekly=True, weekday=habit.weekday, country=country) if habit else None
        return day if day and day >= today else None

    found = []
    for key in sorted({seller.team_id for seller in sellers if seller.team_id}):
        owner, day = leads.get(teams[key].lead_id), day_for(Rhythm.Kind.PIPELINE_REVIEW, key)
        if day and owner and (Meeting.Kind.PIPELINE_REVIEW, key, None) not in there:
            found.append(ToPlan(Meeting.Kind.PIPELINE_REVIEW, day, owner, team=teams[key]))
    for seller in sellers:
        owner, day = leads.get(leader_of(seller, teams)), day_for(Rhythm.Kind.ONE_TO_ONE, seller.team_id)
        if day and owner and seller.pk not in talked:
            found.append(ToPlan(Meeting.Kind.ONE_TO_ONE, day, owner, person=seller))
    return found
