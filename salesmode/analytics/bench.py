"""What `salesmode bench` measures here: metrics and cards on synthetic parts, next to bare DuckDB on the same parts."""

# The SQL put together here is source code.
# ruff: noqa: S608

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from salesmode.analytics import manifest as manifests
from salesmode.analytics import remembered, warehouse
from salesmode.analytics.facts import declared
from salesmode.analytics.manifest import Fact, Manifest
from salesmode.analytics.measure import Request, measure, measure_many
from salesmode.analytics.rollups import ROLLUPS
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period

# Deals of each size; five events each.
SIZES = {"tiny": 2_000, "S": 60_000, "M": 1_000_000, "crowd": 5_000_000, "L": 10_000_000}
OWNERS = 500
CHUNK = 1_000_000
FIRST = date(2023, 1, 1)
YEAR = "2025"
CARDS = (
    "won_amount",
    "won_count",
    "win_rate",
    "win_rate_value",
    "average_won_value",
    "lost_count",
    "open_pipeline",
    "weighted_pipeline",
    "open_deals",
    "new_deals",
    "median_cycle",
    "push_count",
)

# One made-up deal a row: opened over three years, nine of ten decided within 120 days, half of those won.
_DEALS = """
select id as deal_id, {owner} as owner_id, id % 40 + 1 as team_id, id % 50000 + 1 as customer_id,
       1 as process_id, id % 5 + 1 as stage_id, id % 60 + 1 as product_id,
       ['web', 'fair', 'call', 'partner'][id % 4 + 1] as source,
       (hash(id) % 9000000 / 100 + 1000)::decimal(18, 3) as amount, hash(id, 1) % 10 > 0 as is_decided,
       hash(id, 2) % 2 = 0 as is_won,
       timestamp '2023-01-01' + to_seconds((id * 94608000.0 / {deals})::bigint) as opened,
       to_seconds((hash(id, 3) % 10368000)::bigint) as lasting
from range({low}, {high}) numbers(id)
"""
_PARTS = {
    "deal_outcomes": """
        select opened + lasting as local_at, deal_id, 1::tinyint as deals, is_won, amount,
               epoch(lasting) / 86400 as cycle_days, owner_id, team_id, customer_id, process_id, stage_id, product_id,
               source, '' as province, '' as industry, null::bigint as loss_reason_id, null::date as closes_on
        from ({deals}) where is_decided
    """,
    "deal_ledger": """
        select local_at, deal_id * 4 + place as event_id, step, deal_id, sign::tinyint as deals,
               (sign * amount)::decimal(18, 3) as amount,
               (sign * amount / 2)::decimal(18, 5) as weighted, owner_id, customer_id, process_id, stage_id,
               'pipeline' as category, product_id, source, null::date as closes_on
        from (select *, unnest([opened, opened + lasting / 2, opened + lasting / 2, opened + lasting]) as local_at,
                     unnest([0, 1, 1, 2]) as place, unnest(['opened', 'moved', 'moved', 'won']) as step,
                     unnest([1, -1, 1, -1]) as sign, unnest([true, true, true, is_decided]) as counts from ({deals}))
        where counts
    """,
    "stage_entries": """
        select opened as local_at, deal_id as event_id, deal_id, true as is_opening, process_id, 1::bigint as stage_id,
               1::smallint as position, amount, owner_id, team_id, customer_id, product_id, source, '' as province,
               '' as industry from ({deals})
    """,
    "deal_pushes": """
        select opened + lasting / 3 as local_at, deal_id, opened::date as former_closes_on,
               opened::date + 30 as closes_on, amount,
               process_id, stage_id, owner_id, team_id, product_id, source, customer_id, '' as province, '' as industry
        from ({deals}) where deal_id % 5 = 0
    """,
    "customer_keepers": """
        select timestamp '2023-01-01' as local_at, deal_id as event_id, customer_id,
               {keeper} as owner_id from ({deals}) where deal_id < 50000
    """,
}


@dataclass(frozen=True)
class Figure:
    """One figure of the bench: milliseconds of ours, of bare DuckDB on the same parts, and their ratio."""

    name: str
    size: str
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        """Return how many times as long ours takes."""
        return round(self.ours / self.bare, 2) if self.bare else 0.0


def run(size: str, place: Path, *, times: int = 5) -> list[Figure]:
    """Make the parts of a size in a folder, measure, and throw them away."""
    with manifests.kept_in(place):
        try:
            build(size)
            return figures(size, times=times)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def build(size: str, *, owners: Sequence[int] = ()) -> dict[str, int]:
    """Write the parts of a size straight through the warehouse, by made-up owners or those given.

    Returns rows by fact table.
    """
    deals = SIZES[size]
    owner, keeper = (
        f"{list(owners)}[{number} % {len(owners)} + 1]::bigint" if owners else f"{number} % {OWNERS} + 1"
        for number in ("id", "customer_id")
    )
    with manifests.building(), warehouse.Builder("UTC") as builder:
        facts = {name: Fact(file.version, builder.describe(file), position=0) for name, file in declared().items()}
        for low in range(0, deals, CHUNK):
            made = _DEALS.format(owner=owner, deals=deals, low=low, high=min(deals, low + CHUNK))
            for name, select in _PARTS.items():
                rows = select.format(deals=made, keeper=keeper)
                part = builder.write_select(name, f"from ({rows}) order by local_at")
                if part is not None:
                    facts[name] = replace(facts[name], parts=(*facts[name].parts, part))
        facts = {name: builder.roll_up(fact, ROLLUPS.get(name, ())) for name, fact in facts.items()}
        manifests.swap(Manifest({"zone": "UTC"}, 0, datetime.now(UTC).isoformat(), facts))
    return {name: facts[name].rows for name in _PARTS}


def go_on(deals: int = 1) -> None:
    """Open some more deals and win them, in parts of their own as the loader makes them."""
    held = manifests.current()
    with manifests.building(), warehouse.Builder("UTC") as builder:
        facts = dict(held.facts)
        for name in ("stage_entries", "deal_outcomes", "deal_ledger"):
            newest = facts[name].parts[0].file
            rows = f"from read_parquet('{manifests.folder() / newest}') limit {deals}"
            last = max(part.last for part in facts[name].parts)
            part = builder.write_select(name, f"select * replace (timestamp '{last}' as local_at) {rows}")
            if part is not None:
                facts[name] = replace(facts[name], parts=(*facts[name].parts, part))
        manifests.swap(held.but(facts=facts))


def figures(size: str, *, times: int = 5) -> list[Figure]:
    """Measure on the parts there are, each piece of work next to its bare twin."""
    company = Company(time_zone="UTC")
    year = Period.parse(YEAR, company=company)
    pairs: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("metric_month_owner", lambda: by_month_and_owner(year), bare_by_month_and_owner),
        ("metric_by_owner", lambda: measure("won_amount", year, by="person", series=False), bare_by_owner),
        ("cockpit_cards", lambda: cockpit_cards(year), bare_cockpit_cards),
    ]
    found = [Figure(name, size, _milliseconds(ours, times), _milliseconds(bare, times)) for name, ours, bare in pairs]
    again = _milliseconds(lambda: cockpit_cards(year), times, anew=False)
    return [*found, Figure("cockpit_cards_again", size, again, found[-1].bare)]


def _milliseconds(work: Callable[[], Any], times: int, *, anew: bool = True) -> float:
    """Return the median of some runs; what an earlier one learnt is forgotten, unless it is not anew."""
    work()
    taken = []
    for _each in range(times):
        if anew:
            remembered.forget()
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(median(taken), 1)


def by_month_and_owner(year: Period) -> Any:
    """Measure the won amount of every owner in every month of a year."""
    return measure("won_amount", year, by="month,person", series=False).breakdown


def bare_by_month_and_owner() -> Sequence[Any]:
    """Ask bare DuckDB the same."""
    return _bare(
        "select date_trunc('month', local_at) as month, owner_id, sum(amount) filter (is_won) from deal_outcomes"
        " where local_at >= date '2025-01-01' and local_at < date '2026-01-01' group by month, owner_id",
        "deal_outcomes",
    )


def bare_by_owner() -> Sequence[Any]:
    """Ask bare DuckDB for the won amount of every owner in a year."""
    return _bare(
        "select owner_id, sum(amount) filter (is_won) from deal_outcomes"
        " where local_at >= date '2025-01-01' and local_at < date '2026-01-01' group by owner_id",
        "deal_outcomes",
    )


def cockpit_cards(year: Period) -> Any:
    """Measure twelve cards with their course, what they compare with, and a breakdown by owner."""
    asked = [Request(code, by="person", series=True) for code in CARDS]
    return measure_many(asked, year, compare="previous")


def bare_cockpit_cards() -> list[Sequence[Any]]:
    """Ask bare DuckDB one query a card: by owner for two years, and by month."""
    spans = "local_at >= date '2024-01-01' and local_at < date '2026-01-01'"
    answers = []
    for expression, table, condition in (
        ("sum(amount) filter (is_won)", "deal_outcomes", spans),
        ("sum(deals) filter (is_won)", "deal_outcomes", spans),
        ("sum(deals) filter (is_won) / sum(deals)", "deal_outcomes", spans),
        ("sum(amount) filter (is_won) / sum(amount)", "deal_outcomes", spans),
        ("avg(amount) filter (is_won)", "deal_outcomes", spans),
        ("sum(deals) filter (not is_won)", "deal_outcomes", spans),
        ("sum(amount)", "deal_ledger", "local_at < date '2026-01-01'"),
        ("sum(weighted)", "deal_ledger", "local_at < date '2026-01-01'"),
        ("sum(deals)", "deal_ledger", "local_at < date '2026-01-01'"),
        ("count(*)", "stage_entries", spans),
        ("median(cycle_days) filter (is_won)", "deal_outcomes", spans),
        ("count(*)", "deal_pushes", spans),
    ):
        answers.append(
            _bare(
                f"select date_trunc('month', local_at) as month, year(local_at) as y, owner_id, {expression}"
                f" from {table} where {condition} group by grouping sets ((month), (y), (y, owner_id))",
                table,
            )
        )
    return answers


def _bare(sql: str, *facts: str) -> Sequence[Any]:
    return warehouse.ask(sql, {}, facts=facts)
