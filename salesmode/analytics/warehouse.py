"""The warehouse: facts in immutable Parquet parts, one builder, many readers. Only this file speaks DuckDB."""

# Names and files come from our own fact files and manifest, never from a request; values are bound.
# ruff: noqa: S608

import os
import re
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesmode.analytics import accounts, remembered
from salesmode.analytics import manifest as manifests
from salesmode.analytics.facts import FactFile
from salesmode.analytics.manifest import Fact, Manifest, Part, folder, keep
from salesmode.analytics.rollups import ROWS, Rollup

if TYPE_CHECKING:
    import duckdb

# What a fact's SELECT reads: everything an event says, with the time of day it was in the company.
EVENT_COLUMNS = {
    "event_id": "BIGINT",
    "name": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject_id": "BIGINT",
    "actor_id": "BIGINT",
    "happened_at": "TIMESTAMP",
    "local_at": "TIMESTAMP",
    "recorded_at": "TIMESTAMP",
    "facts": "JSON",
}
LONGEST_EVENT = 16_000_000
MERGE_AT = 8
# A part of so many rows is rolled up, unless a row of the roll-up would stand for fewer than so many of its rows.
ROLL_UP_AT = 50_000
WORTH_IT = 4
THREADS = max(1, min(4, os.cpu_count() or 1))
READER_MEMORY = os.environ.get("SALESMODE_READER_MEMORY", "1GB")
BUILDER_MEMORY = os.environ.get("SALESMODE_BUILDER_MEMORY", "1GB")


def _open(memory: str, threads: int) -> "duckdb.DuckDBPyConnection":
    # Here and not above: a web process that shows no number does without these 40 MB.
    import duckdb

    spill = folder() / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory, "temp_directory": str(spill)})
    db.execute("set enable_progress_bar = false")
    db.execute("set preserve_insertion_order = false")
    db.execute("set TimeZone = 'UTC'")
    # Give memory back to the machine after a query rather than keep it for the next.
    db.execute("set allocator_flush_threshold = '1MB'")
    db.execute("set allocator_background_threads = true")
    return db


@dataclass(frozen=True)
class Touched:
    """The things, deals say, that the parts of a manifest name in their column `each`."""

    each: str
    by: Manifest


# --- Reading ---------------------------------------------------------------------------------------------------------

_process: dict[str, Any] = {"pid": 0, "db": None}
_thread = threading.local()
_opening = threading.Lock()


def _reader() -> "duckdb.DuckDBPyConnection":
    """Return this thread's own cursor on the process's database in memory."""
    with _opening:
        if _process["pid"] != os.getpid():
            _process.update(pid=os.getpid(), db=_open(READER_MEMORY, THREADS))
            _process["db"].execute("set parquet_metadata_cache = true")
    if getattr(_thread, "pid", 0) != os.getpid():
        _thread.pid, _thread.cursor = os.getpid(), _process["db"].cursor()
    return _thread.cursor


def ask(
    sql: str,
    parameters: Mapping[str, Any],
    *,
    facts: Iterable[str],
    at: Manifest | None = None,
    rolled: Rollup | None = None,
    split: Sequence[tuple[date, date]] = (),
    within: tuple[date, date] | None = None,
    through_customers: bool = False,
    touched: Touched | None = None,
) -> list[tuple[Any, ...]]:
    """Return the rows that a query over fact tables gives; the tables it names are those of one manifest.

    With `rolled` its fact is read from there, but for the months that are split; with `within` parts whose rows are
    all dated before or after those days are left alone. `through_customers` has the customers ready that the owners
    asked about have, and of a roll-up's fact gives only what they see. With `touched` only rows of what it names.
    """
    held = at or manifests.current()
    if within is not None:
        held = _pruned(held, facts, within)
    query = f"with {', '.join(_tables(sql, facts, held, rolled, split, through_customers, touched))} {sql}"
    key = (str(folder()), query, repr(sorted(parameters.items())))
    found = remembered.recall(key)
    if found is None:
        begun = time.monotonic()
        # The parts of a manifest stay where they are for a minute and a half after it was swapped.
        found = _reader().execute(query, dict(parameters)).fetchall()
        remembered.remember(key, found, seconds=time.monotonic() - begun)
    return found


def _pruned(held: Manifest, facts: Iterable[str], within: tuple[date, date]) -> Manifest:
    named = {name: held.facts[name] for name in facts if name in held.facts}
    kept = {
        name: replace(fact, parts=tuple(part for part in fact.parts if part.overlaps(*within)))
        for name, fact in named.items()
    }
    return held.but(facts=held.facts | kept)


def _tables(
    sql: str,
    facts: Iterable[str],
    held: Manifest,
    rolled: Rollup | None,
    split: Sequence[tuple[date, date]],
    through_customers: bool,
    touched: Touched | None,
) -> Iterator[str]:
    """Yield the tables that a query reads; it says itself whether it asks after customers."""
    mergers = held.facts.get(accounts.MERGERS)
    any_merged = mergers is not None and bool(mergers.parts)
    if any_merged and (through_customers or "customer_id" in sql):
        yield f"{accounts.MERGERS} as ({_relation(accounts.MERGERS, held)})"
        yield accounts.SURVIVORS
    if through_customers:
        yield f"{accounts.KEEPERS} as ({_relation(accounts.KEEPERS, held)})"
        yield accounts.seen_customers(any_merged=any_merged)
    if touched is not None:
        named = [f"select {touched.each} from ({_relation(name, touched.by)})" for name in sorted(set(facts))]
        yield f"touched as ({' union all '.join(named)})"
    for name in sorted(set(facts)):
        rows = _relation(name, held, rolled, split, through_customers)
        if touched is not None:
            rows = f"select * from ({rows}) where {touched.each} in (select {touched.each} from touched)"
        is_rolled = rolled is not None and rolled.fact == name
        if any_merged and "customer_id" in sql and not is_rolled and names_customers(name, held):
            rows = rows if accounts.reckons_with_mergers(name) else accounts.surviving(rows)
        yield f"{name} as ({rows})"


def names_customers(name: str, held: Manifest) -> bool:
    """Say whether the rows of a fact table name a customer."""
    fact = held.facts.get(name)
    return any(column == "customer_id" for column, _kind in (fact.columns if fact else shape(name)))


def _relation(
    name: str,
    held: Manifest,
    rolled: Rollup | None = None,
    split: Sequence[tuple[date, date]] = (),
    through_customers: bool = False,
) -> str:
    fact = held.facts.get(name)
    if fact is None:
        columns = shape(name)
    elif fact.parts and rolled is not None and rolled.fact == name:
        return _rolled_up(fact, rolled, split, through_customers)
    elif fact.parts:
        return f"select * from read_parquet({_files(fact.parts)})"
    else:
        columns = fact.columns
    if rolled is not None and rolled.fact == name:
        columns = (*columns, (ROWS, "BIGINT"))
    nothing = ", ".join(f'null::{kind} as "{column}"' for column, kind in columns)
    return f"select {nothing} where false"


def _rolled_up(fact: Fact, rollup: Rollup, split: Sequence[tuple[date, date]], through_customers: bool) -> str:
    """Return whole months from the roll-up, the rows of split months, and the parts that are not rolled up.

    A roll-up knows owners but no customers: what is seen only through a customer is added from the rows.
    """
    given = ", ".join(("local_at", *rollup.keys, *rollup.sums))
    rows = f"select {given}, 1 as {ROWS} from read_parquet"
    made = [(part, part.rolled_up(rollup.version)) for part in fact.parts]
    files, alone = [file for _part, file in made if file], [part for part, file in made if not file]
    seen, own = (f" and {accounts.SEEN}", f" and {accounts.OWN}") if through_customers else ("", "")
    pieces = [f"{rows}({_files(alone)}) where true{seen}"] if alone else []
    if files:
        # Only days of our own making are written into the query.
        within = " or ".join(f"local_at >= date '{first}' and local_at < date '{until}'" for first, until in split)
        listed = ", ".join(_quoted(folder() / file) for file in files)
        whole = f"not ({within})" if split else "true"
        pieces.append(f"select {given}, {ROWS} from read_parquet([{listed}]) where {whole}{own}")
        beneath = f"{rows}({_files([part for part, file in made if file])})"
        if split:
            pieces.append(f"{beneath} where ({within}){seen}")
        if through_customers:
            pieces.append(f"{beneath} where {whole} and {accounts.ONLY_THROUGH_A_CUSTOMER}")
    return " union all ".join(pieces)


def _files(parts: Iterable[Part]) -> str:
    return "[" + ", ".join(_quoted(folder() / part.file) for part in parts) + "]"


def _quoted(value: str | Path) -> str:
    text = str(value).replace("'", "''")
    return f"'{text}'"


_shapes: dict[str, tuple[tuple[str, str], ...]] = {}


def shape(name: str) -> tuple[tuple[str, str], ...]:
    """Return the typed columns of a fact table that holds nothing yet."""
    from salesmode.analytics.facts import declared

    fact = declared()[name]
    if fact.version not in _shapes:
        with Builder("UTC") as builder:
            _shapes[fact.version] = builder.describe(fact)
    return _shapes[fact.version]


def _describe(db: "duckdb.DuckDBPyConnection", fact: FactFile, zone: str) -> tuple[tuple[str, str], ...]:
    _declare_events(db, zone)
    rows = db.execute(f"describe {fact.sql}").fetchall()
    return tuple((row[0], row[1]) for row in rows)


def _declare_events(db: "duckdb.DuckDBPyConnection", zone: str) -> None:
    columns = ", ".join(f"{column} {kind}" for column, kind in EVENT_COLUMNS.items())
    db.execute(f"create or replace temp table new_events ({columns})")
    db.execute(f"create or replace temp macro local_time(moment) as (moment::timestamptz at time zone {_quoted(zone)})")


_SAID = re.compile(r"facts((?:->'[a-z_]+')*)->>'([a-z_]+)'")


def parsed_once(select: str) -> str:
    """Return the same SELECT reading each event's JSON once for all its columns: five times as fast."""
    paths: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        inside = [part.strip("'") for part in found[1].split("->") if part]
        return f"said[{paths.setdefault('.'.join(['$', *inside, found[2]]), len(paths) + 1)}]"

    placed = _SAID.sub(place, select)
    wanted = ", ".join(f"'{path}'" for path in paths)
    return placed.replace("from new_events", f"from (select *, facts->>[{wanted}] as said from new_events)")


# --- Building --------------------------------------------------------------------------------------------------------


class Builder:
    """Turns batches of events into parts; holds nothing that a crash could lose."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.written: list[str] = []
        self.db = _open(BUILDER_MEMORY, THREADS)

    def __enter__(self) -> "Builder":
        return self

    def __exit__(self, *what: object) -> None:
        self.db.close()

    def undo(self) -> None:
        """Remove what was written and never came into the manifest."""
        facts = manifests.current().facts.values()
        known = {file for fact in facts for part in fact.parts for file in part.files}
        for file in set(self.written) - known:
            (folder() / file).unlink(missing_ok=True)

    def describe(self, fact: FactFile) -> tuple[tuple[str, str], ...]:
        """Return the typed columns that a fact's SELECT gives."""
        return _describe(self.db, fact, self.zone)

    def take(self, csv: Path) -> frozenset[str]:
        """Take one batch of events; returns their names."""
        _declare_events(self.db, self.zone)
        columns = ", ".join(f"'{column}': '{kind}'" for column, kind in EVENT_COLUMNS.items())
        self.db.execute(
            f"insert into new_events select * from read_csv({_quoted(csv)}, columns = {{{columns}}}, header = false, "
            f"""auto_detect = false, delim = ',', quote = '"', escape = '"', max_line_size = {LONGEST_EVENT})"""
        )
        return frozenset(name for (name,) in self.db.execute("select distinct name from new_events").fetchall())

    def add(self, fact: FactFile) -> Part | None:
        """Write what the batch adds to one fact table, or nothing."""
        return self._write(fact.name, parsed_once(fact.sql))

    def merge(self, name: str, fact: Fact) -> tuple[Fact, list[str]]:
        """Merge many small parts of like size into one; returns the fact and the files no longer needed."""
        bins: dict[int, list[Part]] = {}
        for part in fact.parts:
            bins.setdefault(part.rows.bit_length() // 3, []).append(part)
        crowded = next((parts for parts in bins.values() if len(parts) >= MERGE_AT), None)
        if crowded is None:
            return fact, []
        times = [column for column, kind in fact.columns if kind == "TIMESTAMP"][:1]
        order = f" order by {times[0]}" if times else ""
        merged = self._write(name, f"select * from read_parquet({_files(crowded)}){order}")
        kept = tuple(part for part in fact.parts if part not in crowded)
        again, retired = self.merge(
            name, Fact(fact.sql, fact.columns, (*kept, *([merged] if merged else [])), fact.position)
        )
        return again, [*(file for part in crowded for file in part.files), *retired]

    def roll_up(self, fact: Fact, rollups: Sequence[Rollup]) -> Fact:
        """Roll up the parts that are large enough and not rolled up yet."""
        parts = [part if part.rows < ROLL_UP_AT else self._rolled_up(part, fact, rollups) for part in fact.parts]
        return replace(fact, parts=tuple(parts))

    def _rolled_up(self, part: Part, fact: Fact, rollups: Sequence[Rollup]) -> Part:
        made = {rollup.version: self._roll(part, fact, rollup) for rollup in rollups if not _has(part, rollup)}
        wanted = {rollup.version for rollup in rollups}
        kept = tuple(pair for pair in part.rollups if pair[0] in wanted)
        return replace(part, rollups=(*kept, *made.items())) if made else part

    def _roll(self, part: Part, fact: Fact, rollup: Rollup) -> str:
        kinds = dict(fact.columns)
        keys = ", ".join(rollup.keys)
        # Parquet has no integers as wide as a sum of them; a sum of decimals keeps its places.
        sums = "".join(
            f", sum({name}){'' if kinds[name].startswith('DECIMAL') else '::bigint'} as {name}" for name in rollup.sums
        )
        made = self._write(
            rollup.fact,
            f"select date_trunc('month', local_at)::timestamp as local_at, {keys}{sums}, count(*) as {ROWS}"
            f" from read_parquet({_files([part])}) group by date_trunc('month', local_at), {keys}",
        )
        if made is not None and made.rows * WORTH_IT > part.rows:
            (folder() / made.file).unlink()
            return ""
        return made.file if made else ""

    def _write(self, name: str, select: str) -> Part | None:
        (folder() / name).mkdir(exist_ok=True)
        relative = f"{name}/part-{secrets.token_hex(8)}.parquet"
        file = folder() / relative
        self.written.append(relative)
        rows = self.db.execute(f"copy ({select}) to {_quoted(file)} (format parquet, compression zstd)").fetchone()[0]  # type: ignore[index]
        if not rows:
            file.unlink()
            return None
        keep(file)
        keep(file.parent)
        first, last = self._dated(file)
        return Part(relative, rows, file.stat().st_size, first=first, last=last)

    def _dated(self, file: Path) -> tuple[str, str]:
        """Return the first and the last moment of a file's rows, nothing where a row has none."""
        query = f"select min(local_at), max(local_at), count(*) = count(local_at) from {_quoted(file)}"
        first, last, are_all_dated = self.db.execute(query).fetchone()  # type: ignore[misc]
        return (first.isoformat(), last.isoformat()) if are_all_dated else ("", "")

    def write_select(self, name: str, select: str) -> Part | None:
        """Write the rows of any SELECT as a part, as benchmarks do."""
        return self._write(name, select)


def _has(part: Part, rollup: Rollup) -> bool:
    return any(version == rollup.version for version, _file in part.rollups)


def columns_of(fact: Fact) -> Sequence[str]:
    """Return the names of a fact table's columns."""
    return [column for column, _ in fact.columns]
