"""`salesmode simulate`: load a made-up company of a given size into an empty data folder."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json, say

SIZES = ("tiny", "S", "peers", "M")


@a_command(example="salesmode simulate --data ./load --size S --seed 7 --json", name="simulate")
@click.option("--size", type=click.Choice(SIZES), default="S", show_default=True, help="How large a company.")
@click.option("--customers", type=click.IntRange(1), help="So many customers instead of the size's.")
@click.option("--deals", type=click.IntRange(1), help="So many deals instead of the size's.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same company.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last of its 730 days (default: today).")
@json_option
def command(
    size: str, customers: int | None, deals: int | None, seed: int, until: datetime | None, as_json: bool
) -> None:
    """Load a company of a size, with its history, straight into an empty database."""
    from django.conf import settings
    from django.utils.timezone import get_current_timezone, now

    from salesmode.people.models import Person
    from salesmode.simulation import load

    if Person.objects.people().exists():
        fail("The data folder already holds a company. Choose an empty one with --data.")
    wanted: dict[str, Any] = {"customers": customers, "deals": deals}
    chosen = replace(load.SIZES[size], **{name: number for name, number in wanted.items() if number is not None})
    begun = time.perf_counter()
    moment = until.replace(tzinfo=get_current_timezone()) if until else now()
    made = load.load(chosen, until=moment, seed=seed, progress=lambda name, number: say(f"{number:>12,} {name}"))
    seconds = round(time.perf_counter() - begun, 1)
    if as_json:
        print_json({"size": size, "seed": seed, "seconds": seconds, "made": made})
    else:
        print(f"Loaded in {seconds:,} seconds into {settings.DATA_DIR}.")
