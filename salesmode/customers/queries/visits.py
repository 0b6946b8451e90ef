"""What the pages of visits show: somebody's day, the plan of a month, and how well customers are covered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from salesmode.analytics.measure import measure
from salesmode.customers.models import Customer, Visit, VisitPlan, VisitRules, VisitType
from salesmode.customers.models.place import metres_between
from salesmode.kernel.holidays import is_workday
from salesmode.kernel.models import Company, StoredFile
from salesmode.kernel.periods import Period, add_months, starts_at
from salesmode.people.models import Person
from salesmode.people.visibility import owned_by_those_seen, seen_owner_ids

ON_A_DAY = 60
COUNTED = ("visits", "minutes", "far", "doubtful", "without_position")
AT_A_CUSTOMER = 20


@dataclass(frozen=True)
class Stop:
    """One visit of a day, and how far it is from the one before."""

    visit: Visit
    metres: float | None = None

    @property
    def kilometres(self) -> float | None:
        """How far it is from the stop before, in kilometres."""
        return None if self.metres is None else self.metres / 1000


@dataclass(frozen=True)
class VisitDay:
    """Somebody's visits of a day, in the order in which they are made."""

    owner: Person
    day: date
    stops: list[Stop]
    under_way: Visit | None = None

    @property
    def done(self) -> int:
        """How many visits took place."""
        return sum(stop.visit.is_done for stop in self.stops)

    @property
    def to_come(self) -> list[Visit]:
        """The visits that are still planned."""
        return [stop.visit for stop in self.stops if stop.visit.is_planned]

    @property
    def metres(self) -> float | None:
        """How long the way is between the places that are known; None when there is none."""
        known = [stop.metres for stop in self.stops if stop.metres is not None]
        return sum(known) if known else None

    @property
    def kilometres(self) -> float | None:
        """How long the way is, in kilometres."""
        return None if self.metres is None else self.metres / 1000

    @property
    def without_position(self) -> int:
        """How many customers nobody has located yet."""
        return sum(stop.visit.customer.position is None for stop in self.stops)


def visit_day(owner: Person, *, day: date, seen_by: Person) -> VisitDay:
    """Return somebody's visits of a day. Two queries."""
    rows = Visit.objects.visible_to(seen_by).standing().filter(owner=owner).select_related("customer", "type", "owner")
    visits = list(rows.filter(planned_on=day).order_by(F("stop").asc(nulls_last=True), "id")[:ON_A_DAY])
    under_way = rows.filter(status=Visit.Status.UNDER_WAY).first()
    stops, before = [], None
    for visit in visits:
        here = visit.customer.position or visit.place
        stops.append(Stop(visit, metres_between(before, here) if before and here else None))
        before = here or before
    return VisitDay(owner, day, stops, under_way)


def visits_at(customer: Customer, *, seen_by: Person) -> list[Visit]:
    """Return the latest visits to a customer that somebody may see. One query."""
    rows = Visit.objects.visible_to(seen_by).standing().filter(customer=customer)
    return list(rows.select_related("owner", "type", "interaction").order_by("-planned_on", "-id")[:AT_A_CUSTOMER])


def photos_of(visit: Visit) -> list[StoredFile]:
    """Return the files that were attached to a visit. One query."""
    return list(StoredFile.objects.filter(about_kind="visit", about_id=visit.pk).order_by("pk"))


def visit_types() -> list[VisitType]:
    """Return the kinds of visits in use. One query."""
    return list(VisitType.objects.filter(is_active=True).order_by("name", "id"))


@dataclass(frozen=True)
class PlanLine:
    """One customer in somebody's plan of a month."""

    plan: VisitPlan
    done: int
    days: list[Visit]

    @property
    def is_met(self) -> bool:
        """Whether the customer was visited as often as planned."""
        return self.done >= self.plan.planned


@dataclass(frozen=True)
class CalendarDay:
    """One day of a month's plan."""

    day: date
    is_workday: bool
    visits: int
    done: int


@dataclass(frozen=True)
class MonthPlan:
    """What somebody means to do in a month: customer by customer, and day by day."""

    owner: Person
    month: date
    lines: list[PlanLine]
    weeks: list[list[CalendarDay | None]]
    rules: VisitRules
    unplanned: int = 0

    @property
    def planned(self) -> int:
        """How many visits are planned."""
        return sum(line.plan.planned for line in self.lines)

    @property
    def kept(self) -> int:
        """How many of the planned visits took place, none counted beyond the plan of its customer."""
        return sum(min(line.done, line.plan.planned) for line in self.lines)


def month_plan(owner: Person, *, month: date, seen_by: Person) -> MonthPlan:
    """Return somebody's plan of a month. Five queries."""
    first, until = month.replace(day=1), add_months(month.replace(day=1), 1)
    plans = list(
        VisitPlan.objects.visible_to(seen_by)
        .filter(owner=owner, month=first, customer__merged_into=None)
        .select_related("customer")
        .order_by("grade", "customer__name", "id")
    )
    visits = Visit.objects.visible_to(seen_by).standing().filter(owner=owner)
    by_plan: dict[int | None, list[Visit]] = defaultdict(list)
    by_day: dict[date, list[Visit]] = defaultdict(list)
    for visit in visits.filter(planned_on__gte=first, planned_on__lt=until).order_by("planned_on", "stop", "id"):
        by_plan[visit.plan_id].append(visit)
        by_day[visit.planned_on].append(visit)
    done = _done_by_customer(first, until, [plan.customer_id for plan in plans])
    lines = [PlanLine(plan, done.get(plan.customer_id, 0), by_plan[plan.pk]) for plan in plans]
    rules = VisitRules.objects.current()
    wanted = [grade for grade, often in rules.per_month.items() if often]
    theirs = Customer.objects.visible_to(seen_by).filter(owner=owner, grade__in=wanted)
    unplanned = theirs.exclude(pk__in=[plan.customer_id for plan in plans]).count()
    return MonthPlan(owner, first, lines, _weeks(first, until, by_day), rules, unplanned)


def _weeks(first: date, until: date, by_day: dict[date, list[Visit]]) -> list[list[CalendarDay | None]]:
    country = Company.objects.current().country
    cells: list[CalendarDay | None] = [None] * first.weekday()
    for number in range((until - first).days):
        day = first + timedelta(days=number)
        visits = by_day.get(day, [])
        cells.append(CalendarDay(day, is_workday(day, country), len(visits), sum(visit.is_done for visit in visits)))
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _done_by_customer(first: date, until: date, customer_ids: Iterable[int]) -> dict[int, int]:
    zone = Company.objects.current().zone
    done = Visit.objects.done().filter(customer__in=list(customer_ids))
    done = done.filter(checked_in_at__gte=starts_at(first, zone), checked_in_at__lt=starts_at(until, zone))
    return dict(done.order_by().values_list("customer").annotate(visits=Count("pk")))


@dataclass
class Coverage:
    """How well somebody's customers were covered in a month, or everybody's."""

    person: Person | None
    targets: int = 0
    visited: int = 0
    planned: int = 0
    kept: int = 0
    visits: int = 0
    minutes: int = 0
    far: int = 0
    doubtful: int = 0
    without_position: int = 0
    strike: Any = None
    missed: list[VisitPlan] = field(default_factory=list)

    @property
    def coverage(self) -> float | None:
        """Distinct target customers visited ÷ target list."""
        return self.visited / self.targets if self.targets else None

    @property
    def attainment(self) -> float | None:
        """Σ min(visits, planned) ÷ Σ planned."""
        return self.kept / self.planned if self.planned else None

    @property
    def minutes_each(self) -> float | None:
        """How long a visit took on average."""
        return self.minutes / self.visits if self.visits else None

    def add(self, other: "Coverage") -> None:
        """Count somebody in."""
        for name in ("targets", "visited", "planned", "kept", "visits", "minutes", "far", "doubtful"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.without_position += other.without_position


def coverage(*, month: date, seen_by: Person) -> tuple[list[Coverage], Coverage]:
    """Return how well customers were covered in a month: by visitor, and all together. Four queries."""
    first, until = month.replace(day=1), add_months(month.replace(day=1), 1)
    zone = Company.objects.current().zone
    plans = VisitPlan.objects.visible_to(seen_by).filter(month=first, planned__gt=0, customer__merged_into=None)
    rows = list(plans.select_related("customer"))
    done = _done_by_customer(first, until, {plan.customer_id for plan in rows})
    visits = (
        Visit.objects.done() if seen_by.sees_all else Visit.objects.done().filter(owned_by_those_seen(seen_by, "owner"))
    )
    visits = visits.filter(checked_in_at__gte=starts_at(first, zone), checked_in_at__lt=starts_at(until, zone))
    lines: dict[int, Coverage] = defaultdict(lambda: Coverage(None))
    for plan in rows:
        line = lines[plan.owner_id]
        times = done.get(plan.customer_id, 0)
        line.targets += 1
        line.visited += bool(times)
        line.planned += plan.planned
        line.kept += min(times, plan.planned)
        if not times:
            line.missed.append(plan)
    counted: Any = (
        visits.order_by()
        .values("owner")
        .annotate(
            visits=Count("pk"),
            minutes=Coalesce(Sum("minutes"), 0),
            far=Count("pk", filter=Q(is_far=True)),
            doubtful=Count("pk", filter=~Q(doubt="")),
            without_position=Count("pk", filter=Q(latitude=None)),
        )
    )
    for row in counted:
        line = lines[row["owner"]]
        for name in COUNTED:
            setattr(line, name, row[name])
    people = Person.objects.in_bulk(list(lines))
    whole = Coverage(None)
    for key, line in lines.items():
        line.person = people.get(key)
        whole.add(line)
    return sorted(lines.values(), key=lambda line: (line.coverage is None, line.coverage or 0, str(line.person))), whole


def strike_rates(*, month: date, seen_by: Person) -> tuple[dict[int, Any], Any]:
    """Return the share of visits on whose day the customer signed an order: by visitor, and of all."""
    reading = measure(
        "visit_strike_rate",
        Period.containing(month, "month"),
        by="person",
        seen_by_owners=seen_owner_ids(seen_by),
        series=False,
    )
    return {part.key: part.value for part in reading.breakdown}, reading.value
