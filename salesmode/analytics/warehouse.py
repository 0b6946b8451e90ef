"""The warehouse: facts in immutable Parquet parts, one builder, many readers. Only this file speaks DuckDB."""

# Names and files come from our own fact files and manifest, never from a request; values are bound.
# ruff: noqa: S608

import os
import re
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesmode.analytics import manifest as manifests
from salesmode.analytics.facts import FactFile
from salesmode.analytics.manifest import Fact, Manifest, Part, folder, keep

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
    return db


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
    sql: str, parameters: Mapping[str, Any], *, facts: Iterable[str], at: Manifest | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows that a query over fact tables gives; the tables it names are those of one manifest."""
    held = at or manifests.current()
    named = ", ".join(f"{name} as ({_relation(name, held)})" for name in sorted(set(facts)))
    # The parts of a manifest stay where they are for a minute and a half after it was swapped.
    return _reader().execute(f"with {named} {sql}", dict(parameters)).fetchall()


def _relation(name: str, held: Manifest) -> str:
    fact = held.facts.get(name)
    if fact is None:
        columns = shape(name)
    elif fact.parts:
        return f"select * from read_parquet({_files(fact.parts)})"
    else:
        columns = fact.columns
    nothing = ", ".join(f'null::{kind} as "{column}"' for column, kind in columns)
    return f"select {nothing} where false"


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
        self.db = _open(BUILDER_MEMORY, THREADS)

    def __enter__(self) -> "Builder":
        return self

    def __exit__(self, *what: object) -> None:
        self.db.close()

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
        return again, [*(part.file for part in crowded), *retired]

    def _write(self, name: str, select: str) -> Part | None:
        (folder() / name).mkdir(exist_ok=True)
        relative = f"{name}/part-{secrets.token_hex(8)}.parquet"
        file = folder() / relative
        rows = self.db.execute(f"copy ({select}) to {_quoted(file)} (format parquet, compression zstd)").fetchone()[0]  # type: ignore[index]
        if not rows:
            file.unlink()
            return None
        keep(file)
        keep(file.parent)
        return Part(relative, rows, file.stat().st_size)

    def write_select(self, name: str, select: str) -> Part | None:
        """Write the rows of any SELECT as a part, as benchmarks do."""
        return self._write(name, select)


def columns_of(fact: Fact) -> Sequence[str]:
    """Return the names of a fact table's columns."""
    return [column for column, _ in fact.columns]
