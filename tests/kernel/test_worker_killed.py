"""A worker that is killed loses nothing: what it was doing is undone and done by the next."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from salesmode.kernel import events, jobs, watch
from salesmode.kernel.events import Event, on, record
from salesmode.kernel.models import Company, NumberSeries
from tests.conftest import MONDAY
from tests.kernel.racing import awaited

PATIENCE_SECONDS = 40
WORKER = """
import os, pathlib, time
import django
django.setup()
from salesmode.kernel import jobs, watch
from salesmode.kernel.events import on
from salesmode.kernel.models import NumberSeries
from tests.kernel.test_worker_killed import ParcelSent

@on(ParcelSent)
def deliver_the_parcel(event, *, at):
    NumberSeries.objects.create(name=f"parcel {event.parcel_id} {time.time_ns()}")
    pathlib.Path(os.environ["STARTED"]).touch()
    time.sleep(float(os.environ["SLOWLY"]))

watch.HANGS_SECONDS, watch.LOOK_SECONDS = float(os.environ.get("PATIENT", 1800)), 0.1
jobs.run_worker(concurrency=1)
"""


class ParcelSent(Event):
    """A parcel is on its way."""

    name: ClassVar[str] = "parcel.sent"
    parcel_id: int


def begun(program: str, folder: Path, **more: str) -> subprocess.Popen:
    """A worker in a process of its own, on the tests' database: its program says in STARTED that it has begun."""
    address = urlsplit(os.environ["SALESMODE_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    mine = {
        "SALESMODE_DATABASE_URL": address.geturl(),
        "DJANGO_SETTINGS_MODULE": "salesmode.config.settings",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "STARTED": str(folder / "started"),
    }
    env = os.environ | mine | more
    return subprocess.Popen([sys.executable, "-c", program], env=env, stderr=(folder / "log").open("a"))


def worker(folder: Path, *, slowly: float) -> subprocess.Popen:
    return begun(WORKER, folder, SLOWLY=str(slowly))


def wait_for(happened, folder: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > until:
            pytest.fail("It did not happen: " + (folder / "log").read_text()[-2000:])
        time.sleep(0.1)


def _send_a_parcel() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    with transaction.atomic():
        record(ParcelSent(parcel_id=7), by=Company(pk=1), at=MONDAY)


def test_work_that_hangs_ends_its_worker_with_a_line_in_the_log(transactional_db, tmp_path, monkeypatch):
    monkeypatch.setattr(events, "SUBSCRIBERS", {})
    monkeypatch.setenv("PATIENT", "0.5")
    on(ParcelSent)(print)
    _send_a_parcel()

    assert worker(tmp_path, slowly=PATIENCE_SECONDS).wait(PATIENCE_SECONDS) == watch.HUNG

    assert "work_hangs" in (tmp_path / "log").read_text()
    assert NumberSeries.objects.filter(name__startswith="parcel").count() == 0
    assert awaited(jobs.requeue(0)) == 1


def test_work_that_kills_every_worker_is_given_up(transactional_db, monkeypatch):
    monkeypatch.setattr(events, "SUBSCRIBERS", {})
    on(ParcelSent)(print)
    _send_a_parcel()
    for deaths, given_up in ((jobs.MOST_DEATHS - 1, 0), (jobs.MOST_DEATHS, 1)):
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'doing', attempts = %s", [deaths])
        assert awaited(jobs.requeue(0)) == 1
        assert jobs.waiting()["failed"] == given_up


def test_work_that_takes_long_is_told_apart(transactional_db, monkeypatch):
    monkeypatch.setattr(events, "SUBSCRIBERS", {})
    on(ParcelSent)(print)
    _send_a_parcel()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
        assert jobs.lasting(seconds=600) == {}
        cursor.execute("update procrastinate_events set at = at - interval '11 minutes 10 seconds'")
    assert jobs.lasting(seconds=600) == {"deliver": 11}


def test_a_killed_workers_job_is_done_once_by_the_next(transactional_db, tmp_path, monkeypatch):
    monkeypatch.setattr(events, "SUBSCRIBERS", {})
    on(ParcelSent)(print)
    _send_a_parcel()

    first = worker(tmp_path, slowly=60)
    wait_for((tmp_path / "started").exists, tmp_path)
    first.kill()
    first.wait()
    assert jobs.waiting()["running"] == 1
    assert awaited(jobs.requeue(0)) == 1

    second = worker(tmp_path, slowly=0)
    try:
        wait_for(NumberSeries.objects.filter(name__startswith="parcel 7").exists, tmp_path)
        wait_for(lambda: jobs.waiting()["running"] == 0, tmp_path)
    finally:
        second.terminate()
        second.wait(30)
    assert NumberSeries.objects.filter(name__startswith="parcel").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'deliver'")
        assert cursor.fetchone()[0] == 0
