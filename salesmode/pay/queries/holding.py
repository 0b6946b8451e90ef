"""Which plan holds for whom: a person's own, else the team's, else that of a team above, else the company's."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from salesmode.analytics.goals import goal
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.pay.models import PlanAssignment, PlanVersion
from salesmode.pay.models.sale import InForce
from salesmode.pay.queries.organisation import Organisation
from salesmode.people.models import Person, Team

METRICS = {"won": "won_amount", "signed": "order_amount", "received": "payments_received", "margin": "order_amount"}
Target = tuple[str, int | None]


class Holding:
    """All assignments and published versions, read once: what holds for anybody on any day. Five queries."""

    def __init__(self, organisation: Organisation | None = None) -> None:
        self.organisation = organisation or Organisation()
        self._assigned: dict[Target, list[PlanAssignment]] = defaultdict(list)
        for row in PlanAssignment.objects.select_related("plan", "person", "team").order_by("valid_from", "pk"):
            target = ("person", row.person_id) if row.person_id else ("team", row.team_id)
            self._assigned[target if any(target[1:]) else ("company", None)].append(row)
        self._versions: dict[int, list[tuple[PlanVersion, InForce]]] = defaultdict(list)
        published = PlanVersion.objects.filter(status=PlanVersion.Status.PUBLISHED).select_related("plan")
        for version in published.order_by("valid_from"):
            held = InForce(version.pk, version.plan_id, version.plan.name, version.number, version.document)
            self._versions[version.plan_id].append((version, held))
        self._known: dict[tuple[int, date], InForce | None] = {}
        self._quotas: dict[tuple[int, int, date], Decimal | None] = {}

    @property
    def since(self) -> date | None:
        """Return the first day on which any plan holds for anybody."""
        return min((row.valid_from for rows in self._assigned.values() for row in rows), default=None)

    def kinds(self) -> set[str]:
        """Return the kinds of sales that any version pays."""
        return {held.terms.sale_kind for versions in self._versions.values() for _version, held in versions}

    def looks_around(self) -> bool:
        """Whether any version pays for what others have sold."""
        held = [each for versions in self._versions.values() for _version, each in versions]
        return any(each.terms.pool_rate or each.terms.override_rate for each in held)

    def assignment_on(self, person: int, day: date) -> PlanAssignment | None:
        """Return the assignment that decides for a person on a day."""
        teams = self.organisation.chain_on(self.organisation.team_on(person, day), day)
        return self._first([("person", person), *(("team", team) for team in teams), ("company", None)], day)

    def assignment_of_team(self, team: int | None, day: date) -> PlanAssignment | None:
        """Return the assignment that decides for a team on a day, or for the company."""
        teams = self.organisation.chain_on(team, day)
        return self._first([*(("team", each) for each in teams), ("company", None)], day)

    def plan_on(self, person: int, day: date) -> InForce | None:
        """Return the version of a plan that holds for a person on a day."""
        if (person, day) not in self._known:
            row = self.assignment_on(person, day)
            versions = self._versions.get(row.plan_id, []) if row is not None else []
            self._known[person, day] = next((held for version, held in versions if version.holds_on(day)), None)
        return self._known[person, day]

    def quota_of(self, plan: InForce, person: int, first: date) -> Decimal | None:
        """Return what somebody is to reach in the span that begins on a day; None if nobody said."""
        terms = plan.terms
        if terms.quota_from != "target":
            return terms.quota if terms.quota_from == "fixed" else None
        if (plan.version_id, person, first) not in self._quotas:
            period = Period.containing(first, terms.frequency)
            self._quotas[plan.version_id, person, first] = _target(METRICS[terms.measure], period, person)
        return self._quotas[plan.version_id, person, first]

    def started_on(self, person: int) -> date | None:
        """Return when somebody began to work here; None if nobody said."""
        return self.organisation.started_on(person)

    def days_of_draw(self, person: int, first: date, until: date, sold_since: date | None) -> int:
        """Return for how many days of a month its draw is somebody's due.

        A plan of a team or of the company, and a draft, fill the months of whoever sold there then; one that was given
        to a person asks for no role. Days before somebody began count for nobody: they began on the day that was said,
        else when they were first known here or first sold.
        """
        row = self.assignment_on(person, first)
        known = [day for day in (self.organisation.joined_on(person), sold_since) if day is not None]
        began = self.started_on(person) or min(known, default=first)
        if (begin := max(first, began)) >= until:
            return 0
        return self.organisation.days_at_work(person, begin, until, selling=row is None or row.person_id is None)

    def _first(self, targets: list[Target], day: date) -> PlanAssignment | None:
        for target in targets:
            for row in self._assigned.get(target, ()):
                if row.valid_from <= day and (row.valid_until is None or day < row.valid_until):
                    return row
        return None


def _target(code: str, period: Period, person: int) -> Decimal | None:
    try:
        return goal(code, period, unit="person", key=person)
    except Invalid:
        return None


def plan_held_by_team(team: Team | None, *, on: date) -> PlanAssignment | None:
    """Return which plan holds for a team on a day: its own, else a team's above, else the company's. Five queries."""
    return Holding().assignment_of_team(team.pk if team is not None else None, on)


def plan_held_by_person(person: Person, *, on: date) -> PlanAssignment | None:
    """Return which plan holds for a person on a day. Five queries."""
    return Holding().assignment_on(person.pk, on)


def people_with_plans(*, on: date, holding: Holding | None = None) -> list[int]:
    """Return whom any plan pays on a day. Six queries, however many people."""
    held = holding or Holding()
    return [pk for pk in Person.objects.people().order_by("pk").values_list("pk", flat=True) if held.plan_on(pk, on)]
