"""Whether the database's tables are those of this version, and making them so."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

MIGRATION_LOCK = 7_263_001


class SchemaBehind(Exception):
    """The tables are not those of this version; the message says what to run."""


def pending(executor: MigrationExecutor | None = None) -> list[str]:
    """Return the migrations that have not run yet."""
    executor = executor or MigrationExecutor(connection)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in executor.migration_plan(_leaves(executor))]


def unknown(executor: MigrationExecutor | None = None) -> list[str]:
    """Return the migrations that ran here but that this version does not know: the data is from a newer one."""
    executor = executor or MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    local = {app for app, _ in known}
    return sorted(
        f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in local and (app, name) not in known
    )


def migrate(say: Callable[[str], None] = lambda sentence: None) -> int:
    """Bring the tables to this version, one program at a time; says how many migrations ran."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        executor = MigrationExecutor(connection)
        if foreign := unknown(executor):
            raise SchemaBehind(f"The data was written by a newer version ({foreign[-1]}): update Salesmode.")
        waiting = pending(executor)
        if waiting:
            say(f"Preparing the database ({len(waiting)} steps) ...")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        return len(waiting)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def ensure_current(*, make: bool) -> None:
    """Make the tables in an empty database; refuse tables of another version."""
    if make and not MigrationRecorder(connection).has_table():
        migrate()
    elif waiting := pending():
        raise SchemaBehind(
            f"The database is not up to date ({len(waiting)} steps wait): run 'salesmode migrate' first."
        )


def _leaves(executor: MigrationExecutor) -> list[tuple[str, str]]:
    return executor.loader.graph.leaf_nodes()
