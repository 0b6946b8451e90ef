"""What the sellers have before them today and on the next workdays: visits to make, people to call."""

from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer, Visit, VisitType
from salesmode.kernel.holidays import is_workday
from salesmode.people.models import Person
from salesmode.simulation.chapters.rhythm import PURPOSES
from salesmode.simulation.story import Story

# How many visits on each of the next workdays, and how many people to call today.
VISITS, CALLS = (2, 1, 1), 2


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Let everybody make their plans on the last afternoon."""
    story.plan(story.last_afternoon(time(16)), partial(_make_plans, story, random))


def _make_plans(story: Story, random: Random, at: datetime) -> None:
    kinds = list(VisitType.objects.order_by("pk"))
    days = _next_workdays(story)
    for seller in story.cast.sellers:
        known = list(Customer.objects.filter(owner=seller, merged_into=None).select_related("owner").order_by("pk"))
        random.shuffle(known)
        taken = set(
            Visit.objects.standing().filter(owner=seller, planned_on__in=days).values_list("customer", flat=True)
        )
        free = [customer for customer in known if customer.pk not in taken]
        for day, often in zip(days, VISITS, strict=True):
            for customer in [free.pop() for _each in range(min(often, len(free)))]:
                kind, purpose = random.choice(kinds) if kinds else None, random.choice(PURPOSES)
                customers.plan_visit(customer, planned_on=day, type=kind, purpose=purpose, by=seller, at=at)
        _call(story, random, seller, free, at)


def _call(story: Story, random: Random, seller: Person, free: list[Customer], at: datetime) -> None:
    for customer in free[:CALLS]:
        clock = time(random.choice((10, 11, 14, 15, 16)), random.choice((0, 15, 30, 45)))
        when = datetime.combine(_next_workdays(story)[0], clock, tzinfo=at.tzinfo)
        customers.schedule_follow_up(customer, next_contact_at=when, by=seller, at=at)


def _next_workdays(story: Story) -> list[date]:
    """Return today, or the next workday where nobody works today, and the workdays after it."""
    day, found = story.until.date(), list[date]()
    while len(found) < len(VISITS):
        if is_workday(day, "CN"):
            found.append(day)
        day += timedelta(days=1)
    return found
