"""The roll-up: what the deals say about a period, by person and category; always from the deals as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.people.visibility import owned_by_those_seen
from salesmode.selling.models import Deal

CATEGORIES = ("pipeline", "best_case", "most_likely", "commit", "closed", "omitted")
# What each cumulative category is the sum of.
CUMULATIVE = {
    "closed": ("closed",),
    "commit": ("commit", "closed"),
    "most_likely": ("most_likely", "commit", "closed"),
    "best_case": ("best_case", "most_likely", "commit", "closed"),
    "open_pipeline": ("pipeline", "best_case", "most_likely", "commit"),
}
ZERO = Decimal(0)


@dataclass
class Roll:
    """Amounts and numbers of deals by category for a period, in the company's currency."""

    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(CATEGORIES, ZERO))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CATEGORIES, 0))
    weighted: Decimal = ZERO

    def add(self, category: str, amount: Decimal, count: int, weighted: Decimal) -> None:
        """Count some deals of a category; omitted ones are shown and never forecast."""
        self.amounts[category] += amount
        self.counts[category] += count
        if category != "omitted":
            self.weighted += weighted

    def __add__(self, other: "Roll") -> "Roll":
        both = (self, other)
        return Roll(
            {name: sum((one.amounts[name] for one in both), ZERO) for name in CATEGORIES},
            {name: sum(one.counts[name] for one in both) for name in CATEGORIES},
            self.weighted + other.weighted,
        )

    def total(self, name: str) -> Decimal:
        """Return what a cumulative category comes to."""
        return sum((self.amounts[each] for each in CUMULATIVE[name]), ZERO)

    def counted(self, name: str) -> int:
        """Return of how many deals a cumulative category is the sum."""
        return sum(self.counts[each] for each in CUMULATIVE[name])

    @property
    def closed(self) -> Decimal:
        """What was won in the period."""
        return self.total("closed")

    @property
    def open_pipeline(self) -> Decimal:
        """Everything open that is to close in the period, but what is omitted."""
        return self.total("open_pipeline")

    @property
    def best_case(self) -> Decimal:
        """What may be won at best: best case, most likely, commit and closed."""
        return self.total("best_case")

    @property
    def most_likely(self) -> Decimal:
        """What will most likely be won: most likely, commit and closed."""
        return self.total("most_likely")

    @property
    def commit(self) -> Decimal:
        """What is promised: commit and closed."""
        return self.total("commit")


def roll_up(period: Period, *, seen_by: Person | None = None, owners: Iterable[int] | None = None) -> dict[int, Roll]:
    """Return the roll-up of a period by owner, of those whom somebody sees, or of the named ones. Two queries."""
    deals = Deal.objects.all()
    if seen_by is not None and not seen_by.sees_all:
        deals = deals.filter(owned_by_those_seen(seen_by, "owner"))
    if owners is not None:
        deals = deals.filter(owner__in=list(owners))
    rolls: dict[int, Roll] = {}
    figures: dict[str, Any] = {"count": Count("pk"), "total": Sum("company_amount")}
    weight = Sum(F("company_amount") * F("probability") / 100)
    due = Q(closes_on__gte=period.first, closes_on__lt=period.until)
    pending = deals.open().filter(due).order_by().values_list("owner", "category").annotate(**figures, weight=weight)
    for owner, category, count, total, weighted in pending:
        rolls.setdefault(owner, Roll()).add(category, total, count, weighted)
    decided = Q(decided_at__gte=period.starts_at, decided_at__lt=period.ends_at)
    won = deals.won().filter(decided).order_by().values_list("owner").annotate(**figures)
    for owner, count, total in won:
        rolls.setdefault(owner, Roll()).add("closed", total, count, total)
    return rolls


def roll_of_unit(person: Person | None, team: Team | None, period: Period) -> Roll:
    """Return the roll-up of a person, of a team with the teams inside it, or of the company. Four queries at most."""
    owners: Iterable[int] | None = None
    if person is not None:
        owners = [person.pk]
    elif team is not None:
        owners = Person.objects.filter(team__in=teams_within(team.pk)).values_list("pk", flat=True)
    return sum(roll_up(period, owners=owners).values(), Roll())


def teams_within(team_id: int) -> list[int]:
    """Return a team and all teams inside it. One query."""
    inside: dict[int | None, list[int]] = {}
    for key, parent in Team.objects.values_list("pk", "parent_id"):
        inside.setdefault(parent, []).append(key)
    found, waiting = [], [team_id]
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting += inside.get(key, [])
    return found
