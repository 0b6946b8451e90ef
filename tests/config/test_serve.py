import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from salesmode.kernel import embedded
from tests.config.conftest import environment, run


@contextmanager
def serving(company_folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """`salesmode serve` on a free port: its address and its process."""
    command = [sys.executable, "-m", "salesmode", "serve", "--port", "0", "--data", str(company_folder)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    yield program.stdout.readline().rsplit(" ", 1)[-1].strip(), psutil.Process(program.pid)
    if program.poll() is None:
        program.terminate()
    program.wait(40)


@pytest.fixture(scope="module")
def served(company_folder):
    """One `salesmode serve` for all tests that leave it running."""
    with serving(company_folder) as it:
        yield it


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=15) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def within(seconds: float, truth: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if truth():
            return True
        time.sleep(0.1)
    return False


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != "zombie"
    except psutil.NoSuchProcess:
        return False


def child(program: psutil.Process, kind: str) -> psutil.Process:
    return next(one for one in program.children(recursive=True) if lives(one) and one.name() == kind)


def test_it_stops_in_good_order_and_leaves_nothing_behind(company_folder):
    with serving(company_folder) as (_address, program):
        children = program.children(recursive=True)
        program.send_signal(signal.SIGTERM)
        assert program.wait(40) == 0
    assert not any(lives(one) for one in children)
    assert not embedded.lives(company_folder)


def test_no_process_outlives_a_supervisor_that_was_killed(company_folder):
    with serving(company_folder) as (_address, program):
        children = [one for one in program.children(recursive=True) if one.name() != "postgres"]
        assert {"web", "worker"} < {one.name() for one in children}
        program.send_signal(signal.SIGKILL)
    assert within(60, lambda: not any(lives(one) for one in children))


def test_it_comes_back_from_every_kill(served, company_folder):
    address, program = served
    assert status(address) == 200

    first = child(program, "web")
    first.send_signal(signal.SIGKILL)
    assert within(60, lambda: status(address) == 200 and child(program, "web").pid != first.pid)

    family = child(program, "family")
    former = child(program, "web")
    family.send_signal(signal.SIGKILL)
    assert within(60, lambda: not lives(former) and status(address) == 200), "what was forked ends with its family"
    assert child(program, "family").pid != family.pid

    postmaster = psutil.Process(embedded._postmaster(company_folder))
    for process in [*postmaster.children(recursive=True), postmaster]:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    assert within(60, lambda: status(address) == 200), "the database is started again without a restart of ours"


def test_what_is_forked_holds_neither_thread_nor_connection():
    look = (
        "import salesmode.config.asgi, threading, uvicorn; from django.db import connection;"
        "assert threading.active_count() == 1;"
        "assert connection.connection is None and not connection._connection_pools"
    )
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, env=environment(), check=False)
    assert seen.returncode == 0, seen.stderr


def test_told_to_stop_twice_it_does_not_wait(company_folder):
    with serving(company_folder) as (_address, program):
        children = program.children(recursive=True)
        child(program, "web").send_signal(signal.SIGSTOP)
        program.send_signal(signal.SIGTERM)
        assert not within(1, lambda: not lives(program))
        program.send_signal(signal.SIGTERM)
        assert within(15, lambda: not lives(program))
    assert not any(lives(one) for one in children)


def test_one_web_process_is_small(served):
    _address, program = served
    assert child(program, "web").memory_info().rss < 200 * 1024**2


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SALESMODE_DEBUG": "yes", "SALESMODE_HOSTS": "sales.example.com"}, "SALESMODE_DEBUG shows secrets"),
        ({"SALESMODE_DEBUG": "perhaps"}, "must be yes or no"),
        ({"SALESMODE_SECRET_KEY": "short"}, "too short"),
        ({"SALESMODE_HOSTS": "*"}, "SALESMODE_HOSTS is *"),
        ({"SALESMODE_PUBLIC_URL": "https://sales.example.com"}, "SALESMODE_BEHIND_PROXY"),
        ({"SALESMODE_PUBLIC_URL": "http://sales.example.com"}, "travel in the open"),
        ({"SALESMODE_PUBLIC_URL": "sales.example.com"}, "must look like"),
        ({"SALESMODE_DATABASE_URL": "mysql://localhost/x"}, "SALESMODE_DATABASE_URL must look like"),
        ({"SALESMODE_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "does not answer"),
    ],
)
def test_unsafe_settings_are_refused_with_one_clear_line(settings, sentence, company_folder):
    told = run("serve", "--port", "0", "--data", company_folder, **settings)
    assert told.returncode == 1
    assert sentence in told.stderr
    assert told.stderr.strip().count("\n") == 0


def test_a_taken_address_is_said_at_once(served, company_folder):
    port = served[0].rsplit(":", 1)[-1]
    told = run("serve", "--port", port, "--data", company_folder)
    assert told.returncode == 1
    assert "Choose another with --port" in told.stderr


def test_a_worker_refuses_tables_that_are_not_there(tmp_path):
    told = run("worker", "--data", tmp_path)
    assert told.returncode == 1
    assert "salesmode migrate" in told.stderr
    assert not os.path.exists(tmp_path / "warehouse")
