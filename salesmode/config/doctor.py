"""Is this installation well? Each check answers with one sentence; some of them also keep it from starting."""

import ipaddress
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from salesmode.config import schema
from salesmode.kernel import jobs, postgres, watch

LITTLE_SPACE = 1024**3
LONG_QUEUE = 10_000
SLOW_WAREHOUSE_SECONDS = 60
MANY_TRIES = 3


class Unsafe(Exception):
    """The settings are unsafe; the message says which and what to do."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    name: str
    ok: bool
    value: str
    advice: str = ""


def refuse_unsafe(host: str = "127.0.0.1") -> None:
    """Refuse to start with settings that lose work or let strangers in."""
    for sentence in unsafe_settings(host):
        raise Unsafe(sentence)
    with postgres.connect(settings.DATABASE_URL, settings.DATA_DIR) as server:
        postgres.refuse_unsafe_server(server)


def unsafe_settings(host: str) -> Iterator[str]:
    """Say what is wrong with the environment, a sentence each."""
    local = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if settings.DEBUG and (not _is_loopback(host) or set(settings.ALLOWED_HOSTS) - local):
        yield "SALESMODE_DEBUG shows secrets to visitors: switch it off, or serve on 127.0.0.1 with no public host."
    if "*" in settings.ALLOWED_HOSTS:
        yield "SALESMODE_HOSTS is *, which lets anybody forge links: name the hosts that people type."
    if not settings.PUBLIC_URL:
        return
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme not in {"http", "https"} or not public.hostname or public.path.strip("/"):
        yield "SALESMODE_PUBLIC_URL must look like https://sales.example.com, without a path."
    elif public.scheme == "https" and not settings.SECURE_PROXY_SSL_HEADER:
        yield "SALESMODE_PUBLIC_URL is https, which a proxy must end: set SALESMODE_BEHIND_PROXY=yes once it does."
    elif public.scheme == "http" and not _is_loopback(public.hostname):
        yield "SALESMODE_PUBLIC_URL is http, so passwords would travel in the open: put an https proxy in front."


def examine() -> list[Finding]:
    """Return what every check found, the worst news not hidden behind the first."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(check())
        except Exception as error:
            name = check.__name__.strip("_")
            said = " ".join(f"{type(error).__name__}: {error}".split())
            findings.append(Finding(name, False, said, "This check itself failed."))
        if check is _schema and not findings[-1].ok:
            break  # Without our tables the other checks have nothing to look at.
    return findings


def _settings() -> Finding:
    wrong = list(unsafe_settings("127.0.0.1"))
    return Finding("settings", not wrong, "; ".join(wrong) or "safe")


def _database() -> Finding:
    version = _one("SHOW server_version")
    old = int(str(_one("SHOW server_version_num"))) < postgres.OLDEST * 10_000
    return Finding("database", not old, f"PostgreSQL {version}", f"Needs {postgres.OLDEST} or newer." if old else "")


def _durability() -> Finding:
    values = {name: str(_one(f"SHOW {name}")) for name in postgres.MUST_BE_ON}
    ok = "off" not in values.values()
    shown = ", ".join(f"{name} {value}" for name, value in values.items())
    return Finding("durability", ok, shown, "" if ok else "Confirmed work can be lost: switch them on.")


def _schema() -> Finding:
    waiting, foreign = schema.pending(), schema.unknown()
    advice = "Run 'salesmode migrate'." if waiting else "The data is from a newer version: update." if foreign else ""
    return Finding("schema", not advice, f"{len(waiting)} migrations wait", advice)


def _queue() -> Finding:
    waiting = int(str(_one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")))
    lasting = jobs.lasting(seconds=watch.LONG_SECONDS)
    shown = "".join(f", {name} has been going on for {minutes} minutes" for name, minutes in lasting.items())
    advice = _IS_ONE_RUNNING if waiting >= LONG_QUEUE else _SEE_THE_LOG if lasting else ""
    return Finding("queue", not advice, f"{waiting} jobs wait{shown}", advice)


def _failed_jobs() -> Finding:
    failed = int(str(_one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")))
    again = jobs.struggling(tries=MANY_TRIES)
    shown = "".join(f", {name} fails again and again ({count})" for name, count in again.items())
    return Finding(
        "failed_jobs", not failed and not again, f"{failed} jobs failed{shown}", _SEE_THE_LOG if failed or again else ""
    )


def _warehouse() -> Finding:
    from salesmode.analytics import loader

    behind = loader.lag()
    seconds = behind.get("seconds") or 0
    ok = seconds < SLOW_WAREHOUSE_SECONDS
    shown = ", ".join(f"{name} {value}" for name, value in behind.items())
    return Finding("warehouse", ok, shown, "" if ok else "Is a worker running?")


def _disk() -> Finding:
    space = shutil.disk_usage(settings.DATA_DIR)
    ok = space.free > LITTLE_SPACE
    return Finding("disk", ok, f"{space.free / 1024**3:.1f} GiB free", "" if ok else "Make room: below 1 GiB is risky.")


def _versions() -> Finding:
    import platform

    import django

    from salesmode import __version__

    return Finding(
        "versions", True, f"Salesmode {__version__}, Python {platform.python_version()}, Django {django.__version__}"
    )


_SEE_THE_LOG = "See the worker's log."
_IS_ONE_RUNNING = "Is a worker running?"
CHECKS: tuple[Callable[[], Finding], ...] = (
    _versions,
    _settings,
    _database,
    _durability,
    _disk,
    _schema,
    _queue,
    _failed_jobs,
    _warehouse,
)


def _one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
