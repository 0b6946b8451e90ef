"""What a plan would have cost over the last twelve months, for whom it is better, and where it invites games."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesmode.kernel.models import Company
from salesmode.kernel.periods import add_months
from salesmode.pay.models import curve
from salesmode.pay.models.earning import earn, span_of
from salesmode.pay.models.sale import Book, InForce, Sale
from salesmode.pay.models.terms import PlanTerms
from salesmode.pay.queries.facts import Facts
from salesmode.pay.queries.holding import Holding, people_with_plans
from salesmode.people.models import Person

ZERO, ONE = Decimal(0), Decimal(1)
MONTHS = 12
NEAR = Decimal("0.1")
ENOUGH_SPANS, ENOUGH_CROSSINGS = 10, 5


@dataclass(frozen=True)
class Share:
    """What one person would have had, and had."""

    person: Person
    now: Decimal
    then: Decimal

    @property
    def change(self) -> Decimal:
        """Return the difference."""
        return self.then - self.now


@dataclass(frozen=True)
class Month:
    """What one month would have cost, and cost."""

    first: date
    now: Decimal
    then: Decimal


@dataclass(frozen=True)
class Cliff:
    """A total at which one more yuan pays far more than a yuan."""

    at: Decimal
    jump: Decimal


@dataclass(frozen=True)
class Edge:
    """What happened around a threshold: how many totals ended just below and just above it, at which discounts.

    A number is None when there was not enough to say it.
    """

    at: Decimal
    below: int
    above: int
    is_dense: bool | None
    discount_crossing: Decimal | None
    discount_rest: Decimal | None

    @property
    def says_enough(self) -> bool:
        """Whether anything can be said about totals around this threshold."""
        return self.is_dense is not None


@dataclass(frozen=True)
class Simulation:
    """The last twelve whole months, paid by the draft and as they were."""

    first: date
    until: date
    months: list[Month]
    shares: list[Share]
    bookings: Decimal
    cliffs: list[Cliff]
    edges: list[Edge]
    without_target: int

    @property
    def last(self) -> date:
        """Return the last day that is counted."""
        return date.fromordinal(self.until.toordinal() - 1)

    @property
    def now(self) -> Decimal:
        """Return what the plans in force would pay."""
        return sum((share.now for share in self.shares), ZERO)

    @property
    def then(self) -> Decimal:
        """Return what the draft would pay."""
        return sum((share.then for share in self.shares), ZERO)

    @property
    def change(self) -> Decimal:
        """Return how much more the draft would cost, or less."""
        return self.then - self.now

    @property
    def change_rate(self) -> Decimal | None:
        """Return that as a share of what the plans in force pay; None when they pay nothing."""
        return self.change / self.now if self.now else None

    @property
    def is_same(self) -> bool:
        """Whether nobody would have had a cent more or less."""
        return bool(self.shares) and self.unmoved == len(self.shares)

    @property
    def rate_now(self) -> Decimal | None:
        """Return the cost as a share of bookings; None without bookings."""
        return self.now / self.bookings if self.bookings else None

    @property
    def rate_then(self) -> Decimal | None:
        """Return the draft's cost as a share of bookings; None without bookings."""
        return self.then / self.bookings if self.bookings else None

    @property
    def gini_now(self) -> Decimal | None:
        """Return how unequal pay is now: 0 for equal, near 1 for all to one."""
        return gini([share.now for share in self.shares])

    @property
    def gini_then(self) -> Decimal | None:
        """Return how unequal pay would be."""
        return gini([share.then for share in self.shares])

    @property
    def winners(self) -> list[Share]:
        """Return who would have had more."""
        return [share for share in self.shares if share.change > 0]

    @property
    def losers(self) -> list[Share]:
        """Return who would have had less."""
        return [share for share in self.shares if share.change < 0]

    @property
    def unmoved(self) -> int:
        """Return for how many nothing would have changed."""
        return sum(not share.change for share in self.shares)


def gini(amounts: Sequence[Decimal]) -> Decimal | None:
    """Return how unequally amounts are spread; None for fewer than two, or nothing, or anything below zero."""
    total, count = sum(amounts, ZERO), len(amounts)
    if count < 2 or total <= 0 or min(amounts) < 0:
        return None
    weighted = sum((rank * amount for rank, amount in enumerate(sorted(amounts), start=1)), ZERO)
    return 2 * weighted / (count * total) - Decimal(count + 1) / count


def simulate(terms: PlanTerms, *, plan_id: int | None, today: date) -> Simulation:
    """Pay the last twelve whole months by a draft, for whom the plan is for, or for all who sold. Some 40 queries."""
    until = today.replace(day=1)
    first = add_months(until, -MONTHS)
    holding = Holding()
    facts = Facts(Company.objects.current(), since=first, people=None)
    kinds = holding.kinds() | {terms.sale_kind}
    sales = tuple(sale for kind in sorted(kinds) for sale in facts.sales(kind) if sale.on < until)
    counted = [sale for sale in sales if sale.kind == terms.sale_kind]
    people = _for_whom(plan_id, holding, counted, today)
    draft = InForce(0, plan_id or 0, "", 0, terms)

    def book(plan_on) -> Book:
        return Book(
            currency=Company.objects.current().currency, as_of=until, sales=sales, plan_on=plan_on,
            quota_of=holding.quota_of, mates_on=holding.organisation.mates_on, led_on=holding.organisation.led_on,
            since=first, started_on=holding.started_on, days_of_draw=holding.days_of_draw,
        )  # fmt: skip

    known = set(people)
    now = book(holding.plan_on)
    then = book(lambda person, day: draft if person in known else holding.plan_on(person, day))
    rows = {person.pk: person for person in Person.objects.filter(pk__in=people)}
    paid = {pk: (_earned(now, pk, first, until), _earned(then, pk, first, until)) for pk in people if pk in rows}
    shares = [Share(rows[pk], sum(had.values(), ZERO), sum(gets.values(), ZERO)) for pk, (had, gets) in paid.items()]
    days = [add_months(first, number) for number in range(MONTHS)]
    months = [Month(day, *(sum((each[side][day] for each in paid.values()), ZERO) for side in (0, 1))) for day in days]
    shared = _credited(counted, known, now.currency)
    spans = _spans(shared, terms)
    quotas = {name: holding.quota_of(draft, *name) for name in spans}
    return Simulation(
        first=first,
        until=until,
        months=months,
        shares=sorted(shares, key=lambda share: (-share.change, share.person.pk)),
        bookings=sum((amount for _person, _sale, amount in shared), ZERO),
        cliffs=cliffs_of(terms, _usual(quotas.values())),
        edges=_edges(terms, spans, quotas),
        without_target=sum(terms.needs_quota and not quota for quota in quotas.values()),
    )


def _for_whom(plan_id: int | None, holding: Holding, sales: Iterable[Sale], today: date) -> list[int]:
    held = [pk for pk in people_with_plans(on=today, holding=holding) if _plan_of(holding, pk, today) == plan_id]
    sold = {person for sale in sales for person, _percent in sale.shares}
    return sorted(set(held) & sold if held and plan_id else sold)


def _plan_of(holding: Holding, person: int, day: date) -> int | None:
    plan = holding.plan_on(person, day)
    return plan.plan_id if plan else None


def _earned(book: Book, person: int, first: date, until: date) -> defaultdict[date, Decimal]:
    """Return what somebody earns by a book, month by month."""
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for line in earn(book, person):
        if first <= line.on < until:
            found[line.on.replace(day=1)] += line.amount
    return found


Credited = list[tuple[int, Sale, Decimal]]


def _credited(sales: Iterable[Sale], people: set[int], currency: str) -> Credited:
    return [
        (person, sale, amount)
        for sale in sorted(sales, key=lambda sale: (sale.on, sale.number))
        for person, amount in sale.credited(currency).items()
        if person in people and sale.ended_on is None
    ]


def _spans(shared: Credited, terms: PlanTerms) -> dict[tuple[int, date], list[tuple[Sale, Decimal]]]:
    found: dict[tuple[int, date], list[tuple[Sale, Decimal]]] = defaultdict(list)
    for person, sale, amount in shared:
        found[person, span_of(sale.on, terms.frequency)].append((sale, amount))
    return dict(found)


def _usual(quotas: Iterable[Decimal | None]) -> Decimal | None:
    known = sorted(quota for quota in quotas if quota)
    return known[len(known) // 2] if known else None


def cliffs_of(terms: PlanTerms, quota: Decimal | None) -> list[Cliff]:
    """Return the totals at which one more yuan pays more than a yuan, by the rule itself."""
    found = []
    for point in curve.turning_points(terms, quota):
        above, below = curve.whole(terms, point, quota), curve.whole(terms, max(ZERO, point - ONE), quota)
        if above is not None and below is not None and above - below > ONE:
            found.append(Cliff(point, above - below))
    return found


def _edges(terms: PlanTerms, spans: dict, quotas: dict) -> list[Edge]:
    """Look around each threshold: where totals ended, and how far the sales that crossed it were discounted."""
    usual = _usual(quotas.values())
    edges = []
    for place, shown in enumerate(curve.turning_points(terms, usual)):
        below = above = 0
        crossing: list[Decimal] = []
        rest: list[Decimal] = []
        for name, sales in spans.items():
            points = curve.turning_points(terms, quotas[name])
            if place >= len(points):
                continue
            point, total = points[place], ZERO
            for sale, amount in sales:
                if sale.discount is not None:
                    (crossing if total < point <= total + amount else rest).append(sale.discount)
                total += amount
            below += point * (1 - NEAR) <= total < point
            above += point <= total < point * (1 + NEAR)
        enough = below + above >= ENOUGH_SPANS
        known = len(crossing) >= ENOUGH_CROSSINGS and len(rest) >= ENOUGH_CROSSINGS
        edges.append(
            Edge(
                at=shown, below=below, above=above, is_dense=_is_dense(below, above) if enough else None,
                discount_crossing=_mean(crossing) if known else None, discount_rest=_mean(rest) if known else None,
            )
        )  # fmt: skip
    return edges


def _is_dense(below: int, above: int) -> bool:
    """Say whether more totals ended just above than chance explains, were both sides equally likely."""
    from scipy.stats import binomtest

    return bool(binomtest(above, below + above, 0.5, alternative="greater").pvalue < 0.05)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)
