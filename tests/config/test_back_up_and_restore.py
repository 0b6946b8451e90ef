import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from salesmode.config import archive, restore
from salesmode.kernel import embedded
from tests.config.conftest import environment, run

EVENT = """
    WITH event AS (
        INSERT INTO kernel_eventrecord (name, subject_kind, subject_id, related, actor_id, happened_at, facts)
        VALUES ('test.written', 'test', %s, '{}', 1, now(), '{}') RETURNING xid
    ) INSERT INTO procrastinate_jobs (queue_name, task_name, args)
      SELECT 'events', 'deliver', jsonb_build_object('xid', xid) FROM event
"""


def write_until(folder: Path, enough: threading.Event, confirmed: list[int]) -> None:
    """Write as fast as one program can; each number is confirmed before the next."""
    with psycopg.connect(**embedded.address(folder), autocommit=True) as connection:
        while not enough.is_set():
            connection.execute(EVENT, [len(confirmed)])
            confirmed.append(len(confirmed))


def test_a_backup_made_while_people_write_comes_back_equal(company_folder, tmp_path):
    (company_folder / "files" / "合同").mkdir(parents=True)
    (company_folder / "files" / "合同" / "一.txt").write_text("签字")
    enough, confirmed = threading.Event(), []
    with embedded.in_use(company_folder):
        writer = threading.Thread(target=write_until, args=(company_folder, enough, confirmed))
        writer.start()
        try:
            while len(confirmed) < 50:
                enough.wait(0.01)
            before = len(confirmed)
            made = run("backup", tmp_path / "one.zip", "--data", company_folder, "--json")
        finally:
            enough.set()
            writer.join()
        assert made.returncode == 0, made.stderr
        events = json.loads(made.stdout)["tables"]["kernel_eventrecord"]["rows"]
        assert before <= events < len(confirmed)

    fresh = tmp_path / "新"
    restored = run("restore", tmp_path / "one.zip", "--data", fresh)
    assert restored.returncode == 0, restored.stderr
    assert (fresh / "files" / "合同" / "一.txt").read_text() == "签字"
    assert (fresh / "keys" / "secret_key").read_text() == (company_folder / "keys" / "secret_key").read_text()
    with embedded.in_use(fresh), psycopg.connect(**embedded.address(fresh)) as connection:
        told = connection.execute("SELECT count(*) FROM kernel_eventrecord WHERE xid = 1").fetchone()
        assert told == (events,), "what was still to be told is told by the new server"
        jobs = connection.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'deliver'").fetchall()
        assert jobs == [({"xid": 1},)]


@pytest.fixture(scope="module")
def backup_file(company_folder, rooms) -> Path:
    folder = rooms()
    made = run("backup", folder, "--data", company_folder)
    assert made.returncode == 0, made.stderr
    return next(folder.iterdir())


def test_a_damaged_copy_is_noticed_wherever_the_damage_is(backup_file, tmp_path):
    whole = backup_file.read_bytes()
    archive.read_manifest(backup_file)
    chance, unnoticed = random.Random(7), []
    for number in range(100):
        place = chance.randrange(len(whole))
        if number % 4:
            damaged = whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        else:
            damaged = whole[:place]
        (tmp_path / "damaged.zip").write_bytes(damaged)
        try:
            archive.read_manifest(tmp_path / "damaged.zip")
            unnoticed.append(place)
        except archive.Damaged:
            pass
    assert unnoticed == []


def test_a_damaged_file_is_refused_before_anything_is_touched(backup_file, tmp_path):
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(backup_file.read_bytes()[:-1])
    told = run("restore", damaged, "--data", tmp_path / "data")
    assert told.returncode == 1
    assert "damaged or cut short" in told.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_folder_with_data_is_replaced_only_by_its_name(backup_file, company_folder):
    told = run("restore", backup_file, "--data", company_folder)
    assert told.returncode == 1
    assert "holds data" in told.stderr
    assert run("restore", backup_file, "--data", company_folder, "--replace", "other").returncode == 1
    again = run("restore", backup_file, "--data", company_folder, "--replace", company_folder.name)
    assert again.returncode == 0, again.stderr
    assert not (company_folder / "before-restore").exists()


@pytest.mark.parametrize("moment", ["before-restore", "postgres.new", "postgres", ".restoring-*"])
def test_a_restore_that_is_killed_leaves_what_was_there(moment, backup_file, tmp_path):
    folder = tmp_path / "data"
    assert run("restore", backup_file, "--data", folder).returncode == 0
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "kept.txt").write_text("kept")
    secret = (folder / "keys" / "secret_key").write_text("k3y-" * 9 + "0123456789")

    command = [sys.executable, "-m", "salesmode", "restore", str(backup_file)]
    restoring = subprocess.Popen(
        [*command, "--data", str(folder), "--replace", "data"], env=environment(), stderr=subprocess.DEVNULL
    )
    while not ((folder / "before-restore" / "keys").exists() and any(folder.glob(moment))):
        assert restoring.poll() is None, "the restore was through before it could be killed"
        time.sleep(0.002)
    restoring.kill()
    restoring.wait()
    told = run("token", "create", "--person", "nobody@example.com", "--name", "x", "--data", folder)

    assert "cut off: what was there before is back" in told.stderr
    assert "Nobody here signs in" in told.stderr, "the database that was there answers"
    assert (folder / "files" / "kept.txt").read_text() == "kept"
    assert len((folder / "keys" / "secret_key").read_text()) == secret
    assert not any(folder.glob("*.new"))
    assert not any(folder.glob(".restoring-*"))
    assert run("restore", backup_file, "--data", folder, "--replace", "data").returncode == 0


def test_a_backup_that_was_killed_leaves_nothing_after_the_next(company_folder, tmp_path):
    (tmp_path / ".one.zip.1.salesmode-backup").write_text("half of it")

    assert run("backup", tmp_path / "one.zip", "--data", company_folder).returncode == 0
    assert [place.name for place in tmp_path.iterdir()] == ["one.zip"]


def test_half_a_dump_leaves_the_database_empty(backup_file, tmp_path):
    """A killed restore ends its statements too early: psql must not take the end for a yes."""
    folder = tmp_path / "data"
    with embedded.in_use(folder):
        options = restore.PSQL
        where = embedded.address(folder)
        psql = [str(embedded.binaries() / "psql"), "-h", where["host"], "-U", where["user"], where["dbname"], *options]
        said = subprocess.run(psql, input=restore.BEGIN + b"CREATE TABLE half (id int);", capture_output=True)
        with psycopg.connect(**where) as connection:
            left = connection.execute("SELECT to_regclass('half')").fetchone()
    assert (said.returncode, left) == (0, (None,))


def test_a_folder_in_use_is_not_restored_into(backup_file, company_folder):
    with embedded.in_use(company_folder):
        told = run("restore", backup_file, "--data", company_folder, "--replace", company_folder.name)
    assert told.returncode == 1
    assert "Another program uses" in told.stderr
