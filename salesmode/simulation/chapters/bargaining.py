"""Customers bargain and wait: open deals grow, shrink, slip and come early, as the change of the pipeline tells."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from salesmode.simulation.story import Story

# How long ago it begins, and how often something comes of a deal in a week.
WEEKS, SHARE = 15, 0.09
# What comes of it, and how often each.
TURNS, HOW_OFTEN = ("slips", "comes_early", "grows", "shrinks"), (44, 16, 22, 18)


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Look each week of the last months at the deals that are open."""
    friday = story.until - timedelta(days=(story.until.weekday() - 4) % 7)
    for weeks in range(WEEKS):
        when = (friday - timedelta(weeks=weeks)).replace(hour=15, minute=40)
        if since < when < story.until:
            story.plan(when, partial(_bargain, random))


def _bargain(random: Random, at: datetime) -> None:
    for deal in Deal.objects.open().select_related("owner").order_by("pk"):
        if random.random() < SHARE and (seller := deal.owner) is not None:
            _turn(deal, seller, random.choices(TURNS, HOW_OFTEN)[0], random, at)


def _turn(deal: Deal, seller: Person, turn: str, random: Random, at: datetime) -> None:
    if turn in {"slips", "comes_early"}:
        days = random.randint(14, 50) if turn == "slips" else -random.randint(7, 21)
        expected = max((deal.closes_on or at.date()) + timedelta(days=days), at.date() + timedelta(days=3))
        selling.amend_deal(deal, closes_on=expected, by=seller, at=at)
        return
    drafts = [
        selling.LineDraft(line.product, line.quantity, line.price, line.discount)
        for line in deal.lines.select_related("product").order_by("position")
    ]
    if not drafts:
        return
    last = drafts[-1]
    more = Decimal(random.randint(1, 3)) if turn == "grows" else Decimal(0)
    less = Decimal(random.choice((3, 5, 8))) if turn == "shrinks" else Decimal(0)
    drafts[-1] = selling.LineDraft(
        last.product, last.quantity + more, last.price, min(last.discount + less, Decimal(30))
    )
    selling.set_deal_lines(deal, lines=drafts, by=seller, at=at)
