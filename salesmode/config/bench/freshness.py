"""How soon numbers know what happened while much happens: p95 over all events, not over a few told one at a time."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import psycopg

from salesmode.analytics import loader, manifest
from salesmode.analytics.measure import measure
from salesmode.config.bench import Figure
from salesmode.kernel.live import CHANNEL
from salesmode.kernel.periods import Period

FACT = "deal_outcomes"
BATCHES_A_SECOND = 20
PATIENCE_SECONDS = 30
_INSERT = """
insert into kernel_eventrecord (name, subject_kind, subject_id, related, actor_id, happened_at, facts)
select 'deal.won', 'deal', n, '{}', 1, now(), jsonb_build_object('deal_id', n, 'owner_id', 1 + n %% 40, 'outcome',
    'won', 'company_amount', '1200.00', 'opened_at', now() - interval '30 days')
from generate_series(1, %s) n
"""
Connect = Callable[[], http.client.HTTPConnection]


@contextmanager
def _loading() -> Iterator[None]:
    """Have the warehouse loaded beside, as the worker of `serve` does."""
    stop = threading.Event()
    thread = threading.Thread(target=loader.run_forever, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)


def in_metric(seconds: float, per_second: int) -> Figure:
    """Let events happen at a steady pace while the warehouse is loaded; see when a metric counts each of them."""
    period = Period.parse("today")

    def counted() -> int:
        return _rows() if measure("won_count", period, series=False).value is not None else 0

    with _loading():
        value = _lag(seconds, per_second, counted, lambda: time.sleep(0.05))
    return Figure(f"event to metric, {per_second:,} a second", value, "ms, p95", 3_000)


def on_cockpit(
    seconds: float, per_second: int, connect: Callable[[], http.client.HTTPConnection], cookie: str
) -> Figure:
    """The same on a cockpit that is open in a browser: it is told of the load, and fetches its figures."""
    headers = {"Cookie": cookie}
    with closing(connect()) as live, closing(connect()) as page:
        live.request("GET", "/live?topics=warehouse", headers=headers)
        told = live.getresponse()
        if told.status != 200:
            raise RuntimeError(f"/live answered {told.status}.")

        def wait() -> None:
            with suppress(TimeoutError):
                while b"event: warehouse.loaded" not in told.fp.readline():
                    pass

        def shown() -> int:
            rows = _rows()
            page.request("GET", "/performance/figures", headers=headers)
            answer = page.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"/performance/figures answered {answer.status}.")
            return rows

        value = _lag(seconds, per_second, shown, wait)
    return Figure(f"event to open cockpit, {per_second:,} a second", value, "ms, p95", 2_000)


def _rows() -> int:
    fact = manifest.current().facts.get(FACT)
    return fact.rows if fact else 0


def _lag(seconds: float, per_second: int, seen: Callable[[], int], wait: Callable[[], None]) -> float:
    """Return what 95 of 100 events waited at most until they were seen; `seen` returns how many are."""
    start, batches, size = _rows(), round(seconds * BATCHES_A_SECOND), max(1, per_second // BATCHES_A_SECOND)
    committed: list[float] = []
    thread = threading.Thread(target=_happen, args=(committed, batches, size), daemon=True)
    thread.start()
    lags: list[float] = []
    while len(lags) < batches:
        wait()
        known = (seen() - start) // size
        moment = time.perf_counter()
        lags += [(moment - at) * 1000 for at in committed[len(lags) : known]]
        if len(committed) == batches and moment - committed[-1] > PATIENCE_SECONDS:
            # What nobody has seen by now waited at least so long: a figure, and a bad one.
            lags += [(moment - at) * 1000 for at in committed[len(lags) :]]
    thread.join()
    return round(statistics.quantiles(lags, n=20, method="inclusive")[-1], 1)


def _happen(committed: list[float], batches: int, size: int) -> None:
    """Commit batches of events at a steady pace, each announced as an operation's are."""
    message = json.dumps({"names": ["deal.won"], "related": [], "owners": [1]})
    with closing(psycopg.connect(**loader.where(), autocommit=True)) as connection:
        due = time.perf_counter()
        for _batch in range(batches):
            with connection.transaction():
                connection.execute(_INSERT, [size])
                connection.execute("select pg_notify(%s, %s)", [CHANNEL, message])
            committed.append(time.perf_counter())
            due += 1 / BATCHES_A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
