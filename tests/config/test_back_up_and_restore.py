import json
import random
import threading
from pathlib import Path

import psycopg
import pytest

from salesmode.config import archive
from salesmode.kernel import embedded
from tests.config.conftest import run

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


def test_a_folder_in_use_is_not_restored_into(backup_file, company_folder):
    with embedded.in_use(company_folder):
        told = run("restore", backup_file, "--data", company_folder, "--replace", company_folder.name)
    assert told.returncode == 1
    assert "Another program uses" in told.stderr
