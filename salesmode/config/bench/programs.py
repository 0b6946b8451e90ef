"""Deals opened and moved by programs, over HTTP, beside a bare insert with its event; and what it takes to start."""

import http.client
import itertools
import json
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now

from salesmode.analytics import loader
from salesmode.config.bench import Figure, freshness
from salesmode.customers.models import Customer
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.selling.models import Stage

CLIENTS, WORKERS = 8, 4
# Requests before the clock runs: each process reads its schema and its dictionaries once.
WARM_UP = 100
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


def figures(deals: int, *, over_http: bool) -> Iterator[Figure]:
    """Open and move deals as a seller's program does."""
    seller = Person.objects.filter(role=Person.Role.SELLER, customers__isnull=False).earliest("id")
    _token, secret = people.create_token(
        seller, name=f"bench {time.time()}", scope="write", days=1, by=Person.objects.system(), at=now()
    )
    customer = Customer.objects.filter(owner=seller).earliest("id")
    stages = list(Stage.objects.in_use().order_by("position").values_list("pk", flat=True))
    bare = _bare_per_second(deals)
    if not over_http:
        client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {secret}"})

        def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
            answer = client.post(path, data=json.dumps(body), content_type="application/json")
            return _checked(answer.status_code, answer.content)

        yield from _measured([ask], deals, customer.pk, stages, bare)
        return
    # What was loaded before is no part of this work: let the warehouse have it first.
    loader.load_once()
    with _served() as (port, seconds, server):
        yield Figure("cold start of serve", seconds, "s", 4)
        yield from _with_open_cockpit(port, server)
        asks = [_over_http(port, secret) for _each in range(CLIENTS)]
        yield from _measured(asks, deals, customer.pk, stages, bare)


def _with_open_cockpit(port: int, server: int) -> Iterator[Figure]:
    """Open board, lists and cockpit in every process, see what the largest holds, and how fresh the cockpit stays."""
    client = Client()
    client.force_login(Person.objects.filter(role=Person.Role.DIRECTOR).earliest("id"))
    cookie = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())

    def connect() -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    for _round in range(4 * WORKERS):
        for path in ("/deals/board", "/deals/", "/customers/", "/performance?period=last-12-months"):
            with closing(connect()) as connected:
                connected.request("GET", path, headers={"Cookie": cookie})
                answer = connected.getresponse()
                _checked(answer.status, b"{}" if answer.read() else b"")
    yield Figure("memory of a web process, pages and cockpit open", _megabytes(server), "MB", 200)
    yield freshness.on_cockpit(20, 100, connect, cookie)


def _measured(asks: list[Ask], deals: int, customer_id: int, stages: list[int], bare: float) -> Iterator[Figure]:
    made: list[int] = []
    body = {"title": "云仓升级", "customer_id": customer_id, "amount": {"amount": "1200.00"}}

    def open_one(ask: Ask, _number: int) -> None:
        made.append(ask("/api/v1/deals", body)["id"])

    def move_one(ask: Ask, number: int) -> None:
        ask(f"/api/v1/deals/{made[number]}/move", {"stage_id": stages[1]})

    _driven(asks, open_one, min(deals, WARM_UP))
    made.clear()
    for name, work in (("open a deal through the API", open_one), ("move a deal through the API", move_one)):
        per_second, slow = _driven(asks, work, deals)
        yield Figure(name, per_second, "per second", 250, bare, "bare insert, event, commit", better="more")
        yield Figure(f"{name}, each", slow, "ms, p95", 60)


def _driven(asks: list[Ask], work: Callable[[Ask, int], None], count: int) -> tuple[float, float]:
    numbers, taken, wrong = itertools.count(), [], []

    def drive(ask: Ask) -> None:
        try:
            while (number := next(numbers)) < count:
                begun = time.perf_counter()
                work(ask, number)
                taken.append((time.perf_counter() - begun) * 1000)
        except Exception as error:
            wrong.append(error)

    begun = time.perf_counter()
    threads = [threading.Thread(target=drive, args=(ask,)) for ask in asks[1:]]
    for thread in threads:
        thread.start()
    drive(asks[0])
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return round(count / (time.perf_counter() - begun), 1), round(statistics.quantiles(taken, n=20)[-1], 1)


def _bare_per_second(count: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists bench_bare (id bigserial primary key, title text, facts jsonb)")
    begun = time.perf_counter()
    for _each in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            for _row in range(2):
                cursor.execute("insert into bench_bare (title, facts) values ('x', '{\"deal_id\": 1}')")
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("drop table bench_bare")
    return round(count / seconds, 1)


def _over_http(port: int, secret: str) -> Ask:
    connected = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
        connected.request("POST", path, json.dumps(body).encode(), headers)
        answer = connected.getresponse()
        return _checked(answer.status, answer.read())

    return ask


def _checked(status: int, content: bytes) -> dict[str, Any]:
    if status not in (200, 201):
        raise RuntimeError(f"The API answered {status}: {content[:200].decode()}")
    return json.loads(content)


@contextmanager
def _served() -> Iterator[tuple[int, float, int]]:
    """Serve this data folder; gives the port, the seconds until it answered, and the process."""
    begun = time.perf_counter()
    arguments = [sys.executable, "-m", "salesmode", "serve", "--port", "0", "--workers", str(WORKERS)]
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        said = server.stdout.readline() if server.stdout else ""
        found = re.search(r":(\d+)\s*$", said)
        if found is None:
            raise RuntimeError("salesmode serve did not start.")
        yield int(found[1]), round(time.perf_counter() - begun, 2), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(40)


def _megabytes(parent: int) -> float:
    """Return the memory of the largest web process; what several processes share counts to each in part."""
    sizes = []
    for child in psutil.Process(parent).children(recursive=True):
        if child.name() == "web":
            shares = re.search(r"^Pss: +(\d+)", Path(f"/proc/{child.pid}/smaps_rollup").read_text(), re.MULTILINE)
            sizes.append(int(shares[1]) / 1024 if shares else 0.0)
    return round(max(sizes), 1)
