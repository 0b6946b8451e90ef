"""On whom the sales depend: shares, inequality, and what would be at stake if a top seller left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Min, Sum
from django.urls import reverse

from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Number, Reading, Request, measure_many
from salesmode.analytics.metrics import metric
from salesmode.customers.models import Customer, Interaction
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids
from salesmode.reviews.models.outcomes import exact
from salesmode.reviews.queries.teams import below
from salesmode.selling.models import Deal

CARDS = ("top_seller_share", "top_three_share", "gini")
TOP = 5
# From so many decided deals on, the win rate of deals that were handed over is believed.
ENOUGH = 5
LOOK_BACK = timedelta(days=730)
A_YEAR = timedelta(days=365)
MONEY = DecimalField(max_digits=24, decimal_places=6)


@dataclass(frozen=True)
class CurvePoint:
    """One point of the Lorenz curve: the share of sellers, poorest first, and what they brought together."""

    sellers: float
    share: float


@dataclass(frozen=True)
class Seller:
    """One seller: what they won, what is open with them, and what would be at stake without them."""

    person: Person
    won: Decimal
    share: float
    url: str
    open_amount: Decimal
    weighted: Decimal
    open_url: str
    single: int
    kept: Decimal | None
    won_share_at_risk: float | None

    @property
    def at_risk(self) -> Decimal | None:
        """Return how much of the weighted pipeline would be missing; unknown while nobody knows what would be kept."""
        return None if self.kept is None else max(self.weighted - self.kept, Decimal())


@dataclass(frozen=True)
class HandedOver:
    """How deals went that were handed over: won and lost, and the rate where there are enough of them."""

    won: int
    lost: int

    @property
    def rate(self) -> Decimal | None:
        """Return the share that was won; unknown while there are too few."""
        decided = self.won + self.lost
        return Decimal(self.won) / decided if decided >= ENOUGH else None


@dataclass(frozen=True)
class Dependence:
    """Everything that the page about dependence shows."""

    cards: Sequence[Reading]
    curve: Sequence[CurvePoint]
    sellers: Sequence[Seller]
    handed_over: HandedOver
    # Whether what others win had to be taken for what they would win, because too little was handed over.
    by_others: bool
    total: Decimal
    total_url: str
    others: int


def dependence(*, period: Period, team: Team | None, seen_by: Person, today: date) -> Dependence:
    """Return on whom the sales of a team (or of all that somebody sees) depend. Eight queries and one measurement."""
    owners = seen_owner_ids(seen_by)
    where: Mapping[str, Any] = {"team": below(team)} if team is not None else {}
    asked = [Request(code, series=True) for code in CARDS]
    asked += [Request("won_amount", by="person"), Request("win_rate", by="person")]
    *cards, won, rates = measure_many(asked, period, where=where, seen_by_owners=owners)
    amounts = {part.key: exact(part.value) or Decimal() for part in won.breakdown if part.key is not None}
    total = sum(amounts.values(), Decimal())
    people = Person.objects.in_bulk(list(amounts))
    handed_over = handed_over_deals(team=team, seen_by=seen_by, today=today)
    by_others = handed_over.rate is None
    top = [key for key, _amount in sorted(amounts.items(), key=lambda each: -each[1])][:TOP]
    pipeline = _open_pipeline(top, seen_by)
    single = single_relationships(top, seen_by=seen_by, today=today)
    others = deals_of_others(top, team=team, seen_by=seen_by, today=today) if by_others else {}
    own_rates = {part.key: exact(part.value) for part in rates.breakdown}
    sellers = [
        _seller(
            people[key],
            amounts[key],
            total,
            period,
            pipeline.get(key),
            single.get(key, 0),
            (others[key] if by_others else handed_over).rate,
            own_rates.get(key),
        )
        for key in top
        if key in people
    ]
    url = records_url(metric("won_amount"), period, where)
    rest = len(amounts) - len(sellers)
    by_others = by_others and any(one.kept is not None for one in sellers)
    return Dependence(cards, lorenz(list(amounts.values())), sellers, handed_over, by_others, total, url, rest)


def _seller(
    person: Person,
    won: Decimal,
    total: Decimal,
    period: Period,
    pipeline: tuple[Decimal, Decimal] | None,
    single: int,
    rate: Decimal | None,
    own_rate: Decimal | None,
) -> Seller:
    amount, weighted = pipeline or (Decimal(), Decimal())
    share = float(won / total) if total else 0.0
    at_risk = None
    if rate is not None and own_rate:
        at_risk = share * max(0.0, 1 - float(rate / own_rate))
    return Seller(
        person=person,
        won=won,
        share=share,
        url=records_url(metric("won_amount"), period, {"person": (person.pk,)}),
        open_amount=amount,
        weighted=weighted,
        open_url=f"{reverse('selling:deals')}?{urlencode({'owner': person.pk, 'outcome': 'open'})}",
        single=single,
        kept=None if rate is None else amount * rate,
        won_share_at_risk=at_risk,
    )


def lorenz(values: Sequence[Number | Decimal]) -> list[CurvePoint]:
    """Return the Lorenz curve of some amounts: from nobody and nothing to everybody and everything."""
    ordered = sorted(float(value) for value in values)
    total = sum(ordered)
    if not ordered or total <= 0:
        return []
    points, so_far = [CurvePoint(0.0, 0.0)], 0.0
    for number, value in enumerate(ordered, start=1):
        so_far += value
        points.append(CurvePoint(number / len(ordered), so_far / total))
    return points


def _open_pipeline(people: Sequence[int], seen_by: Person) -> dict[int, tuple[Decimal, Decimal]]:
    weighted = ExpressionWrapper(F("company_amount") * F("probability") / 100, output_field=MONEY)
    rows = Deal.objects.open().visible_to(seen_by).filter(owner__in=people).values("owner")
    found = rows.annotate(amount=Sum("company_amount"), weighted=Sum(weighted)).values_list(
        "owner", "amount", "weighted"
    )
    return {owner: (amount, worth) for owner, amount, worth in found}


def handed_over_deals(*, team: Team | None, seen_by: Person, today: date) -> HandedOver:
    """Return how the deals of two years went that somebody handed over. One query."""
    events = EventRecord.objects.filter(name="deal.handed_over", happened_at__date__gte=today - LOOK_BACK)
    deals = Deal.objects.visible_to(seen_by).filter(pk__in=events.values("subject_id"))
    if team is not None:
        deals = deals.filter(owner__team__in=below(team))
    counts = dict(deals.values_list("outcome").annotate(n=Count("pk")))
    return HandedOver(counts.get(Deal.Outcome.WON, 0), counts.get(Deal.Outcome.LOST, 0))


def deals_of_others(people: Sequence[int], *, team: Team | None, seen_by: Person, today: date) -> dict[int, HandedOver]:
    """Return for each of some people how the deals of two years went that everybody else decided. One query."""
    deals = Deal.objects.visible_to(seen_by).filter(decided_at__date__gte=today - LOOK_BACK).exclude(owner=None)
    if team is not None:
        deals = deals.filter(owner__team__in=below(team))
    counts = deals.order_by().values_list("owner", "outcome").annotate(n=Count("pk"))
    rows = [(owner, outcome, number) for owner, outcome, number in counts]

    def of(person: int, outcome: str) -> int:
        return sum(number for owner, how, number in rows if owner != person and how == outcome)

    return {key: HandedOver(of(key, Deal.Outcome.WON), of(key, Deal.Outcome.LOST)) for key in people}


def known_by_one(owner: int, *, seen_by: Person, today: date) -> Any:
    """Return the customers of somebody whom nobody else of ours has spoken with for a year."""
    lately = Interaction.objects.filter(customer__owner=owner, happened_at__date__gte=today - A_YEAR)
    others = lately.exclude(by=owner).values("customer")
    own = lately.filter(by=owner).values("customer")
    customers = Customer.objects.visible_to(seen_by).filter(owner=owner, merged_into=None, pk__in=own)
    return customers.exclude(pk__in=others).order_by("name", "pk")


def single_relationships(people: Sequence[int], *, seen_by: Person, today: date) -> dict[int, int]:
    """Count for each of some people the customers whom nobody else of ours has spoken with for a year. One query."""
    seen = Customer.objects.visible_to(seen_by).filter(owner__in=people, merged_into=None)
    lately = Interaction.objects.filter(customer__in=seen.values("pk"), happened_at__date__gte=today - A_YEAR)
    alone = lately.values("customer", "customer__owner").annotate(speakers=Count("by", distinct=True), first=Min("by"))
    found: dict[int, int] = {}
    for row in alone.filter(speakers=1, first=F("customer__owner")):
        found[row["customer__owner"]] = found.get(row["customer__owner"], 0) + 1
    return found
