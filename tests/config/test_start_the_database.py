import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from salesmode.kernel import embedded, postgres
from tests.config.conftest import environment

STAY = """
import sys
from pathlib import Path
from salesmode.kernel import embedded, postgres
with embedded.in_use(Path(sys.argv[1])):
    with postgres.connect("", Path(sys.argv[1])) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def folder(rooms) -> Path:
    """A data folder whose server has run once and stands still; its socket would not fit below it."""
    folder = rooms() / "数据 和 空格" / ("x" * 100)
    with embedded.in_use(folder):
        pass
    return folder


def a_program(folder: Path) -> subprocess.Popen:
    """A program that uses the database until it is told to go on."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", STAY, folder], stdin=pipe, stdout=pipe, text=True, env=environment())


def the_server(folder: Path) -> list[psutil.Process]:
    postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0]))
    return [postmaster, *postmaster.children(recursive=True)]


def test_three_first_starts_at_once_share_one_server_and_the_last_to_leave_stops_it(tmp_path):
    programs = [a_program(tmp_path / "数据") for _ in range(3)]
    begun = [program.stdout.readline() for program in programs]
    assert begun[0].startswith("20")
    assert len(set(begun)) == 1

    for program in programs[:2]:
        program.communicate("\n", timeout=30)
        assert embedded.answers(tmp_path / "数据")
    programs[2].communicate("\n", timeout=30)
    assert not embedded.lives(tmp_path / "数据")


def test_what_was_confirmed_survives_a_kill_of_the_whole_server(folder):
    with embedded.in_use(folder):
        with postgres.connect("", folder, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (value integer)")
            connection.execute("INSERT INTO kept VALUES (1)")
            for process in the_server(folder):
                process.send_signal(signal.SIGKILL)
        embedded.ensure_running(folder)
        with postgres.connect("", folder) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_what_a_killed_server_left_behind_does_not_keep_the_next_from_starting(folder):
    stale = [os.getpid(), folder / "postgres", 1, 5432, folder / "run", "", " 1 1", "ready"]
    (folder / "postgres" / "postmaster.pid").write_text("\n".join(map(str, stale)))
    socket = embedded.socket_folder(folder) / ".s.PGSQL.5432"
    socket.touch()
    socket.with_name(socket.name + ".lock").write_text(f"{os.getpid()}\n")
    with embedded.in_use(folder):
        assert embedded.answers(folder)


def test_the_socket_is_for_nobody_else(folder):
    assert embedded.socket_folder(folder).stat().st_mode & 0o077 == 0
    assert len(os.fsencode(embedded.socket_folder(folder) / ".s.PGSQL.5432")) <= 107


def test_a_server_that_may_lose_confirmed_work_is_refused(tmp_path):
    refused = pytest.raises(postgres.Unavailable, match="fsync = off")
    with embedded.in_use(tmp_path, durable=False), postgres.connect("", tmp_path) as connection, refused:
        postgres.refuse_unsafe_server(connection)
    with embedded.in_use(tmp_path), postgres.connect("", tmp_path) as connection:
        postgres.refuse_unsafe_server(connection)


def test_an_old_server_is_refused():
    old = SimpleNamespace(info=SimpleNamespace(server_version=140012))
    with pytest.raises(postgres.Unavailable, match="PostgreSQL 14; Salesmode needs 15"):
        postgres.refuse_unsafe_server(old)


def test_any_database_can_be_named_by_its_address(tmp_path):
    url = "postgresql://s%C3%A4les:p%40ss@db.example:6432/crm?sslmode=require"
    settings = postgres.database_settings(url, tmp_path)
    assert (settings["USER"], settings["PASSWORD"]) == ("säles", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "crm")
    assert settings["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "postgresql://localhost", "postgresql://localhost:port/x"])
def test_an_address_that_makes_no_sense_is_refused(url, tmp_path):
    with pytest.raises(postgres.Unavailable, match="SALESMODE_DATABASE_URL"):
        postgres.database_settings(url, tmp_path)


def test_reading_the_settings_starts_nothing(tmp_path):
    code = textwrap.dedent("from salesmode.config import settings; print(settings.DATABASES['default']['HOST'])")
    program = [sys.executable, "-c", code]
    told = subprocess.run(program, capture_output=True, text=True, env=environment(SALESMODE_DATA=str(tmp_path)))
    assert told.stdout.strip() == str(embedded.socket_folder(tmp_path))
    assert not (tmp_path / "postgres").exists()


def test_a_database_that_is_missing_beside_a_companys_files_is_not_made_anew(tmp_path):
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "manifest.json").write_text("{}")

    with pytest.raises(postgres.Unavailable, match="not its database"):
        embedded.ensure_running(tmp_path)

    assert not (tmp_path / "postgres").exists()
