"""Bring a backup back: checked whole before anything is touched, compared row by row before anything is thrown away."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from salesmode.config import archive, backup
from salesmode.config.aside import DUMP, REPLACED, RestoreRefused, set_aside, undo_cut_off
from salesmode.kernel import embedded, postgres

PREAMBLE_LINES = 200
PSQL = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
BEGIN, COMMIT = b"BEGIN;\n", b"COMMIT;\n"
# Settings that a newer pg_dump asks for and that an older server does not know.
NEWER_SETTINGS = (b"SET transaction_timeout",)

# Transaction numbers of the former server mean nothing here: 0 is long told, 1 is still to be told, by one job.
RENUMBER = """
    CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
        SELECT id, (args->>'xid')::bigint AS xid FROM procrastinate_jobs
         WHERE task_name = 'deliver' AND status IN ('todo', 'doing');
    UPDATE kernel_eventrecord SET xid = CASE WHEN xid IN (SELECT xid FROM waiting) THEN 1 ELSE 0 END;
    DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM waiting) AND id <> (SELECT min(id) FROM waiting);
    UPDATE procrastinate_jobs SET args = '{"xid": 1}' WHERE id = (SELECT min(id) FROM waiting);
    UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing';
    DELETE FROM procrastinate_workers;
"""


def restore(source: Path, *, replace: str = "", advance: Callable[..., None] = lambda *_, **__: None) -> dict[str, Any]:
    """Bring a backup into an empty data folder, or replace a folder whose name is given as a confirmation."""
    manifest = archive.read_manifest(source)
    _refuse_newer(manifest)
    data_dir: Path = settings.DATA_DIR
    if settings.DATABASE_URL:
        with postgres.in_use(settings.DATABASE_URL, data_dir):
            if _holds_tables():
                raise RestoreRefused("The database in SALESMODE_DATABASE_URL is not empty: name an empty one.")
            with set_aside(data_dir, ("files", "keys", "warehouse")):
                _bring_back(source, manifest, advance)
        return manifest
    with embedded.alone(data_dir):
        undo_cut_off(data_dir)
        if replace and replace != data_dir.name:
            raise RestoreRefused(f"To replace what is in {data_dir}, give its name: --replace {data_dir.name}")
        if not replace and _holds_data(data_dir):
            raise RestoreRefused(
                f"{data_dir} holds data: restore into an empty folder, or add --replace {data_dir.name} to replace it."
            )
        with set_aside(data_dir, REPLACED):
            embedded.ensure_running(data_dir)
            try:
                _bring_back(source, manifest, advance)
            finally:
                embedded.stop(data_dir)
    return manifest


def _refuse_newer(manifest: dict[str, Any]) -> None:
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    ours = {config.label for config in apps.get_app_configs()}
    foreign = [name for name in manifest["migrations"] if name not in known and name.partition(".")[0] in ours]
    if foreign:
        raise RestoreRefused(f"The backup is from Salesmode {manifest['version']}, newer than this one: update first.")


def _holds_data(data_dir: Path) -> bool:
    files = data_dir / "files"
    if files.is_dir() and any(place.is_file() for place in files.rglob("*")):
        return True
    if not (data_dir / "postgres").exists():
        return False
    embedded.ensure_running(data_dir)
    try:
        return _holds_tables()
    finally:
        embedded.stop(data_dir)


def _holds_tables() -> bool:
    with postgres.connect(settings.DATABASE_URL, settings.DATA_DIR) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone())


def _bring_back(source: Path, manifest: dict[str, Any], advance: Callable[..., None]) -> None:
    _load_dump(source)
    with postgres.connect(settings.DATABASE_URL, settings.DATA_DIR) as connection:
        found = backup.digests(connection, advance)
        for name, promised in manifest["tables"].items():
            if found.get(name) != promised:
                raise RestoreRefused(f"The restored table {name} differs from the backup; nothing was replaced.")
        connection.execute(cast(Any, RENUMBER))
    for folder in ("files", "keys"):
        _unpack(source, folder)


def _unpack(source: Path, folder: str) -> None:
    target = settings.DATA_DIR / folder
    for name, part in archive.parts(source, f"{folder}/"):
        path = target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            shutil.copyfileobj(part, file)
            file.flush()
            os.fsync(file.fileno())


def _load_dump(source: Path) -> None:
    """Load the dump in one transaction: pg_restore writes statements, psql runs them.

    The last word is ours: whatever ends too early, killed or failed, ends without it and leaves the database empty.
    """
    told, environment = backup.client_arguments()
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix=DUMP) as dump, tempfile.TemporaryFile() as said:
        for _name, part in archive.parts(source, archive.DUMP):
            shutil.copyfileobj(part, dump)
        dump.flush()
        command = backup.program("pg_restore", "--no-owner", "--no-privileges", "--file=-", dump.name)
        writing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        command = backup.program("psql", *told, *PSQL)
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=environment)
        with contextlib.suppress(BrokenPipeError), cast(IO[bytes], running.stdin) as statements:
            statements.write(BEGIN)
            _pass_on(cast(IO[bytes], writing.stdout), statements)
            if writing.wait() == 0:
                statements.write(COMMIT)
        cast(IO[bytes], writing.stdout).close()
        if running.wait() | writing.wait():
            said.seek(0)
            lines = [line for line in said.read().decode(errors="replace").splitlines() if line.strip()]
            reason = next((line for line in lines if "ERROR" in line), lines[-1] if lines else "no reason given")
            raise RestoreRefused(f"The database could not be restored: {reason}")


def _pass_on(written: IO[bytes], statements: IO[bytes]) -> None:
    for _number, line in zip(range(PREAMBLE_LINES), written, strict=False):
        if not line.startswith(NEWER_SETTINGS):
            statements.write(line)
    shutil.copyfileobj(written, statements, archive.PIECE)
