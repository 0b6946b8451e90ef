"""What the demonstration is to reach: each January targets for sellers, teams and company, shaped by the seasons."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from salesmode.people.models import Person
from salesmode.simulation.story import SEASON, Step, Story
from salesmode.targets import operations as targets
from salesmode.targets.models import Target, Whose

A_YEAR = Decimal(1_050_000)
GROWTH = Decimal("1.12")
STEP = Decimal(10_000)
BUFFER = Decimal("0.94")
SHARES = [round(Decimal(month) / Decimal(str(sum(SEASON))) * 100, 2) for month in map(str, SEASON)]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Let the director set every year's targets in its first working week, and the year's before the first one."""
    for year in range(since.year, story.until.year + 1):
        begins = max(since, since.replace(year=year, month=1, day=4)) + timedelta(hours=30)
        story.plan(begins, _set_targets(story, year, year - since.year, random))


def _set_targets(story: Story, year: int, number: int, random: Random) -> Step:
    def happen(at: datetime) -> None:
        director = story.cast.by_role["director"]
        by_team: dict[int, Decimal] = defaultdict(Decimal)
        teams = {}
        for seller in story.cast.sellers:
            person = Person.objects.select_related("team").get(pk=seller.pk)
            wanted = A_YEAR * GROWTH**number * Decimal(str(round(story.cast.habits[seller.pk].workload, 3)))
            _agree(Whose("person", person=person), wanted * Decimal(random.randint(92, 108)) / 100, year, director, at)
            if person.team is not None:
                by_team[person.team.pk] += wanted
                teams[person.team.pk] = person.team
        for key, team in teams.items():
            _agree(Whose("team", team=team), by_team[key] * BUFFER, year, director, at)
        _agree(Whose(), sum(by_team.values(), Decimal()) * BUFFER * BUFFER, year, director, at)

    return happen


def _agree(whose: Whose, base: Decimal, year: int, director: Person, at: datetime) -> None:
    base = (base / STEP).quantize(Decimal(1)) * STEP
    shares = [*SHARES[:-1], 100 - sum(SHARES[:-1])]
    drafted = targets.set_target(
        metric="won_amount",
        year=year,
        whose=whose,
        distribution=Target.Distribution.SHARES,
        shares=shares,
        base=base,
        stretch=base * Decimal("1.15"),
        challenge=base * Decimal("1.3"),
        by=director,
        at=at,
    )
    targets.lock_target(targets.approve_target(drafted, by=director, at=at), by=director, at=at)
