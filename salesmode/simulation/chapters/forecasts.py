"""The company forecasts: every Friday sellers and managers say what the quarter brings; some sandbag, some hope."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from django.db.models import Q

from salesmode.forecasts import operations, queries
from salesmode.forecasts.models import DealWarnings
from salesmode.kernel.models import EventRecord
from salesmode.kernel.money import rounded
from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Stage
from salesmode.simulation.story import Story

# Every other Friday of the last months, and every fourth before, is enough for pages that look lived in; lately the
# first team, which is asked to, forecasts every week.
WEEKS = 2
# For so many weeks before the end it is remembered which deals under warnings were dealt with.
WATCHED_WEEKS = 14
LATELY = timedelta(days=100)
RECENT = timedelta(days=460)
# Share of the likely outcome that somebody promises: careful, true, hopeful.
HABITS = [0.72, 0.9, 1.0, 1.05, 1.35]
# Who is new hopes for a little more than comes.
HOPEFUL = 1.15
COMMENTS = [
    "客户本周走内部审批",
    "两单在等合同盖章",
    "竞品降价，需要支持",
    "预算已确认，等签约",
    "下周安排高层拜访",
    "",
]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Put the forecast's rhythm on the agenda."""
    story.plan(since + timedelta(days=1), _begin(story))
    # Every open deal is looked at on the last workdays, so that the first page somebody opens is not empty.
    for days in (9, 4, 2, 1, 0.1):
        story.plan(story.until - timedelta(days=days), lambda at: operations.refresh_warnings(at=at))
    monday = story.until - timedelta(days=story.until.weekday(), weeks=WATCHED_WEEKS)
    for week in range(WATCHED_WEEKS):
        begins = (monday + timedelta(weeks=week)).replace(hour=8, minute=5)
        if begins > since:
            story.plan(begins, lambda at: operations.refresh_warnings(at=at))
            story.plan(min(begins + timedelta(days=4, hours=11), story.until), partial(_attend, begins))
    habits = {seller.pk: random.choice(HABITS) for seller in story.cast.sellers}
    friday = max(since + timedelta(days=20), story.until - RECENT)
    friday += timedelta(days=(4 - friday.weekday()) % 7)
    weekly = False
    while friday < story.until:
        lately = story.until - friday < LATELY
        teams = list(story.cast.managers)[: 1 if weekly else None]
        for team in teams:
            when = datetime.combine(friday.date(), time(10), tzinfo=friday.tzinfo)
            story.plan(when + timedelta(minutes=random.randint(0, 400)), _submit(story, team, habits, random))
        for manager in [story.cast.managers[team] for team in teams]:
            story.plan(
                datetime.combine(friday.date(), time(17, 30), tzinfo=friday.tzinfo), _look_over(story, manager, random)
            )
        weekly = lately and not weekly
        friday += timedelta(weeks=WEEKS // 2 if lately else 2 * WEEKS)


def _attend(since: datetime, at: datetime) -> None:
    """Remember which of the deals that were warned about on Monday were dealt with in the week."""
    names = ("deal.moved", "deal.won", "deal.lost", "interaction.logged")
    events = EventRecord.objects.filter(name__in=names, happened_at__gte=since, happened_at__lt=at)
    deals: set[int] = set()
    customers: set[int] = set()
    for facts in events.values_list("facts", flat=True):
        if facts.get("deal_id") or facts.get("about_kind") == "deal":
            deals.add(facts.get("deal_id") or facts["about_id"])
        elif facts.get("customer_id"):
            customers.add(facts["customer_id"])
    warned = DealWarnings.objects.filter(Q(deal__in=deals) | Q(deal__customer__in=customers))
    keys = list(warned.values_list("deal", flat=True))
    operations.attend_to_warnings(keys, by=Person.objects.system(), at=at)


def _begin(story: Story):
    def happen(at: datetime) -> None:
        head = story.cast.by_role["operations"]
        operations.set_submission_cycle(weekday=4, clock=time(17), grain="quarter", since=at.date(), by=head, at=at)
        operations.set_inspection(since=at.date(), by=head, at=at)

    return happen


def _submit(story: Story, team: int, habits: dict[int, float], random: Random):
    """Let a team say what it will win, one after the other, with the roll-up of all of them read once."""

    def happen(at: datetime) -> None:
        quarter = Period.containing(at.date(), "quarter")
        if at >= quarter.ends_at:
            return
        sellers = [seller for seller in story.cast.team_of(team) if random.random() < 0.9]
        rolls = queries.roll_up(quarter, owners=[seller.pk for seller in sellers])
        for number, seller in enumerate(sellers):
            roll = rolls.get(seller.pk, queries.Roll())
            likely = roll.closed + (roll.amounts["commit"] + roll.amounts["most_likely"]) * Decimal("0.85")
            likely += (roll.amounts["best_case"] + roll.amounts["pipeline"]) * Decimal("0.3")
            habit = Decimal(str(habits.get(seller.pk, HOPEFUL) * random.uniform(0.92, 1.08)))
            amount = rounded(likely * habit, "CNY").quantize(Decimal(1))
            said = min(at + timedelta(minutes=number * 4), story.until)
            operations.submit_forecast(
                person=seller,
                period=quarter,
                amount=amount,
                best_case=max(amount, roll.best_case),
                comment=random.choice(COMMENTS),
                by=seller,
                at=said,
            )
            if random.random() < 0.12:
                _judge(seller, random, said)

    return happen


def _judge(seller: Person, random: Random, at: datetime) -> None:
    """Now and then a seller knows better than the stage how sure a deal is."""
    deal = Deal.objects.open().filter(owner=seller).order_by("-company_amount", "pk").first()
    if deal is not None:
        category = random.choice([Stage.Category.COMMIT, Stage.Category.MOST_LIKELY, Stage.Category.OMITTED])
        selling.amend_deal(deal, category=category, by=seller, at=at)


def _look_over(story: Story, manager: Person, random: Random):
    def happen(at: datetime) -> None:
        quarter = Period.containing(at.date(), "quarter")
        team = manager.team
        if team is None or at >= quarter.ends_at:
            return
        team.refresh_from_db()
        roll = queries.roll_of_unit(None, team, quarter)
        amount = roll.commit + (roll.amounts["most_likely"] + roll.amounts["best_case"]) * Decimal("0.4")
        operations.submit_forecast(
            team=team, period=quarter, amount=amount.quantize(Decimal(1)), comment="", by=manager, at=at
        )
        member = random.choice(story.cast.team_of(team.pk))
        history = queries.history_of(("person", member.pk), quarter, manager)
        if history and random.random() < 0.6:
            call = (history[0].amount * Decimal("0.9")).quantize(Decimal(1))
            operations.submit_forecast(
                person=member, period=quarter, amount=call, comment="打九折看", by=manager, at=at
            )

    return happen
