"""Metrics and cards, beside bare DuckDB on the same parts; and how soon a number knows what happened."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.utils.timezone import now

from salesmode.analytics import bench, loader
from salesmode.config.bench import Figure, freshness, p95
from salesmode.customers import operations as customers
from salesmode.people.models import Person

MOST_TIMES_BARE = 1.5


def figures(folder: Path, size: str, times: int, *, peers: bool) -> Iterator[Figure]:
    """Measure the metric engine on made-up parts, then how soon it knows what happens."""
    cards = {"M": 150, "L": 600}.get(size)
    for each in bench.run(size, folder / "parts", times=times):
        targets = {
            "metric_month_owner": 20 if peers else round(each.bare * MOST_TIMES_BARE, 1),
            "cockpit_cards": cards,
            "cockpit_cards_again": cards,
        }
        name = each.name.replace("_", " ")
        yield Figure(name, each.ours, "ms", targets.get(each.name), each.bare, "bare DuckDB, same parts")
    if size == "L":
        return
    loader.load_once()
    system, number = Person.objects.system(), iter(range(10_000))

    def happen() -> None:
        customers.create_customer(name=f"Bench {next(number)} {time.time()}", by=system, at=now())
        loader.load_once()

    yield Figure("event to metric, one at a time", p95(happen, min(times, 10)), "ms, p95", 3_000)
    tiny = size == "tiny"
    yield freshness.in_metric(2 if tiny else 20, 100 if tiny else 1_000)
