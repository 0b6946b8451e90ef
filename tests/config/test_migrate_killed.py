"""A kill in the middle of the tables' way to a new version: the next run ends where one that was let alone ends."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg

from salesmode.kernel import embedded
from tests.config.conftest import environment, run
from tests.config.test_serve import within

MOMENTS = (0.1, 0.7)
PATIENCE_SECONDS = 120
STATE = (
    "select app, name, count(*) from django_migrations group by 1, 2 order by 1, 2",
    "select table_name, column_name, data_type, numeric_scale, is_nullable, column_default from "
    "information_schema.columns where table_schema = 'public' order by 1, 2",
    "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
    "where connamespace = 'public'::regnamespace order by 1, 2",
    "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
    "select proname, md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace order by 1, 2",
    "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal order by 1, 2",
    "select app_label, model, count(*) from django_content_type group by 1, 2 order by 1, 2",
    "select codename, count(*) from auth_permission group by 1 order by 1",
)
# Tables that came out of a backup write the same condition with its casts and brackets elsewhere.
CASTS = re.compile(r"::(text|character varying)(\[\])?|[()\s]")


def state(folder: Path) -> list[list[tuple]]:
    """What the database is made of."""
    with embedded.in_use(folder), psycopg.connect(**embedded.address(folder)) as connection:
        return [[_plain(row) for row in connection.execute(question)] for question in STATE]


def _plain(row: tuple) -> tuple:
    return tuple(CASTS.sub("", value) if isinstance(value, str) else value for value in row)


def steps_done(folder: Path) -> int:
    """How many migrations have run so far."""
    try:
        with psycopg.connect(**embedded.address(folder), connect_timeout=2) as connection:
            return connection.execute("select count(*) from django_migrations").fetchone()[0]
    except (psycopg.Error, OSError):  # no server yet, or no table
        return 0


def test_tables_that_were_killed_on_their_way_come_out_the_same(tmp_path, company_folder):
    wanted = state(company_folder)
    folder, seen = tmp_path / "data", []

    for share in MOMENTS:
        program = subprocess.Popen(
            [sys.executable, "-m", "salesmode", "migrate", "--data", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        assert within(PATIENCE_SECONDS, lambda share=share: steps_done(folder) >= share * len(wanted[0]))
        assert program.poll() is None
        program.kill()
        program.wait()
        seen.append(steps_done(folder))
    last = run("migrate", "--data", folder)

    assert last.returncode == 0, last.stderr
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] < len(wanted[0])
    for have, want in zip(state(folder), wanted, strict=True):
        assert have == want
