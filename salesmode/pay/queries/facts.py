"""The final state of what was sold, signed and paid, as plain values for the arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.money import rounded
from salesmode.kernel.periods import day_of, starts_at
from salesmode.orders.models import Instalment, Order, OrderLine, Payment
from salesmode.pay.models import CreditSplit, PlanVersion
from salesmode.pay.models.sale import Book, Part, Sale
from salesmode.pay.queries.holding import Holding
from salesmode.people.models import Person, PersonScope
from salesmode.selling.models import Deal, DealLine

HUNDRED = Decimal(100)
FEW = 500
EVENTS = {"won": "deal.won", "signed": "order.signed", "received": "payment.received"}


def book_of(owners: Sequence[int] | None, *, as_of: date, holding: Holding | None = None) -> Book:
    """Return what is needed to work out some people's pay, or everybody's. Some twenty queries, however many."""
    held = holding or Holding()
    company = Company.objects.current()
    wanted = None if owners is None or held.looks_around() else set(owners)
    found: list[Sale] = []
    if held.since is not None:
        facts = Facts(company, since=held.since, people=wanted)
        for kind in sorted(held.kinds()):
            found += facts.sales(kind)
    return Book(
        currency=company.currency,
        as_of=as_of,
        sales=tuple(found),
        plan_on=held.plan_on,
        quota_of=held.quota_of,
        mates_on=held.organisation.mates_on,
        led_on=held.organisation.led_on,
        since=held.since,
        started_on=held.started_on,
        days_of_draw=held.days_of_draw,
    )


class Facts:
    """Reads sales of one kind after the other, since a day, of some people or of all."""

    def __init__(self, company: Company, *, since: date, people: set[int] | None) -> None:
        self.company, self.since, self.people = company, since, people
        self.zone = company.zone

    def sales(self, kind: str) -> list[Sale]:
        """Return everything of a kind that counts."""
        found = {"won": self._won, "signed": self._signed, "received": self._received}[kind]()
        return [sale for sale in found if sale.amount > 0]

    def _of_people(self, owner: str, deal: str = "", order: str = "") -> Q:
        """Return the condition that somebody of interest owns a row or shares in its credit."""
        if self.people is None:
            return Q()
        shares = CreditSplit.objects.filter(person__in=self.people)
        condition = Q(**{f"{owner}__in": self.people})
        if deal:
            condition |= Q(**{f"{deal}__in": shares.filter(deal__isnull=False).values("deal")})
        if order:
            condition |= Q(**{f"{order}__in": shares.filter(order__isnull=False).values("order")})
        return condition

    def _won(self) -> list[Sale]:
        begins = starts_at(self.since, self.zone)
        rows = Deal.objects.won().filter(self._of_people("owner", "pk"), decided_at__gte=begins)
        deals = list(rows.order_by("pk").values(
            "pk", "owner_id", "customer_id", "company_amount", "decided_at", "custom"
        ))  # fmt: skip
        keys = [deal["pk"] for deal in deals]
        splits, lines, money = _splits(deals=keys), _deal_lines(keys), _Money(self.zone, deals=keys)
        told = _events("won", keys)
        firsts = _first_of(Deal.objects.won(), "decided_at")
        return [
            Sale(
                "won", deal["pk"], day_of(deal["decided_at"] or begins, self.zone), deal["company_amount"],
                splits.get(("deal", deal["pk"]), ((deal["owner_id"], HUNDRED),)), _parts(lines[deal["pk"]]),
                event_id=told.get(deal["pk"]), deal_id=deal["pk"], is_new=firsts.get(deal["customer_id"]) == deal["pk"],
                custom=deal["custom"], discount=_discount(lines[deal["pk"]]),
                ended_on=money.deal_ended_on(deal["pk"]), flows=money.flows(deal=deal["pk"]),
                dues=money.dues(deal=deal["pk"]),
            )
            for deal in deals
        ]  # fmt: skip

    def _signed(self) -> list[Sale]:
        rows = Order.objects.filter(signed_on__gte=self.since)
        signers = dict(
            EventRecord.objects.filter(name="order.signed")
            .order_by("happened_at", "id")
            .values_list("subject_id", "facts__owner_id")
        ) if self.people is None else None  # fmt: skip
        condition = self._of_people("owner", "deal", "pk")
        if self.people is not None:
            # Whoever signed keeps the credit, also when the order has another owner since.
            handed = EventRecord.objects.filter(name="order.handed_over").values("subject_id")
            condition |= Q(pk__in=handed)
        orders = list(rows.filter(condition).select_related("deal").order_by("pk"))
        keys = [order.pk for order in orders]
        if signers is None:
            signers = dict(_about("order.signed", "order", keys).values_list("subject_id", "facts__owner_id"))
        splits = _splits(orders=keys, deals=[order.deal_id for order in orders if order.deal_id])
        lines, money, told = _order_lines(keys), _Money(self.zone, orders=keys), _events("signed", keys)
        firsts = _first_of(Order.objects.filter(signed_on__isnull=False), "signed_on")
        return [
            Sale(
                "signed", order.pk, order.signed_on or self.since, order.company_amount,
                _shares(splits, order, signers.get(order.pk) or order.owner_id),
                _parts(lines[order.pk], order, self.company.currency),
                event_id=told.get(order.pk), deal_id=order.deal_id, order_id=order.pk,
                is_new=firsts.get(order.customer_id) == order.pk, months=_months(order), custom=_custom(order),
                discount=_discount(lines[order.pk]), ended_on=money.cancelled_on(order),
                flows=money.flows(order=order.pk), dues=money.dues(order=order.pk),
            )
            for order in orders
        ]  # fmt: skip

    def _received(self) -> list[Sale]:
        rows = Payment.objects.filter(received_on__gte=self.since, reverses=None)
        condition = self._of_people("owner", "order__deal", "order")
        payments = list(rows.filter(condition).select_related("order__deal", "reversed_by").order_by("pk"))
        keys, orders = [payment.pk for payment in payments], {payment.order_id for payment in payments}
        splits = _splits(orders=orders, deals={row.order.deal_id for row in payments if row.order.deal_id})
        lines, told = _order_lines(orders), _events("received", keys)
        firsts = _first_of(Order.objects.filter(signed_on__isnull=False), "signed_on")
        found = []
        for payment in payments:
            order = payment.order
            back = getattr(payment, "reversed_by", None)
            found.append(Sale(
                "received", payment.pk, payment.received_on, payment.company_amount,
                _shares(splits, order, payment.owner_id), _parts(lines[order.pk], order, self.company.currency),
                event_id=told.get(payment.pk), deal_id=order.deal_id, order_id=order.pk, payment_id=payment.pk,
                is_new=firsts.get(order.customer_id) == order.pk, months=_months(order), custom=_custom(order),
                discount=_discount(lines[order.pk]), ended_on=back.received_on if back else None,
            ))  # fmt: skip
        return found


class _Money:
    """What came in, went back and was due on orders, and when orders were cancelled."""

    def __init__(self, zone: Any, *, orders: Iterable[int] = (), deals: Iterable[int] = ()) -> None:
        of_deals = bool(deals)
        condition = Q(order__deal__in=list(deals)) if of_deals else Q(order__in=list(orders))
        name = "order__deal_id" if of_deals else "order_id"
        self._flows: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
        for key, day, amount in Payment.objects.filter(condition).values_list(name, "received_on", "company_amount"):
            self._flows[key].append((day, amount))
        self._dues: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
        planned = Instalment.objects.filter(condition).exclude(order__status__in=("draft", "cancelled"))
        for key, day, amount, whole, own in planned.values_list(
            name, "due_on", "amount", "order__amount", "order__company_amount"
        ):
            self._dues[key].append((day, amount * own / whole if whole else amount))
        owned = Order.objects.filter(Q(deal__in=list(deals)) if of_deals else Q(pk__in=list(orders)))
        self._states: dict[int, list[tuple[int, str]]] = defaultdict(list)
        cancelled = []
        for pk, deal_id, status in owned.exclude(status="draft").values_list("pk", "deal_id", "status"):
            self._states[deal_id if of_deals else pk].append((pk, status))
            cancelled += [pk] if status == "cancelled" else []
        rows = _about("order.cancelled", "order", cancelled).values_list("subject_id", "happened_at")
        self._cancelled = {pk: day_of(at, zone) for pk, at in rows}

    def flows(self, *, deal: int | None = None, order: int | None = None) -> tuple[tuple[date, Decimal], ...]:
        """Return the money that came and went, day by day."""
        return tuple(sorted(self._flows.get(deal or order or 0, ())))

    def dues(self, *, deal: int | None = None, order: int | None = None) -> tuple[tuple[date, Decimal], ...]:
        """Return what should have come, day by day."""
        return tuple(sorted(self._dues.get(deal or order or 0, ())))

    def cancelled_on(self, order: Order) -> date | None:
        """Return the day on which a signed order was given up."""
        if order.status != Order.Status.CANCELLED:
            return None
        return self._cancelled.get(order.pk, order.updated_at.date())

    def deal_ended_on(self, deal: int) -> date | None:
        """Return the day on which the last order of a deal was given up; None while one stands or none was written."""
        states = self._states.get(deal, [])
        if not states or any(status != "cancelled" for _pk, status in states):
            return None
        days = [self._cancelled[pk] for pk, _status in states if pk in self._cancelled]
        return max(days, default=None)


def _about(name: str, kind: str, keys: Iterable[int]) -> Any:
    """Return the events of a name about some records, the oldest first."""
    wanted = list(keys)
    rows = EventRecord.objects.filter(name=name)
    if len(wanted) <= FEW:
        rows = rows.filter(related__overlap=[f"{kind}:{key}" for key in wanted])
    return rows.order_by("happened_at", "id")


def _events(kind: str, keys: Iterable[int]) -> dict[int, int]:
    subject = EVENTS[kind].partition(".")[0]
    return dict(_about(EVENTS[kind], subject, keys).values_list("subject_id", "pk"))


def _splits(*, deals: Iterable[int] = (), orders: Iterable[int] = ()) -> dict[tuple[str, int], Any]:
    rows = CreditSplit.objects.filter(Q(deal__in=list(deals)) | Q(order__in=list(orders))).order_by("person_id")
    found: dict[tuple[str, int], Any] = defaultdict(tuple)
    for deal_id, order_id, person_id, percent in rows.values_list("deal_id", "order_id", "person_id", "percent"):
        found["order" if order_id else "deal", order_id or deal_id] += ((person_id, percent),)
    return dict(found)


def _shares(splits: dict[tuple[str, int], Any], order: Order, owner_id: int) -> tuple[tuple[int, Decimal], ...]:
    own = splits.get(("order", order.pk))
    return own or splits.get(("deal", order.deal_id or 0), ((owner_id, HUNDRED),))


LINE = ("product_id", "amount", "quantity", "price", "discount", "product__custom")


def _deal_lines(keys: Iterable[int]) -> dict[int, list[Any]]:
    return _grouped(DealLine.objects.filter(deal__in=list(keys)), "deal_id")


def _order_lines(keys: Iterable[int]) -> dict[int, list[Any]]:
    return _grouped(OrderLine.objects.filter(order__in=list(keys)), "order_id")


def _grouped(rows: Any, by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *line in rows.order_by("position", "id").values_list(by, *LINE):
        found[key].append(line)
    return found


def _parts(lines: list[Any], order: Order | None = None, currency: str = "") -> tuple[Part, ...]:
    worth = order.company_amount / order.amount if order is not None and order.amount else Decimal(1)
    return tuple(
        Part(product, amount, quantity, _margin(amount, quantity, custom, worth, currency))
        for product, amount, quantity, _price, _discount, custom in lines
    )


def _margin(amount: Decimal, quantity: Decimal, custom: Any, worth: Decimal, currency: str) -> Decimal | None:
    """Return what is left of a line's price after the cost that the product's own field `cost` names."""
    cost = (custom or {}).get("cost")
    if cost in (None, "") or not currency:
        return None
    return rounded(amount * worth - Decimal(str(cost)) * quantity, currency)


def _discount(lines: list[Any]) -> Decimal | None:
    listed = sum((quantity * price for _p, _a, quantity, price, _d, _c in lines), Decimal())
    sold = sum((line[1] for line in lines), Decimal())
    return (listed - sold) * HUNDRED / listed if listed else None


def _first_of(rows: Any, dated_by: str) -> dict[int, int]:
    """Return the first deal or order of each customer."""
    return dict(rows.order_by("customer_id", dated_by, "pk").distinct("customer_id").values_list("customer_id", "pk"))


def _months(order: Order) -> int | None:
    if order.starts_on is None or order.ends_on is None:
        return None
    days = (order.ends_on - order.starts_on).days + 1
    return round(days / 30.4375)


def _custom(order: Order) -> dict[str, Any]:
    return {**(order.deal.custom if order.deal else {}), **order.custom}


def today_of(moment: datetime) -> date:
    """Return the company's day at a moment."""
    return day_of(moment, Company.objects.current().zone)


def concerned_by(event: Any) -> set[int]:
    """Return whose pay something that happened may change. Three queries, more where plans pay for others' sales."""
    named = (getattr(event, name, None) for name in ("owner_id", "former_owner_id"))
    owners: set[int] = {owner_id for owner_id in named if owner_id is not None}
    deal_id, order_id = getattr(event, "deal_id", None), getattr(event, "order_id", None)
    shares = CreditSplit.objects.filter(Q(deal=deal_id, deal__isnull=False) | Q(order=order_id, order__isnull=False))
    owners |= set(shares.values_list("person_id", flat=True))
    # An order cancelled or paid back takes back what was paid to whoever signed or won it.
    if order_id is not None:
        rows = _about("order.signed", "order", [order_id]).values_list("facts__owner_id", flat=True)
        owners |= set(rows)
    if deal_id is not None:
        owners |= set(Deal.objects.filter(pk=deal_id).values_list("owner_id", flat=True))
    return owners | _around(owners)


def concerned_by_a_move(event: Any) -> set[int]:
    """Return whose pay may change as somebody comes, leaves, or changes team or work. Up to four queries."""
    person, former = event.person_id, getattr(event, "former_team_id", None)
    former_mates = set(Person.objects.filter(team=former).values_list("pk", flat=True)) if former is not None else set()
    return {person} | _around({person} | former_mates)


def _around(owners: set[int]) -> set[int]:
    pays_for_others = any(
        terms.get("pool_rate") or terms.get("override_rate")
        for terms in PlanVersion.objects.filter(status="published").values_list("terms", flat=True)
    )
    if not pays_for_others:
        return set()
    teams = Person.objects.filter(pk__in=owners).exclude(team=None).values("team")
    mates = Person.objects.filter(team__in=teams).values_list("pk", flat=True)
    leads = PersonScope.objects.filter(owner__in=owners).values_list("viewer", flat=True)
    return {*mates, *leads}
