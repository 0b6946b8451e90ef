"""A worker that is killed while a file comes in loses no row and makes none twice, and however often, it gets on."""

import pytest
from django.db import connection

from salesmode.customers.models import Contact, Customer
from salesmode.exchange import operations
from salesmode.exchange.models import ImportRun
from salesmode.kernel import jobs
from salesmode.kernel.models import EventRecord, SearchEntry
from tests.conftest import MONDAY
from tests.exchange.conftest import csv_of
from tests.kernel.racing import awaited
from tests.kernel.test_worker_killed import begun, wait_for

ROWS, MOST_LIVES = 400, 6
# More rows at once take longer than this worker lives: it has written them, and not committed, when it is killed.
WORKER = """
import os, pathlib, time
import django
from django.conf import settings
django.setup()
settings.MEDIA_ROOT = pathlib.Path(os.environ["FILES"])
from salesmode.exchange.rows import Bringing
from salesmode.kernel import jobs

bring_in = Bringing.bring_in

def slowly(self, rows, *, at):
    rows = list(rows)
    done = bring_in(self, rows, at=at)
    if len(rows) > 150:
        pathlib.Path(os.environ["STARTED"]).touch()
        time.sleep(600)
    return done

Bringing.bring_in = slowly
jobs.run_worker(concurrency=1)
"""


@pytest.fixture
def waiting(transactional_db, receive, ed) -> ImportRun:
    """A file of four hundred customers, each with a contact and one in ten not fit, that waits for a worker."""
    rows = [(f"Number {number}", "Z" if number % 10 == 0 else "A", f"Who {number}") for number in range(ROWS)]
    run = receive(csv_of(("客户名称", "客户级别", "联系人"), *rows))
    operations.prepare_import(run, by=ed, at=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    operations.request_import(run, by=ed, at=MONDAY)
    return run


def test_each_life_of_a_worker_brings_the_file_further_and_nothing_comes_in_twice(waiting, tmp_path, settings):
    run, came = waiting, []

    for _life in range(MOST_LIVES):
        (tmp_path / "started").unlink(missing_ok=True)
        alive = begun(WORKER, tmp_path, FILES=str(settings.MEDIA_ROOT))

        def is_over() -> bool:
            run.refresh_from_db()
            return (tmp_path / "started").exists() or run.status == "done"

        wait_for(is_over, tmp_path)
        alive.kill()
        alive.wait()
        run.refresh_from_db()
        came.append(run.done)
        assert run.lines.count() == run.done
        assert Customer.objects.count() == run.created
        if run.status == "done":
            break
        awaited(jobs.requeue(0))

    assert len(came) > 2
    assert came == sorted(set(came)), came
    assert (run.status, run.done, run.created, run.failed) == ("done", ROWS, ROWS * 9 // 10, ROWS // 10)
    assert set(run.lines.values_list("number", flat=True)) == set(range(2, ROWS + 2))
    assert Customer.objects.values("name").distinct().count() == Customer.objects.count() == run.created
    assert Contact.objects.values("name").distinct().count() == Contact.objects.count() == run.created
    for name in ("customer.created", "contact.created"):
        told = EventRecord.objects.filter(name=name).values_list("subject_id", flat=True)
        assert len(told) == len(set(told)) == run.created
    assert SearchEntry.objects.filter(kind="customer").count() == run.created
    assert EventRecord.objects.filter(name="import.finished").count() == 1
