"""What the demonstration is to reach: each January targets for sellers, teams and company, shaped by the seasons."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from salesmode.people.models import Person
from salesmode.simulation.story import SEASON, Step, Story
from salesmode.targets import operations as targets
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.scorecard import LineDraft

A_YEAR = Decimal(1_050_000)
GROWTH = Decimal("1.25")
STEP = Decimal(10_000)
BUFFER = Decimal("0.94")
AWAY = 4
# Which score, which metric, its weight, its benchmark, and its cap in percent.
LINES = [
    ("activity", "interactions", 40, Decimal(5), 200),
    ("activity", "visits", 30, Decimal(1), 200),
    ("activity", "new_customers", 30, Decimal(1), 200),
    ("objective", "won_amount", 60, Decimal(90_000), 300),
    ("objective", "won_count", 20, Decimal(1), 300),
    ("objective", "win_rate", 20, Decimal("0.4"), 200),
]
SHARES = [round(Decimal(month) / Decimal(str(sum(SEASON))) * 100, 2) for month in map(str, SEASON)]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Let the director set every year's targets in its first working week, and say how people are measured."""
    for year in range(since.year, story.until.year + 1):
        begins = max(since, since.replace(year=year, month=1, day=4)) + timedelta(hours=30)
        story.plan(begins, _set_targets(story, year, year - since.year, random))

    story.plan(since + timedelta(hours=34), _measure_by_scorecard(story))
    for seller in random.sample(list(story.cast.sellers), min(AWAY, len(story.cast.sellers))):
        story.plan(story.until - timedelta(days=random.randint(5, 70)), _go_on_leave(story, seller.pk))


def _measure_by_scorecard(story: Story) -> Step:
    def happen(at: datetime) -> None:
        director = story.cast.by_role["director"]
        drafts = [
            LineDraft(score, code, Decimal(weight), benchmark, cap=Decimal(cap) if cap else None)
            for score, code, weight, benchmark, cap in LINES
        ]
        card = targets.define_scorecard(
            name="客户经理记分卡",
            description="过程看动作，结果看赢单；每周、每月各算一次。",
            lines=drafts,
            ramp=[25, 50, 75],
            by=director,
            at=at,
        )
        targets.use_scorecard(card, starts_on=at.date(), by=director, at=at)

    return happen


def _go_on_leave(story: Story, seller: int) -> Step:
    def happen(at: datetime) -> None:
        person = Person.objects.get(pk=seller)
        if not person.is_active:
            return
        first = at.date() - timedelta(days=at.weekday())
        targets.note_absence(
            person=person, first_on=first, last_on=first + timedelta(days=4), by=story.cast.by_role["director"], at=at
        )

    return happen


def _set_targets(story: Story, year: int, number: int, random: Random) -> Step:
    def happen(at: datetime) -> None:
        director = story.cast.by_role["director"]
        by_team: dict[int, Decimal] = defaultdict(Decimal)
        teams = {}
        for seller in story.cast.sellers:
            person = Person.objects.select_related("team").get(pk=seller.pk)
            wanted = A_YEAR * GROWTH**number * Decimal(str(round(story.cast.habits[seller.pk].workload, 3)))
            agree(Whose("person", person=person), wanted * Decimal(random.randint(92, 108)) / 100, year, director, at)
            if person.team is not None:
                by_team[person.team.pk] += wanted
                teams[person.team.pk] = person.team
        for key, team in teams.items():
            agree(Whose("team", team=team), by_team[key] * BUFFER, year, director, at)
        agree(Whose(), sum(by_team.values(), Decimal()) * BUFFER * BUFFER, year, director, at)

    return happen


def agree(whose: Whose, base: Decimal, year: int, director: Person, at: datetime, **how: Any) -> None:
    """Set the target of a year and let it hold."""
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
        **how,
        by=director,
        at=at,
    )
    targets.lock_target(targets.approve_target(drafted, by=director, at=at), by=director, at=at)
