"""Which PostgreSQL we talk to: the one embedded in the data folder, or any other named by a URL."""

import contextlib
import select
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.types.datetime import TimestamptzLoader
from psycopg_pool import ConnectionPool

from salesmode.kernel import embedded
from salesmode.kernel.reach import Unavailable

__all__ = ["Unavailable", "connect", "database_settings", "ensure_running", "in_use", "refuse_unsafe_server", "stop"]

OLDEST = 15
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


def _try_anew(pool: ConnectionPool[Any]) -> None:
    """Have the pool look for the server again as long as somebody waits: by itself it would only for the next one."""

    def ask() -> None:
        with contextlib.suppress(psycopg.Error):
            pool.putconn(pool.getconn(timeout=1))

    if pool.get_stats().get("requests_waiting"):
        threading.Thread(target=ask, daemon=True, name="reconnect").start()


# While the server is away the pool tries again later and later, and nobody gets a connection meanwhile: it gives up
# soon and begins anew, so that pages answer as soon as the server is back.
POOL = {
    "min_size": 1,
    "max_size": 12,
    "timeout": 10,
    "max_idle": 300,
    "reconnect_timeout": 3,
    "reconnect_failed": _try_anew,
}


class Instant(TimestamptzLoader):
    """Reads a moment as Django does, for a tenth of the work: its connections keep their time zone at UTC."""

    timezone = UTC  # Django looks whether a cursor has to be told another one.

    def load(self, data: Any) -> datetime:
        """Return the moment; what Python has no words for (infinity, years BC) is refused as usual."""
        try:
            return datetime.fromisoformat(str(data, "ascii")).astimezone(UTC)
        except ValueError:
            return super().load(data)


class Connection(psycopg.Connection[Any]):
    """A connection of the pool, which asks before each use whether it still works: without a word to the server.

    A server that has gone has closed its end, and what is closed can be read; as long as nothing can, it is there.
    """

    @classmethod
    def connect(cls, conninfo: str = "", **named: Any) -> Any:
        """Open a connection that reads moments quickly."""
        made = super().connect(conninfo, **named)
        made.adapters.register_loader("timestamptz", Instant)
        return made

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        """Send a statement; the empty one only when there is something to hear."""
        if query == "":
            ears = select.poll()
            ears.register(self.fileno(), select.POLLIN)
            if not ears.poll(0):
                return self.cursor()
        return super().execute(query, params, **how)


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for the database; starts nothing."""
    where = _from_url(url) if url else embedded.address(Path(data_dir).resolve())
    known = {"host", "port", "user", "password", "dbname"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": where["dbname"],
        "USER": where.get("user", ""),
        "PASSWORD": where.get("password", ""),
        "HOST": where.get("host", ""),
        "PORT": where.get("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "salesmode",
            "connect_timeout": 10,
            # Only what asks for it is prepared (kernel/prepared.py): nothing is sent often enough to be so by itself.
            "prepare_threshold": 2**31,
            **{name: value for name, value in where.items() if name not in known},
            "pool": {**POOL, "connection_class": Connection},
        },
    }


def ensure_running(url: str, data_dir: Path) -> None:
    """Start the embedded server when it is the one in use; refuse a server that is too old or not there."""
    if not url:
        embedded.ensure_running(Path(data_dir))
    else:
        with connect(url, data_dir) as connection:
            _refuse_old(connection)


@contextlib.contextmanager
def in_use(url: str, data_dir: Path) -> Iterator[None]:
    """Have the database running while the block lasts; an embedded one is stopped by the last program that leaves."""
    if url:
        ensure_running(url, data_dir)
        yield
    else:
        with embedded.in_use(Path(data_dir)):
            yield


def stop(data_dir: Path) -> bool:
    """Stop the embedded server of a data folder; says whether one was running."""
    return embedded.stop(Path(data_dir))


def connect(url: str, data_dir: Path, **extra: Any) -> psycopg.Connection:
    """Open one connection outside Django, for start-up, backup and doctor."""
    where = _from_url(url) if url else embedded.address(Path(data_dir).resolve())
    try:
        return psycopg.connect(**{"connect_timeout": 10, **where, **extra})
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Unavailable(f"The database does not answer: {reason}") from error


def refuse_unsafe_server(connection: psycopg.Connection) -> None:
    """Refuse a server that may lose what it has confirmed."""
    _refuse_old(connection)
    for name in MUST_BE_ON:
        value = connection.execute(f"SHOW {name}").fetchone()
        if value and value[0] == "off":
            raise Unavailable(f"The database server runs with {name} = off and may lose confirmed work: switch it on.")


def _refuse_old(connection: psycopg.Connection) -> None:
    version = connection.info.server_version
    if version < OLDEST * 10_000:
        raise Unavailable(f"The database server is PostgreSQL {version // 10_000}; Salesmode needs {OLDEST} or newer.")


def _from_url(url: str) -> dict[str, str]:
    """Return the parts of postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Unavailable("SALESMODE_DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    try:
        port = parts.port
    except ValueError:
        raise Unavailable("SALESMODE_DATABASE_URL has a port that is not a number.") from None
    named = {
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "host": unquote(parts.hostname or ""),
        "port": str(port or ""),
        "dbname": unquote(parts.path.strip("/")),
    }
    return {name: value for name, value in {**named, **dict(parse_qsl(parts.query))}.items() if value}
