"""Two years in the life of a company, told through its real operations in the order in which things happen."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer
from salesmode.kernel.holidays import is_workday
from salesmode.kernel.money import rounded
from salesmode.orders import operations as orders
from salesmode.orders.models import Order
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from salesmode.simulation import words
from salesmode.simulation.company import Cast

# How much of a usual month is sold in each month: the Spring Festival dip and the year-end rush.
SEASON = [0.85, 0.55, 1.05, 1.0, 1.0, 1.1, 0.9, 0.9, 1.1, 0.95, 1.2, 1.4]
PASS_STAGE = [0.78, 0.80, 0.78, 0.84, 0.88]
STAGE_DAYS = [14, 24, 22, 17, 13]
Step = Callable[[datetime], None]


@dataclass
class Story:
    """What is to happen next, and to whom."""

    cast: Cast
    random: Random
    until: datetime
    agenda: list[tuple[datetime, int, Step]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    names: set[str] = field(default_factory=set)

    def plan(self, when: datetime, step: Step) -> None:
        """Put something on the agenda; what lies after today never happens."""
        when = self.office_hours(when)
        if when < self.until:
            heapq.heappush(self.agenda, (when, next(self.numbers), step))

    def told(self) -> Iterator[datetime]:
        """Let one thing after the other happen, and say when each did."""
        while self.agenda:
            when, _number, step = heapq.heappop(self.agenda)
            step(when)
            yield when

    def office_hours(self, when: datetime) -> datetime:
        """Move a moment to the next workday, between nine and six: what falls after six waits until the morning."""
        day = when + timedelta(days=1) if when.hour >= 18 else when
        while not is_workday(day.date(), "CN"):
            day += timedelta(days=1)
        if day.hour < 9 or day.date() != when.date():
            latest = 3 * 60 - 1 if when.hour >= 18 else 9 * 60 - 1
            minutes = self.random.randint(0, latest)
            day = datetime.combine(day.date(), time(9), tzinfo=day.tzinfo) + timedelta(minutes=minutes)
        return day

    def last_afternoon(self, clock: time = time(17)) -> datetime:
        """Return that hour of the last workday before today: what is told then happens, whenever the story is told."""
        day = datetime.combine(self.until.date() - timedelta(days=1), clock, tzinfo=self.until.tzinfo)
        while not is_workday(day.date(), "CN"):
            day -= timedelta(days=1)
        return day

    def later(self, when: datetime, days: float) -> datetime:
        """Return about so many days later."""
        return when + timedelta(days=max(0.04, self.random.gauss(days, days / 3)), minutes=self.random.randint(0, 59))

    def company_name(self, industry: str, city: str) -> str:
        """Invent a company of an industry."""
        while True:
            front = self.random.choice(words.COMPANY_FRONT)
            middle = self.random.choice(words.COMPANY_MIDDLE[industry])
            name = f"{city.removesuffix('市')}{front}{middle}{self.random.choice(words.COMPANY_END)}"
            if name not in self.names:
                self.names.add(name)
                return name

    def person_name(self) -> str:
        """Invent somebody at a customer."""
        return person_name(self.random)


def fill(story: Story, *, since: datetime, leads: int, accounts: int) -> None:
    """Plan the company's two years: customers it had before, and leads that come in with the seasons."""
    days = (story.until - since).days
    for number in range(accounts):
        seller = story.cast.sellers[number % len(story.cast.sellers)]
        story.plan(since + timedelta(days=story.random.uniform(0, 12)), _old_customer(story, seller))
    for _number in range(leads):
        story.plan(_seasonal_day(story, since, days), _lead(story))


def _seasonal_day(story: Story, since: datetime, days: int) -> datetime:
    while True:
        offset = story.random.uniform(0, days)
        when = since + timedelta(days=offset)
        growth = 0.75 + 0.25 * offset / days
        if story.random.random() < SEASON[when.month - 1] * growth / max(SEASON):
            return when


def person_name(random: Random) -> str:
    """Invent a Chinese name."""
    return random.choice(words.SURNAMES) + random.choice(words.GIVEN)


def mobile(random: Random) -> str:
    """Invent a mobile number."""
    return f"1{random.choice('3578')}{random.randint(0, 10**9 - 1):09d}"


def _old_customer(story: Story, seller: Person) -> Step:
    def happen(at: datetime) -> None:
        random = story.random
        industry, (province, city) = random.choice(words.INDUSTRIES), random.choice(story.cast.places[seller.pk])
        customer = customers.create_customer(
            name=story.company_name(industry, city),
            owner=seller,
            grade=random.choices("ABCD", [15, 30, 35, 20])[0],
            tags=_tags(random),
            industry=industry,
            source=random.choice(words.SOURCES)[0],
            province=province,
            city=city,
            phone=mobile(random),
            by=seller,
            at=at,
        )
        contact = _contact(story, customer, seller, at)
        for _again in range(random.choices([0, 1, 2], [45, 40, 15])[0]):
            story.plan(story.later(at, random.uniform(5, 600)), _deal(story, customer, contact, seller, 0.06))
        _keep_in_touch(story, customer, contact, seller, at)

    return happen


def _contact(story: Story, customer: Customer, seller: Person, at: datetime) -> Contact:
    title = story.random.choice(words.TITLES)
    return customers.create_contact(
        customer=customer,
        name=story.person_name(),
        title=title,
        mobile=mobile(story.random),
        is_decision_maker=title in words.DECIDERS,
        by=seller,
        at=at,
    )


def _lead(story: Story) -> Step:
    def happen(at: datetime) -> None:
        random = story.random
        source, _share, becomes_deal, edge = random.choices(
            words.SOURCES, [share for _n, share, _p, _e in words.SOURCES]
        )[0]
        seller = random.choices(
            story.cast.sellers, [story.cast.habits[each.pk].workload for each in story.cast.sellers]
        )[0]
        industry, (province, city) = random.choice(words.INDUSTRIES), random.choice(story.cast.places[seller.pk])
        lead = selling.create_lead(
            name=story.person_name(),
            company_name=story.company_name(industry, city),
            title=random.choice(words.TITLES),
            phone=mobile(random),
            source=source,
            industry=industry,
            province=province,
            city=city,
            by=story.cast.by_role["marketing"],
            at=at,
        )
        habits = story.cast.habits[seller.pk]
        wait = random.expovariate(1) * (2.2 - 1.8 * habits.diligence)
        quick = 0.08 if wait < 0.2 else 0.0
        fate = "deal" if random.random() < becomes_deal + quick else "no" if random.random() < 0.85 else "open"
        if random.random() > 0.04:
            story.plan(at + timedelta(days=wait), _claim(story, lead, seller, fate, edge))
        else:
            # Nobody wanted it; somebody tidies up before long.
            story.plan(at + timedelta(days=random.uniform(5, 12)), _claim(story, lead, seller, "no", edge))

    return happen


def _claim(story: Story, lead, seller: Person, fate: str, edge: float) -> Step:
    def happen(at: datetime) -> None:
        selling.claim_lead(lead, by=story.cast.acting(seller), at=at)
        story.plan(at + timedelta(hours=story.random.expovariate(1 / 5)), answer)

    def answer(at: datetime) -> None:
        content, by = story.random.choice(words.TALK["call"]), story.cast.acting(seller)
        lead.refresh_from_db()
        customers.log_interaction(about=lead, channel="call", content=content, by=by, at=at)
        selling.respond_to_lead(lead, by=by, at=at)
        story.plan(story.later(at, 5), close)

    def close(at: datetime) -> None:
        lead.refresh_from_db()
        if fate == "no":
            give_up(at)
        elif fate == "open":
            story.plan(story.later(at, 25), give_up)
        else:
            by = story.cast.acting(seller)
            selling.convert_lead(lead, by=by, at=at)
            grade = story.random.choices("ABC", [15, 35, 50])[0]
            customers.amend_customer(lead.customer, grade=grade, tags=_tags(story.random), by=by, at=at)
            story.plan(at + timedelta(minutes=20), _deal(story, lead.customer, lead.contact, seller, edge))
            _keep_in_touch(story, lead.customer, lead.contact, seller, at)

    def give_up(at: datetime) -> None:
        lead.refresh_from_db()
        reason = story.random.choice(words.LEAD_REJECTIONS)
        selling.reject_lead(lead, reason=reason, by=story.cast.acting(seller), at=at)

    return happen


def _tags(random: Random) -> list[str]:
    return random.sample(words.TAGS, random.choices([0, 1, 2], [35, 45, 20])[0])


def _keep_in_touch(story: Story, customer: Customer, contact: Contact, seller: Person, at: datetime) -> None:
    story.plan(story.later(at, 30), _touch(story, customer, contact, seller, lambda: 70))


def _touch(
    story: Story,
    customer: Customer,
    contact: Contact,
    seller: Person,
    gap: Callable[[], float],
    deal: Deal | None = None,
) -> Step:
    def happen(at: datetime) -> None:
        by = story.cast.acting(seller)
        if deal is not None:
            deal.refresh_from_db()
            if not deal.is_open:
                _let_be(customer, by, at)
                return
        random, habits = story.random, story.cast.habits[by.pk]
        channel = random.choices(list(words.TALK), [40, 18, 12, 12, 14, 4])[0]
        promised = story.office_hours(at + timedelta(days=max(1.5, story.random.gauss(gap(), gap() / 3))))
        customers.log_interaction(
            customer,
            about=deal,
            contact=contact,
            channel=channel,
            content=random.choice(words.TALK[channel]),
            next_contact_at=promised,
            by=by,
            at=at,
        )
        # The diligent come when they said; others late, some very late.
        late = 0 if random.random() < habits.diligence else 12 if random.random() < 0.85 else 30
        when = story.later(promised, late) if late else promised
        story.plan(when, _touch(story, customer, contact, seller, gap, deal))

    return happen


def _let_be(customer: Customer, seller: Person, at: datetime) -> None:
    """Put off what was promised for a deal that is decided by now."""
    customer.refresh_from_db()
    if customer.next_contact_at and customer.next_contact_at <= at:
        customers.schedule_follow_up(customer, next_contact_at=at + timedelta(days=45), by=seller, at=at)


def _deal(story: Story, customer: Customer, contact: Contact, seller: Person, edge: float) -> Step:
    def happen(at: datetime) -> None:
        random, owner = story.random, story.cast.acting(seller)
        habits, drafts = story.cast.habits[owner.pk], _lines(story)
        if owner is not seller:
            customer.refresh_from_db()
        expected = at + timedelta(days=sum(STAGE_DAYS) * habits.speed * random.uniform(0.8, 1.3))
        deal = selling.open_deal(
            title=f"{customer.name[:6].removesuffix('有限')} {random.choice(words.DEAL_WORDS)}",
            customer=customer,
            contact=contact,
            owner=owner,
            closes_on=expected.date(),
            source=customer.source,
            next_step=random.choice(words.NEXT_STEPS[:4]) if random.random() < 0.6 else "",
            by=owner,
            at=at,
        )
        selling.set_deal_lines(deal, lines=drafts, by=owner, at=at)
        big = 0.05 if deal.amount > 600_000 else 0.0
        chance = [min(0.97, passing + habits.skill / 3 + edge / 3 - big) for passing in PASS_STAGE]
        story.plan(story.later(at, STAGE_DAYS[0] * habits.speed), _advance(story, deal, owner, chance, 0))
        story.plan(story.later(at, 4), _touch(story, customer, contact, owner, lambda: 13, deal))

    return happen


def _lines(story: Story) -> list[selling.LineDraft]:
    random, products = story.random, {product.code: product for product in story.cast.products}
    package = random.choices(["software", "robots", "line", "service", "handhelds"], [38, 24, 8, 16, 14])[0]
    discount = Decimal(random.choice([0, 0, 0, 3, 5, 5, 8, 10, 15]))
    if package == "software":
        code = random.choices(["WMS-B", "WMS-P", "WMS-E"], [45, 40, 15])[0]
        return [
            selling.LineDraft(products[code], Decimal(1), None, discount),
            selling.LineDraft(products["SVC-T"], Decimal(random.randint(8, 40))),
        ]
    if package == "robots":
        code = random.choice(["AGV-10", "AGV-30"])
        return [selling.LineDraft(products[code], Decimal(random.randint(1, 6)), None, discount)]
    if package == "line":
        return [selling.LineDraft(products["SORT-2"], Decimal(1), None, discount), selling.LineDraft(products["SVC-Y"])]
    if package == "service":
        return [selling.LineDraft(products["SVC-Y"], Decimal(random.randint(1, 3)))]
    return [selling.LineDraft(products["PDA-5"], Decimal(random.randint(10, 60)), None, discount)]


def _advance(story: Story, deal: Deal, seller: Person, chance: list[float], stage: int) -> Step:
    def happen(at: datetime) -> None:
        random, by = story.random, story.cast.acting(seller)
        deal.refresh_from_db()
        stages = list(story.cast.process.stages.order_by("position"))
        if random.random() > chance[stage]:
            competitor = random.choice(words.COMPETITORS) if random.random() < 0.5 else ""
            reason = story.cast.reasons[0] if competitor else random.choice(story.cast.reasons[1:])
            selling.lose_deal(deal, reason=reason, competitor=competitor, by=by, at=at)
            return
        if stage == len(stages) - 1:
            selling.win_deal(deal, by=by, at=at)
            story.plan(story.later(at, 6), order_from(story, deal, by))
            if deal.customer and deal.contact and random.random() < 0.45:
                again = _deal(story, deal.customer, deal.contact, by, 0.12)
                story.plan(story.later(at, random.uniform(80, 300)), again)
            return
        selling.move_deal(deal, stage=stages[stage + 1], by=by, at=at)
        changes: dict[str, Any] = {"next_step": random.choice(words.NEXT_STEPS)} if random.random() < 0.7 else {}
        if deal.closes_on and at.date() > deal.closes_on - timedelta(days=10) and random.random() < 0.8:
            changes["closes_on"] = (at + timedelta(days=random.randint(15, 45))).date()
        if changes:
            selling.amend_deal(deal, by=by, at=at, **changes)
        days = STAGE_DAYS[stage + 1] * story.cast.habits[by.pk].speed
        story.plan(story.later(at, days), _advance(story, deal, by, chance, stage + 1))

    return happen


def order_from(story: Story, deal: Deal, seller: Person, *, at_once: bool = False) -> Step:
    """Let a deal that was won become an order, which is signed, delivered and paid, most of it in time."""

    def happen(at: datetime) -> None:
        order = orders.draft_order_from_deal(deal, by=story.cast.answering(seller), at=at)
        story.plan(story.later(at, 4), sign(order))

    def sign(order: Order) -> Step:
        def happen(at: datetime) -> None:
            by = story.cast.answering(seller)
            orders.plan_instalments(order, instalments=_parts(order, at.date(), at_once=at_once), by=by, at=at)
            orders.sign_order(order, on=at.date(), by=by, at=at)
            story.plan(story.later(at, 55), deliver(order))
            for due_on, amount in order.instalments.order_by("position").values_list("due_on", "amount"):
                late = story.random.choices([0, 6, 25, 70, None], [48, 26, 14, 7, 5])[0]
                if late is not None:
                    day = datetime.combine(due_on, time(10), tzinfo=at.tzinfo) + timedelta(days=late)
                    story.plan(max(day, at), pay(order, amount))

        return happen

    def deliver(order: Order) -> Step:
        def happen(at: datetime) -> None:
            orders.fulfil_order(order, by=story.cast.answering(seller), at=at)

        return happen

    def pay(order: Order, amount: Decimal) -> Step:
        def happen(at: datetime) -> None:
            clerk = story.cast.by_role["finance"]
            orders.receive_payment(order, amount=amount, received_on=at.date(), by=clerk, at=at)

        return happen

    return happen


def _parts(order: Order, signed_on: date, *, at_once: bool) -> list[tuple[date, Decimal]]:
    """Pay 30 % at once, 60 % after 45 days, the rest after 150; or what is small in one piece after 30."""
    if at_once:
        return [(signed_on + timedelta(days=30), order.amount)]
    first = rounded(order.amount * Decimal("0.3"), order.currency)
    second = rounded(order.amount * Decimal("0.6"), order.currency)
    parts = [(5, first), (45, second), (150, order.amount - first - second)]
    return [(signed_on + timedelta(days=days), amount) for days, amount in parts if amount > 0]
