"""The loader: takes new events from the log into the warehouse, each exactly once."""

import json
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection as django_connection
from psycopg import sql

from salesmode.analytics import manifest as manifests
from salesmode.analytics import remembered
from salesmode.analytics.facts import FactFile, declared
from salesmode.analytics.manifest import Fact, Manifest, folder
from salesmode.analytics.rollups import ROLLUPS
from salesmode.analytics.warehouse import Builder
from salesmode.kernel.live import CHANNEL
from salesmode.kernel.models import Company

log = logging.getLogger(__name__)

LOADED = "warehouse.loaded"
BATCH = 200_000
GATHER_SECONDS = 0.06
# After a load the loader rests for so many times as long as that took: while much is written, few loads take it all.
REST, LONGEST_REST_SECONDS = 2, 1.0
AGAIN_SECONDS = 0.2
LISTEN_SECONDS = 1.0
LOOK_ANYWAY_SECONDS = 5.0
RETIRED_STAY_SECONDS = 90.0
QUIET_TRANSACTIONS = 5_000

# A position in the log is a transaction: everything written by transactions below it is in the warehouse. Ids would not
# do, because they are handed out before the commit: a later one can be seen first.
# A transaction that runs in another database of the same server cannot write here, and holds nothing up.
_HORIZON = """
with running as (select x::text::bigint as xid from pg_snapshot_xip(pg_current_snapshot()) x),
foreigners as (
    select held.transactionid::text::bigint as short from pg_locks held join pg_stat_activity using (pid)
    where held.locktype = 'transactionid' and held.granted and held.mode = 'ExclusiveLock'
      and datid <> (select oid from pg_database where datname = current_database())
)
select coalesce(
    (select min(xid) from running where (xid & 4294967295) not in (select short from foreigners)),
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
"""
_WINDOW = (
    "select count(*), min(id), max(id) from kernel_eventrecord"
    " where name = any(%(names)s) and xid < %(until)s and (%(position)s::bigint is null or xid >= %(position)s)"
)
_COPY = """
copy (
    select id, name, subject_kind, subject_id, actor_id,
           happened_at at time zone 'UTC', happened_at at time zone {zone}, recorded_at at time zone 'UTC', facts
    from kernel_eventrecord
    where name = any({names}) and xid < {until} and xid >= {position} and id >= {low} and id < {high}
) to stdout (format csv)
"""
_IDENTITY = """
select (select system_identifier::text from pg_control_system()),
       (select oid::bigint from pg_database where datname = current_database()),
       pg_relation_filenode('kernel_eventrecord')::bigint
"""


@dataclass(frozen=True)
class Load:
    """What one look at the log gave: how many events were read, whether younger ones wait for older transactions."""

    events: int
    waiting: bool


def load_once(*, own: bool = False) -> Load:
    """Take everything that is committed into the warehouse, now; returns how much it was.

    `own` also takes what the caller's open transaction has written, building anew each time: for tests that roll back.
    """
    with manifests.building():
        if own:
            manifests.swap(Manifest())
            django_connection.ensure_connection()
            return _load(django_connection.connection, own=True)
        with closing(_connect()) as connection:
            return _load(connection)


def replay(fact: str | None = None) -> Load:
    """Make one fact table, or all, again from the beginning of the log."""
    with manifests.building():
        held = manifests.current()
        names = [fact] if fact else list(held.facts)
        facts = {name: kept for name, kept in held.facts.items() if name not in names}
        gone = [file for name in names if name in held.facts for part in held.facts[name].parts for file in part.files]
        manifests.swap(held.but(facts=facts, retired=_retire(held, gone)))
    return load_once()


def forget() -> None:
    """Throw the warehouse away, as a restore does; the next load builds it anew."""
    with manifests.building():
        manifests.swap(Manifest())
        remembered.forget()
        _sweep(Manifest(), at_once=True)


def lag() -> dict[str, Any]:
    """Return how far the warehouse is behind the log: events that wait, and since when the oldest does."""
    position = manifests.current().position
    names = sorted({name for fact in declared().values() for name in fact.events})
    with django_connection.cursor() as cursor:
        cursor.execute(
            "select count(*), extract(epoch from now() - min(recorded_at))::float from kernel_eventrecord"
            " where name = any(%s) and (%s::bigint is null or xid >= %s)",
            [names, position, position],
        )
        events, seconds = cursor.fetchone()
    return {"events": events, "seconds": round(seconds or 0.0, 3), "loaded_at": manifests.current().loaded_at}


def run_forever(stop: threading.Event | None = None) -> None:
    """Load whenever somebody has committed something, until told to stop."""
    stop = stop or threading.Event()
    with closing(_connect()) as listener, closing(_connect()) as source:
        listener.execute(f"listen {CHANNEL}")
        looked = rested = 0.0
        waiting = True
        while not stop.is_set():
            begun = time.monotonic()
            if waiting or begun - looked > LOOK_ANYWAY_SECONDS:
                with manifests.building():
                    waiting = _load(source).waiting
                looked = time.monotonic()
                rested = looked + min((looked - begun) * REST, LONGEST_REST_SECONDS)
            if _heard(listener, stop, AGAIN_SECONDS if waiting else LISTEN_SECONDS):
                stop.wait(max(GATHER_SECONDS, rested - time.monotonic()))
                waiting = True


def _heard(listener: psycopg.Connection[Any], stop: threading.Event, seconds: float) -> bool:
    """Wait for a commit that somebody announced; our own announcements are no news."""
    return any(f'"{LOADED}"' not in notice.payload for notice in listener.notifies(timeout=seconds, stop_after=1))


def where() -> dict[str, Any]:
    """Return how to reach the database outside Django's own connections."""
    chosen = django_connection.settings_dict
    named = {name.lower(): chosen[name] for name in ("USER", "PASSWORD", "HOST", "PORT")} | {"dbname": chosen["NAME"]}
    options = {name: value for name, value in chosen["OPTIONS"].items() if name != "pool"}
    return {name: value for name, value in {**options, **named}.items() if value}


def _connect() -> psycopg.Connection[Any]:
    return psycopg.connect(**{**where(), "application_name": "salesmode warehouse", "autocommit": True})


def _load(connection: psycopg.Connection[Any], *, own: bool = False) -> Load:
    held = _of_this_database(connection)
    with _lazily(held) as builder:
        with _snapshot(connection, own=own):
            until = _one(connection, "select pg_current_xact_id()::text::bigint + 1" if own else _HORIZON)
            files = declared()
            facts = {
                name: held.facts.get(name) or Fact(file.version, builder().describe(file))
                for name, file in files.items()
            }
            by_position: dict[int | None, list[FactFile]] = {}
            for name, file in files.items():
                by_position.setdefault(facts[name].position, []).append(file)
            events = sum(_take(connection, builder, since, until, some, facts) for since, some in by_position.items())
            waiting = _one(connection, "select exists (select from kernel_eventrecord where xid >= %s)", until)
        gone: list[str] = []
        for name, fact in facts.items():
            merged, unneeded = builder().merge(name, fact) if events else (fact, [])
            rolled = builder().roll_up(merged, ROLLUPS.get(name, ())) if events else merged
            facts[name] = replace(rolled, position=until)
            gone += unneeded
        if events or facts.keys() != held.facts.keys() or until - (held.position or 0) > QUIET_TRANSACTIONS:
            loaded_at = datetime.now(UTC).isoformat()
            retired = _retire(held, gone)
            manifests.swap(_sweep(held.but(facts=facts, position=until, loaded_at=loaded_at, retired=retired)))
    if events and not own:
        message = {"names": [LOADED], "related": [], "owners": None}
        connection.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])
    return Load(events, waiting)


def _one(connection: psycopg.Connection[Any], query: str, *parameters: Any) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return row and row[0]


def _take(
    connection: psycopg.Connection[Any],
    builder: Any,
    position: int | None,
    until: int,
    wanted: list[FactFile],
    prepared: dict[str, Fact],
) -> int:
    """Turn the events between two positions into parts of the wanted facts, batch by batch."""
    names = sorted({name for fact in wanted for name in fact.events})
    window = {"names": names, "until": until, "position": position}
    count, low, high = connection.execute(_WINDOW, window).fetchone()  # type: ignore[misc]
    if not count:
        return 0
    with tempfile.TemporaryDirectory(dir=folder(), prefix="batch-") as scratch:
        csv = Path(scratch) / "events.csv"
        for start in range(low, high + 1, BATCH):
            copy = sql.SQL(_COPY).format(
                zone=builder().zone,
                names=names,
                until=until,
                position=-1 if position is None else position,
                low=start,
                high=start + BATCH,
            )
            with connection.cursor() as cursor, csv.open("wb") as out, cursor.copy(copy) as rows:
                for data in rows:
                    out.write(data)
            if not csv.stat().st_size:
                continue
            present = builder().take(csv)
            for fact in wanted:
                if fact.events & present and (part := builder().add(fact)):
                    prepared[fact.name] = replace(prepared[fact.name], parts=(*prepared[fact.name].parts, part))
    return count


def _of_this_database(connection: psycopg.Connection[Any]) -> Manifest:
    """Return the manifest, or an empty one if it tells of another database, another log or another time zone."""
    try:
        system, database, log_file = connection.execute(_IDENTITY).fetchone()  # type: ignore[misc]
    except psycopg.errors.InsufficientPrivilege:
        system, database, log_file = None, None, None
    row = connection.execute("select time_zone from kernel_company where id = 1").fetchone()
    zone = row[0] if row else Company().time_zone
    identity = {"system": system, "database": database, "log": log_file, "zone": zone}
    held = manifests.current()
    if held.identity != identity:
        gone = [file for fact in held.facts.values() for part in fact.parts for file in part.files]
        return Manifest(identity=identity, retired=_retire(held, gone))
    facts = declared()
    kept = {name: fact for name, fact in held.facts.items() if name in facts and fact.sql == facts[name].version}
    left = [fact for name, fact in held.facts.items() if name not in kept]
    gone = [file for fact in left for part in fact.parts for file in part.files]
    return held.but(facts=kept, retired=_retire(held, gone)) if gone or len(kept) != len(held.facts) else held


@contextmanager
def _snapshot(connection: psycopg.Connection[Any], *, own: bool) -> Iterator[None]:
    """Look at one and the same state of the log while the block lasts."""
    if own:
        yield
        return
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        yield


@contextmanager
def _lazily(held: Manifest) -> Iterator[Any]:
    """Give a builder to whoever asks first; most looks at the log find nothing and need none.

    A load that fails leaves nothing behind: tried again and again on a full disk, it would take the last room there is.
    """
    made: list[Builder] = []

    def builder() -> Builder:
        if not made:
            made.append(Builder(held.identity["zone"]))
        return made[0]

    try:
        yield builder
    except BaseException:
        for one in made:
            one.undo()
        _sweep(held)
        raise
    finally:
        for one in made:
            one.__exit__()


def _retire(held: Manifest, files: Iterable[str]) -> tuple[tuple[str, float], ...]:
    return (*held.retired, *((file, time.time()) for file in files))


def _sweep(manifest: Manifest, *, at_once: bool = False) -> Manifest:
    """Delete parts that no reader can have open any more, and what a killed builder left behind."""
    oldest = time.time() + 1 if at_once else time.time() - RETIRED_STAY_SECONDS
    staying = tuple((file, since) for file, since in manifest.retired if since > oldest)
    parts = [part for fact in manifest.facts.values() for part in fact.parts]
    known = {file for part in parts for file in part.files} | {file for file, _ in staying}
    for entry in folder().glob("*/part-*.parquet"):
        if str(entry.relative_to(folder())) not in known and entry.stat().st_mtime < oldest:
            entry.unlink(missing_ok=True)
    for scratch in folder().glob("batch-*"):
        if scratch.stat().st_mtime < oldest:
            shutil.rmtree(scratch, ignore_errors=True)
    return manifest.but(retired=staying)


def holds_parts() -> bool:
    """Say whether every part that the manifest names is there."""
    facts = manifests.current().facts.values()
    return all((folder() / file).exists() for fact in facts for part in fact.parts for file in part.files)
