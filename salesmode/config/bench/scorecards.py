"""Scorecards of a large sales force: everybody's points in one look."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import localdate, now

from salesmode.analytics import loader, remembered
from salesmode.config.bench import Figure
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models.scorecard import LineDraft

SECONDS = 5
TREND = 5
LINES = {
    "activity": ("new_deals", "won_count", "interactions", "new_customers", "won_amount"),
    "objective": ("won_amount", "won_count", "win_rate", "average_won_value", "new_deals"),
}


def figures(how_many: int) -> Iterator[Figure]:
    """Measure the scorecards of so many people, five metrics a score, now and with the five periods before."""
    everybody = _people(how_many)
    director = Person.objects.filter(role=Person.Role.DIRECTOR).earliest("id")
    lines = [LineDraft(score, code, Decimal(20), Decimal(10)) for score, codes in LINES.items() for code in codes]
    card = targets.define_scorecard(name="Bench", lines=lines, by=director, at=now())
    since = localdate() - timedelta(days=400)
    targets.use_scorecard(card, starts_on=since, by=director, at=now())
    loader.load_once()
    for name, trend in (("", 0), (f", with the {TREND} periods before", TREND)):
        remembered.forget()
        begun = time.perf_counter()
        found = queries.scores(everybody, day=localdate(), trend=trend)
        took = round(time.perf_counter() - begun, 2)
        if len(found) != how_many:
            raise RuntimeError(f"{len(found)} of {how_many} people have a score.")
        yield Figure(f"scorecards of {how_many:,} people{name}", took, "s", None if trend else SECONDS)


def _people(how_many: int) -> list[Person]:
    """Return so many people, the missing ones hired for the occasion."""
    system = Person.objects.system()
    there = Person.objects.active().filter(role=Person.Role.SELLER).count()
    team = people.create_team(name="Bench", by=system, at=now())
    for number in range(there, how_many):
        people.create_person(
            email=f"bench-{number}@example.com", name=f"Bench {number}", role="seller", team=team, by=system, at=now()
        )
    return list(
        Person.objects.active().filter(role=Person.Role.SELLER).select_related("team").order_by("pk")[:how_many]
    )
