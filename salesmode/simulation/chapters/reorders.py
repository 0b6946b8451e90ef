"""Customers who know the company buy again: maintenance, handhelds, some days of service, decided within weeks."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from salesmode.customers.models import Customer
from salesmode.kernel.periods import add_months
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from salesmode.simulation import words
from salesmode.simulation.story import Story, order_from

MONTHS = 9
# How many of them each seller opens in a month, and how often each number: more where the team works by figures.
A_MONTH, HOW_OFTEN, BY_FIGURES = (0, 1, 2, 3), (30, 50, 17, 3), (5, 25, 40, 30)
WINS = 0.72
# At which stage they begin, and how many days each stage takes.
BEGINS, DAYS = 1, 13
TITLES = {"SVC-Y": "年度维护续约", "SVC-T": "增购实施服务", "PDA-5": "增购手持终端"}


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Look every month at the customers of each seller."""
    this = story.until.date().replace(day=1)
    for back in range(MONTHS):
        month = add_months(this, -back)
        when = datetime(month.year, month.month, 1, 9, 20, tzinfo=story.until.tzinfo)
        if when > since + timedelta(days=60):
            story.plan(when, partial(_begin_month, story, random))


def _begin_month(story: Story, random: Random, at: datetime) -> None:
    first_team = next(iter(story.cast.managers))
    for seller in story.cast.sellers:
        how_often = BY_FIGURES if seller.team_id == first_team else HOW_OFTEN
        for _again in range(random.choices(A_MONTH, how_often)[0]):
            day = at + timedelta(days=random.uniform(0, 26), minutes=random.randint(0, 400))
            story.plan(day, partial(_open, story, random, seller.pk))


def _open(story: Story, random: Random, seller_id: int, at: datetime) -> None:
    theirs = Customer.objects.filter(owner=seller_id, merged_into=None, created_at__lt=at - timedelta(days=45))
    found = list(theirs.select_related("owner").prefetch_related("contacts").order_by("pk"))
    if not found:
        return
    customer = random.choice(found)
    code, line = _line(story, random)
    assert customer.owner is not None
    deal = selling.open_deal(
        title=f"{customer.name[:6].removesuffix('有限')} {TITLES[code]}",
        customer=customer,
        contact=min(customer.contacts.all(), key=lambda contact: contact.pk, default=None),
        owner=customer.owner,
        stage=list(story.cast.process.stages.order_by("position"))[BEGINS],
        lines=[line],
        closes_on=(at + timedelta(days=3.5 * DAYS)).date(),
        source=customer.source,
        next_step=random.choice(words.NEXT_STEPS),
        by=customer.owner,
        at=at,
    )
    story.plan(at + timedelta(days=random.uniform(0.5, 1.5) * DAYS), partial(_go_on, story, random, deal, BEGINS + 1))


def _line(story: Story, random: Random) -> tuple[str, selling.LineDraft]:
    products = {product.code: product for product in story.cast.products}
    code = random.choices(list(TITLES), (40, 25, 35))[0]
    least, most = {"SVC-Y": (1, 2), "SVC-T": (8, 25), "PDA-5": (6, 25)}[code]
    discount = Decimal(random.choice((0, 0, 3, 5)))
    return code, selling.LineDraft(products[code], Decimal(random.randint(least, most)), None, discount)


def _go_on(story: Story, random: Random, deal: Deal, stage: int, at: datetime) -> None:
    deal.refresh_from_db()
    seller = deal.owner
    if not deal.is_open or seller is None:
        return
    stages = list(story.cast.process.stages.order_by("position"))
    if stage < len(stages) - 1:
        selling.move_deal(deal, stage=stages[stage], by=seller, at=at)
        following = at + timedelta(days=random.uniform(0.5, 1.5) * DAYS)
        story.plan(following, partial(_go_on, story, random, deal, stage + 1))
    elif random.random() < WINS:
        selling.win_deal(deal, by=seller, at=at)
        story.plan(story.later(at, 4), order_from(story, deal, seller, at_once=True))
    else:
        selling.lose_deal(deal, reason=random.choice(story.cast.reasons[1:]), competitor="", by=seller, at=at)
