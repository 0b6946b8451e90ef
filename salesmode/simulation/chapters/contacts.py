"""Sellers get to know the people at a customer: who uses it, who pays for it, and, if all goes well, who decides."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.simulation import words
from salesmode.simulation.story import Story, mobile, person_name

# How many more than the first one a seller meets, and how often each number.
MORE, HOW_OFTEN = (0, 1, 2, 3, 4), (13, 37, 28, 14, 8)
# Who has no decision maker among the people that a seller knows meets one next, this often.
FINDS_THE_DECIDER = 0.88
OTHERS = {
    "采购部": ["采购经理", "采购主管"],
    "仓储部": ["仓储经理", "仓库主管", "现场主管"],
    "信息部": ["IT 经理", "信息部主管"],
    "生产部": ["生产厂长", "计划经理"],
    "财务部": ["财务总监", "财务经理"],
}


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Look every week at who has become a customer, and plan whom their seller meets there."""
    monday = since + timedelta(days=7 - since.weekday())
    known = since
    while monday < story.until:
        story.plan(monday.replace(hour=8), partial(_look_around, story, random, known, monday))
        known, monday = monday, monday + timedelta(weeks=1)
    last = story.last_afternoon()
    story.plan(last, partial(_look_around, story, random, known, last))


def _look_around(story: Story, random: Random, since: datetime, until: datetime, at: datetime) -> None:
    found = Customer.objects.filter(created_at__gte=since, created_at__lt=until, merged_into=None)
    for customer in found.order_by("pk"):
        when = at
        for number in range(random.choices(MORE, HOW_OFTEN)[0]):
            story.plan(when, partial(_meet, random, customer.pk, number))
            when += timedelta(days=random.randint(4, 20), minutes=random.randint(0, 300))


def _meet(random: Random, customer_id: int, number: int, at: datetime) -> None:
    customer = Customer.objects.select_related("owner").get(pk=customer_id)
    seller = customer.owner
    if seller is None or customer.merged_into_id is not None:
        return
    decider = customer.contacts.filter(is_decision_maker=True).exists()
    decides = not decider and number < 2 and random.random() < FINDS_THE_DECIDER
    department = "管理层" if decides else random.choice(list(OTHERS))
    customers.create_contact(
        customer=customer,
        name=person_name(random),
        title=random.choice(sorted(words.DECIDERS) if decides else OTHERS[department]),
        department=department,
        mobile=mobile(random),
        is_decision_maker=decides,
        by=seller,
        at=at,
    )
