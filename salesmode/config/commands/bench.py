"""`salesmode bench`: what the product's work costs on this machine, beside the least that it could cost."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json, product, say

SIZES = ("S", "peers", "crowd", "M", "L")
PARTS = ("pages", "programs", "import", "numbers")
EXAMPLE = "salesmode bench --size S --only pages --json"


@a_command(example=EXAMPLE, database="none", name="bench")
@click.option("--size", type=click.Choice(SIZES), default="S", show_default=True, help="How much data.")
@click.option("--small", is_flag=True, help="A handful of data, one process: only to see that everything runs.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only this part; may be repeated.")
@json_option
def command(size: str, small: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Measure in a data folder of its own, thrown away afterwards; no figure is a test."""
    with tempfile.TemporaryDirectory(prefix="salesmode-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["SALESMODE_DATA"] = folder
        os.environ.pop("SALESMODE_DATABASE_URL", None)
        with product("migrated"):
            rows = list(_measured("tiny" if small else size, Path(folder), only or PARTS))
    if not rows:
        fail("Nothing was measured.")
    if as_json:
        load = os.getloadavg()[0]
        print_json({"size": "tiny" if small else size, "load": load, "figures": [row.document() for row in rows]})
    else:
        _show(rows)


def _measured(size: str, folder: Path, parts: tuple[str, ...]) -> Iterator[Any]:
    import logging

    from django.utils.timezone import now

    from salesmode.config.bench import Figure, intake, numbers, pages, programs, scorecards
    from salesmode.simulation import load

    logging.disable(logging.INFO)
    small, peers = size == "tiny", size == "peers"
    times = 3 if small else 60
    if size == "L":
        say("10,000,000 deals, their facts alone; this takes some minutes ...")
        yield from numbers.figures(folder, size, 5, peers=False)
        return
    begun = time.perf_counter()
    made = load.load(load.SIZES[size], until=now(), progress=lambda name, count: say(f"{count:>12,} {name}"))
    seconds = round(time.perf_counter() - begun, 1)
    yield Figure("simulate and load", seconds, "s", 900, intake.copied(sum(made.values())), "COPY of as many events")
    say(f"{sum(made.values()):,} rows; measuring ...")
    if size in ("tiny", "crowd") and "numbers" in parts:
        yield from pages.cockpit_of_many(folder, size, min(times, 20))
    if size == "crowd":
        return
    if "pages" in parts:
        yield from pages.figures(times, peers=peers)
    if "programs" in parts:
        yield from programs.figures(20 if small else 1_000, over_http=not small)
    if "import" in parts:
        yield from intake.figures(folder, 500 if small else 100_000)
    if "numbers" in parts:
        yield from scorecards.figures(20 if small else 1_000)
        yield from numbers.figures(folder, "S" if peers else size, 3 if small else 20, peers=peers)


def _show(rows: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="salesmode bench")
    for name in ("Work", "Figure", "Target", "Limit", "Ratio", ""):
        table.add_column(name, justify="right" if name in ("Figure", "Ratio") else "left")
    for row in rows:
        sign = "≤" if row.better == "less" else "≥"
        verdict = "" if row.passes is None else "pass" if row.passes else "miss"
        table.add_row(
            row.name,
            f"{row.value:,} {row.unit}",
            "" if row.target is None else f"{sign} {row.target:,}",
            "" if row.limit is None else f"{row.limit:,} {row.limit_is}",
            "" if row.ratio is None else f"{row.ratio:,}",
            verdict,
        )
    Console(width=None if os.isatty(1) else 140).print(table)
