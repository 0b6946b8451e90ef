"""Somebody joins the first team; a little later somebody leaves the west, and who has just joined there takes over."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.simulation import words
from salesmode.simulation.chapters.targets import agree
from salesmode.simulation.company import Habits, email_of
from salesmode.simulation.story import Story, person_name
from salesmode.targets.models import Whose

# How many days ago each came and went; the last weeks before leaving are for the hand-over.
JOINED, SUCCEEDED, LEFT = 76, 52, 41
LONG_ENOUGH = 120
FIRST_TEAM, WEST = 0, 3
# The third of the west: neither its star nor its beginner.
LEAVES = 2
RAMP = [25, 50, 75]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Put two who join and one who leaves on the agenda, in a story that is long enough to tell of them."""
    if (story.until - since).days < LONG_ENOUGH:
        return
    teams = list(story.cast.managers)
    for days, place in ((JOINED, FIRST_TEAM), (SUCCEEDED, WEST)):
        story.plan(_morning(story, days), partial(_join, story, teams[place], random))
    leaver = story.cast.team_of(teams[WEST])[LEAVES]
    story.plan(_morning(story, LEFT) + timedelta(hours=8, minutes=15), partial(_leave, story, leaver))


def _morning(story: Story, days: int) -> datetime:
    """Return the morning of a Monday, about so many days ago."""
    day = story.until - timedelta(days=days)
    return (day - timedelta(days=day.weekday())).replace(hour=9, minute=30, second=0, microsecond=0)


def _join(story: Story, team_id: int, random: Random, at: datetime) -> None:
    """Let somebody in, who sells less at first and carries a growing share of a target."""
    cast, team = story.cast, Team.objects.get(pk=team_id)
    known = set(Person.objects.values_list("name", flat=True))
    name = next(name for name in iter(lambda: person_name(random), None) if name not in known)
    about: dict[str, Any] = {"title": "销售代表", "started_on": at.date()}
    newcomer = people.create_person(
        email=email_of(name), name=name, role="seller", team=team, by=cast.by_role["operations"], at=at, **about
    )
    cast.sellers.append(newcomer)
    cast.places[newcomer.pk] = words.REGIONS[team.name]
    cast.habits[newcomer.pk] = Habits(skill=-0.04, diligence=0.9, speed=1.1, workload=0.8)
    whole = Decimal(1_000_000)
    agree(Whose("person", person=newcomer), whole, at.year, cast.by_role["director"], at, is_prorated=True, ramp=RAMP)


def _leave(story: Story, leaver: Person, at: datetime) -> None:
    """Close the door to somebody, and let who joined there last go on with everything."""
    cast = story.cast
    heir = cast.team_of(leaver.team_id or 0)[-1]
    cast.sellers.remove(leaver)
    cast.heirs[leaver.pk] = heir
    theirs = list(Customer.objects.filter(owner=leaver).order_by("pk"))
    people.deactivate_person(leaver, hand_over_to=heir, by=cast.by_role["operations"], at=at)
    for customer in theirs:
        customers.pass_visits_on(customer, former_owner_id=leaver.pk, by=cast.system, at=at)
