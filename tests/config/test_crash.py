"""Processes are killed while people write: what was confirmed is there, and nothing is there by half."""

import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import requests

from salesmode.kernel import embedded
from tests.config.conftest import run
from tests.config.test_serve import child, serving, status, within

EMAIL, PASSWORD = "ed@example.com", "a long pass phrase for tests"
WRITERS, KILLS_OF_WEB, KILLS_OF_DATABASE = 4, 6, 2
PAUSE = random.Random(7)
SOON = 4


@pytest.fixture(scope="module")
def begun(rooms, company_folder) -> Iterator[tuple[str, psutil.Process, Path, str]]:
    """A company that has begun to work: its address, its program, its folder, and the token of a program."""
    folder = rooms() / "data"
    # The server's files belong to the user that it runs as: keep them so.
    subprocess.run(["cp", "-a", company_folder, folder], check=True)
    with serving(folder) as (address, program):
        browser = requests.Session()
        browser.get(f"{address}/setup", timeout=60)
        who = {"person_name": "Ed", "email": EMAIL, "password": PASSWORD}
        company = {"name": "Us", "language": "en", "currency": "CNY", "time_zone": "Asia/Shanghai", "country": "CN"}
        for path, given in (("/setup", who | company | {"fiscal_year_starts_in": 1}), ("/begin/empty", {})):
            answer = browser.post(
                address + path, given, headers={"X-CSRFToken": browser.cookies["salesmode-csrf"]}, timeout=60
            )
            assert answer.status_code == 200, answer.text
        made = run("token", "create", "--person", EMAIL, "--name", "w", "--scope", "write", "--data", folder)
        assert made.returncode == 0, made.stderr
        yield address, program, folder, made.stdout.strip()


class Writer(threading.Thread):
    """A program that opens customers and deals as fast as it is answered, and remembers what was confirmed."""

    def __init__(self, address: str, token: str, number: int, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.address, self.number, self.enough = address, number, enough
        self.headers = {"Authorization": f"Bearer {token}"}
        self.confirmed: dict[str, list[tuple[int, str]]] = {"customers": [], "deals": []}
        self.odd: list[str] = []

    def run(self) -> None:
        """Write until it is enough."""
        turn = 0
        while not self.enough.is_set():
            turn += 1
            name = f"Number {self.number} {turn}"
            for noun, given in (("customers", {"name": name}), ("deals", {"title": name})):
                with suppress(requests.RequestException):
                    answer = requests.post(
                        f"{self.address}/api/v1/{noun}", json=given, headers=self.headers, timeout=30
                    )
                    if answer.status_code == 201:
                        self.confirmed[noun].append((answer.json()["id"], name))
                    elif answer.status_code not in (429, 500, 503):
                        self.odd.append(f"{answer.status_code} {answer.text}")


def _kill_the_database(folder: Path) -> None:
    postmaster = psutil.Process(embedded._postmaster(folder))
    for process in [*postmaster.children(recursive=True), postmaster]:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def test_nothing_that_was_confirmed_is_lost_and_nothing_is_there_by_half(begun):
    address, program, folder, token = begun
    enough = threading.Event()
    writers = [Writer(address, token, number, enough) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for turn in range(KILLS_OF_WEB + KILLS_OF_DATABASE):
        time.sleep(PAUSE.uniform(0.5, 1.5))
        if turn % 4 == 3:
            _kill_the_database(folder)
        else:
            child(program, "web").send_signal(signal.SIGKILL)
        assert within(60, lambda: status(address) == 200), "it answers again by itself"
    time.sleep(1)
    enough.set()
    for writer in writers:
        writer.join(60)

    assert [odd for writer in writers for odd in writer.odd] == []
    with psycopg.connect(**embedded.address(folder)) as connection:
        for noun, table, text, event in (
            ("customers", "customers_customer", "name", "customer.created"),
            ("deals", "selling_deal", "title", "deal.opened"),
        ):
            there = dict(connection.execute(f"select id, {text} from {table}").fetchall())
            confirmed = [each for writer in writers for each in writer.confirmed[noun]]
            told = connection.execute("select subject_id from kernel_eventrecord where name = %s", [event]).fetchall()
            assert len(confirmed) > 20
            assert [each for each in confirmed if there.get(each[0]) != each[1]] == []
            assert sorted(subject for (subject,) in told) == sorted(there)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(**embedded.address(folder), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.parametrize("away", [18])
def test_a_database_that_was_away_is_found_again_at_once(begun, away):
    address, program, folder, token = begun
    enough = threading.Event()
    writers = [Writer(address, token, WRITERS + number, enough) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(1)
    # Whoever starts it again is held, so that the server stays away for as long as we like.
    program.suspend()
    try:
        _kill_the_database(folder)
        time.sleep(away)
    finally:
        program.resume()
    assert within(30, lambda: _answers(folder)), "it is started again"
    back = time.monotonic()
    written = sum(len(writer.confirmed["deals"]) for writer in writers)
    assert within(20, lambda: sum(len(writer.confirmed["deals"]) for writer in writers) > written)
    late = time.monotonic() - back
    enough.set()
    for writer in writers:
        writer.join(60)

    assert late < SOON, f"the first deal was confirmed {late:.1f} s after the server was back"
    assert [odd for writer in writers for odd in writer.odd] == []
