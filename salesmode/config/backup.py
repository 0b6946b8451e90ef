"""Make a backup while people work: one consistent moment of the database, the files, the keys, a manifest of all."""

import contextlib
import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from salesmode import __version__
from salesmode.config.archive import DUMP, Writer
from salesmode.kernel import embedded, postgres

# The kept tables: what is unlogged (caches, counters of the minute) is not worth keeping.
TABLES = """
    SELECT relation.relname, COALESCE(ARRAY_AGG(col.attname ORDER BY ARRAY_POSITION(key.conkey, col.attnum))
                                      FILTER (WHERE col.attname IS NOT NULL), '{}')
      FROM pg_class relation
      LEFT JOIN pg_constraint key ON key.conrelid = relation.oid AND key.contype = 'p'
      LEFT JOIN pg_attribute col ON col.attrelid = relation.oid AND col.attnum = ANY (key.conkey)
     WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind IN ('r', 'p')
       AND relation.relpersistence = 'p' AND NOT relation.relispartition
     GROUP BY relation.relname ORDER BY relation.relname
"""


DRAFT = ".salesmode-backup"


class BackupFailed(Exception):
    """The backup could not be made; the message says why. Nothing is left behind."""


def make(out: Path, *, at: datetime, advance: Callable[..., None] = lambda *_, **__: None) -> dict[str, Any]:
    """Write a backup to a new file, or into a folder under a name with the time, and return its manifest."""
    out = out.expanduser().absolute()
    if out.is_dir():
        out = out / f"salesmode-{at:%Y%m%d-%H%M%S}.zip"
    if out.exists():
        raise BackupFailed(f"{out} exists already: choose another name.")
    draft = out.with_name(f".{out.name}.{os.getpid()}{DRAFT}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out.parent)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as living:
            fcntl.flock(living, fcntl.LOCK_EX)
            manifest = _write(Writer(draft), at=at, advance=advance)
            os.link(draft, out)
    except OSError as error:
        raise BackupFailed(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    _bring_folder_to_disk(out.parent)
    return {"file": str(out), **manifest}


def _sweep(folder: Path) -> None:
    """Remove what backups that were killed have left in a folder; a living one holds a lock on its draft."""
    for draft in folder.glob(f".*{DRAFT}"):
        with contextlib.suppress(OSError), draft.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink(missing_ok=True)


def _write(writer: Writer, *, at: datetime, advance: Callable[..., None]) -> dict[str, Any]:
    with postgres.connect(settings.DATABASE_URL, settings.DATA_DIR) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        _add_dump(writer, snapshot)
        tables = digests(connection, advance)
        manifest = {
            "product": "salesmode",
            "version": __version__,
            "made_at": at.isoformat(),
            "postgres": connection.info.server_version,
            "migrations": _migrations(connection),
            "tables": tables,
        }
    # After the database's moment: a row of that moment never names a file that is not yet there.
    for folder in (settings.MEDIA_ROOT, settings.DATA_DIR / "keys"):
        for path in sorted(place for place in Path(folder).rglob("*") if place.is_file() and place.name[0] != "."):
            with path.open("rb") as file:
                writer.add(path.relative_to(settings.DATA_DIR).as_posix(), file)
    writer.finish(manifest)
    return {**manifest, "files": len(writer.members) - 1, "bytes": writer.path.stat().st_size}


def _add_dump(writer: Writer, snapshot: str) -> None:
    told, environment = client_arguments()
    command = [*program("pg_dump", *told), "--format=custom", "--no-owner", "--no-privileges"]
    command += ["--no-unlogged-table-data", "--compress=3", f"--snapshot={snapshot}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as dump:
        writer.add(DUMP, cast(IO[bytes], dump.stdout))
        complaint = cast(IO[bytes], dump.stderr).read().decode(errors="replace")
    if dump.returncode:
        lines = complaint.strip().splitlines() or ["no reason given"]
        raise BackupFailed(f"The database could not be dumped: {lines[-1]}.")


def digests(connection: psycopg.Connection, advance: Callable[..., None]) -> dict[str, dict[str, Any]]:
    """Return the number of rows and a digest over the ordered rows of every table, as this connection sees them."""
    for setting in ("TimeZone TO 'UTC'", "DateStyle TO 'ISO'", "extra_float_digits TO 1", "bytea_output TO 'hex'"):
        connection.execute(cast(Any, f"SET LOCAL {setting}"))
    found = {}
    tables = connection.execute(TABLES).fetchall()
    for name, keys in tables:
        order = sql.SQL(", ").join(map(sql.Identifier, keys)) if keys else sql.SQL('everything::text COLLATE "C"')
        query = sql.SQL("COPY (SELECT * FROM {} AS everything ORDER BY {}) TO STDOUT").format(
            sql.Identifier(name), order
        )
        digest, rows = hashlib.sha256(), 0
        with connection.cursor().copy(query) as copy:
            for line in copy:
                digest.update(line)
                rows += bytes(line).count(b"\n")
        found[name] = {"rows": rows, "sha256": digest.hexdigest()}
        advance(1, total=len(tables))
    return found


def client_arguments() -> tuple[list[str], dict[str, str]]:
    """Return how PostgreSQL's own programs reach our database; the password goes by the environment, unseen."""
    with postgres.connect(settings.DATABASE_URL, settings.DATA_DIR) as connection:
        named: dict[str, Any] = conninfo_to_dict(connection.info.dsn)
        password = connection.info.password
    named.pop("password", None)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ["--dbname", make_conninfo(**named)], {**environment, **({"PGPASSWORD": password} if password else {})}


def program(name: str, *arguments: str) -> list[str]:
    """Return the command line of one of PostgreSQL's programs."""
    return [str(embedded.binaries() / name), *arguments]


def _migrations(connection: psycopg.Connection) -> list[str]:
    table = sql.Identifier(MigrationRecorder.Migration._meta.db_table)
    rows = connection.execute(sql.SQL("SELECT app || '.' || name FROM {} ORDER BY 1").format(table))
    return [name for (name,) in rows.fetchall()]


def _one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(cast(Any, query)).fetchone()
    return row[0] if row else None


def _bring_folder_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
