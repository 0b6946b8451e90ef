"""The database of the tests: an embedded PostgreSQL, shared by all runs that go on, and a database of its own for each.

Loaded with `-p tests.database`, before Django's settings are read. SALESMODE_TEST_DATABASE_URL names another server.
A run takes the first free slot and keeps its tables there for the next run; edited migrations mean new tables.
"""

import atexit
import fcntl
import hashlib
import os
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache" / "salesmode"
SLOTS = 64

_held = ExitStack()


def _migrations_hash() -> str:
    files = sorted((ROOT / "salesmode").glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def _take_slot() -> int:
    for slot in range(SLOTS):
        file = (CACHE / f"slot-{slot}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        _held.callback(file.close)
        return slot
    raise RuntimeError("Too many test runs at once.")


def _begin() -> None:
    """Point the settings at this run's own data folder and database."""
    from salesmode.kernel import embedded

    CACHE.mkdir(parents=True, exist_ok=True)
    atexit.register(_held.close)
    slot = _take_slot()
    url = os.environ.get("SALESMODE_TEST_DATABASE_URL", "")
    if not url:
        server = CACHE / "server"
        _held.enter_context(embedded.in_use(server, durable=False))
        where = embedded.address(server)
        url = f"postgresql:///{where['dbname']}?user={where['user']}&port={where['port']}&host={quote(where['host'])}"
    os.environ["SALESMODE_DATABASE_URL"] = url
    os.environ["SALESMODE_DATA"] = str(CACHE / f"data-{slot}")
    os.environ["SALESMODE_TEST_DATABASE"] = f"test_salesmode_{slot}_{_migrations_hash()}"
    os.environ["SALESMODE_PUBLIC_URL"] = ""
    _drop_outdated(url, f"test\\_salesmode\\_{slot}\\_%", os.environ["SALESMODE_TEST_DATABASE"])


def _drop_outdated(url: str, pattern: str, kept: str) -> None:
    from salesmode.kernel import postgres

    with postgres.connect(url, CACHE, autocommit=True) as connection:
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
        ).fetchall():
            if not name.startswith(kept):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_configure(config: object) -> None:
    """Name this run's database before Django makes it."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = os.environ["SALESMODE_TEST_DATABASE"]
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


def pytest_runtest_setup(item: object) -> None:
    """Let no test remember the company of the one before; within a test it is read once."""
    from salesmode.kernel.models import company

    company.SECONDS = 3600
    company.forget_company()


def pytest_unconfigure(config: object) -> None:
    """Leave the slot and the server; the last run to leave stops it."""
    _held.close()


if "PYTEST_XDIST_WORKER" not in os.environ:
    _begin()
