"""Work after the commit: deliver events to their subscribers, and do what the clock asks.

The job library is named only here.
"""

import importlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import close_old_connections, connection, transaction
from django.utils.timezone import now
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from salesmode.kernel import watch
from salesmode.kernel.clock import SCHEDULE, every
from salesmode.kernel.watch import watched

if TYPE_CHECKING:
    from salesmode.kernel.models import EventRecord

__all__ = [
    "DELIVER_ONCE",
    "Failed",
    "every",
    "failed",
    "lasting",
    "run_waiting_jobs",
    "run_worker",
    "struggling",
    "try_again",
    "waiting",
]

log = logging.getLogger(__name__)
# Waits 4, 16, 64 ... seconds: the eighth and last try comes some six hours after the first.
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=4)
STALLED_AFTER_SECONDS = 60
# Work whose worker died so often is what kills it, or hangs: it is given up like what has failed for good.
MOST_DEATHS = 20
# One job delivers so many events, or works so long, and leaves the rest to the next: a worker can be stopped between,
# one that was killed tells little twice, and nobody's events wait behind a large import.
SLICE_EVENTS = 500
SLICE_SECONDS = 2.0
SLICE_TRANSACTIONS = 200
# Marks further ahead of the clock than this were made while it ran ahead.
AHEAD = timedelta(hours=1)

# In a transaction's first awaited event this enqueues one job for all its events. The mark is a local setting: it ends
# with the transaction, and a savepoint that is rolled back takes it along with the job.
DELIVER_ONCE = """
    case when coalesce(current_setting('salesmode.delivered', true), '') <> pg_current_xact_id()::text then
        (select set_config('salesmode.delivered', pg_current_xact_id()::text, true)
             || procrastinate_defer_jobs_v1(array[row('events', 'deliver', 0, null, null,
                    jsonb_build_object('xid', pg_current_xact_id()::text::bigint), null
                )::procrastinate_job_to_defer_v1])::text) end
"""


def enqueue_delivery() -> None:
    """Enqueue one job that delivers all events of the running transaction, unless there is one."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {DELIVER_ONCE}")


@contextmanager
def _fresh_connection() -> Iterator[None]:
    """Use a connection that works, and give it back afterwards: a worker outlives many a database restart."""
    if connection.in_atomic_block:
        yield
        return
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


# Deliveries that nobody has begun yet are taken along by the one that begins: their transactions are written into its
# own job before it works, in the statement that removes theirs, so that a worker that is killed loses none of them.
_TAKE_ALONG = """
with waiting as (
    select id from procrastinate_jobs
    where status = 'todo' and task_name = 'deliver' and attempts = 0 and scheduled_at is null
      and not args ?| array['after', 'also']
    order by id limit %s for update skip locked
),
taken as (
    delete from procrastinate_jobs where id in (select id from waiting) returning args->'xid' as xid
)
update procrastinate_jobs set args = args || jsonb_build_object('also', (select jsonb_agg(xid) from taken))
where id = %s and exists (select from taken) returning args->'also'
"""


@app.task(name="deliver", queue="events", retry=PATIENCE, pass_context=True)
def deliver(context: JobContext | None = None, *, xid: int, after: int = 0, also: Sequence[int] = ()) -> None:
    """Tell every subscriber what happened in some transactions, slice by slice; one that fails is retried alone."""
    from salesmode.kernel.events import TOGETHER, subscribers_of
    from salesmode.kernel.models import EventRecord

    with _fresh_connection():
        if context is not None and context.job.id is not None and not after and not also:
            also = _take_along(context.job.id)
        until = time.monotonic() + SLICE_SECONDS
        rows = EventRecord.objects.filter(xid__in=[xid, *also], pk__gt=after).order_by("id")[:SLICE_EVENTS]
        gathered: dict[Callable[..., None], list[EventRecord]] = {}
        for number, row in enumerate(rows, start=1):
            for reaction in subscribers_of(row.name):
                if reaction in TOGETHER:
                    gathered.setdefault(reaction, []).append(row)
                else:
                    _try_to_tell(reaction, [row])
            if number == SLICE_EVENTS or time.monotonic() > until:
                deliver.defer(xid=xid, after=row.pk, also=list(also))
                break
        for reaction, some in gathered.items():
            _try_to_tell(reaction, some)


def _take_along(job_id: int) -> list[int]:
    """Let a delivery do the work of those that wait; returns their transactions."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ALONG, [SLICE_TRANSACTIONS, job_id])
        row = cursor.fetchone()
    return _args(row[0]) if row else []  # type: ignore[return-value]


def _try_to_tell(reaction: Callable[..., None], rows: "Sequence[EventRecord]") -> None:
    """Tell one subscriber; when that fails, try again later, event by event."""
    from salesmode.kernel.events import reaction_name

    try:
        _tell(reaction, rows)
    except Exception:
        name = reaction_name(reaction)
        log.exception("reaction_failed", extra={"reaction": name, "event_ids": [row.pk for row in rows[:20]]})
        for row in rows:
            react.configure(schedule_in={"seconds": 4}).defer(reaction=name, event_id=row.pk)


@app.task(name="react", queue="events", retry=PATIENCE)
def react(*, reaction: str, event_id: int) -> None:
    """Tell one subscriber about one event again."""
    from salesmode.kernel.models import EventRecord

    module, _dot, function = reaction.rpartition(".")
    with _fresh_connection():
        _tell(getattr(importlib.import_module(module), function), [EventRecord.objects.get(pk=event_id)])


def _tell(reaction: Callable[..., None], rows: "Sequence[EventRecord]") -> None:
    from salesmode.kernel.events import TOGETHER, reaction_name, typed

    with watched(reaction_name(reaction)), transaction.atomic():
        if reaction in TOGETHER:
            reaction([(typed(row), row.happened_at) for row in rows])
        else:
            for row in rows:
                reaction(typed(row), at=row.happened_at)


_MARK = """
insert into kernel_clockmark as mark (name, last_at) values (%s, %s)
on conflict (name) do update set last_at = excluded.last_at where mark.last_at < excluded.last_at
returning name
"""


@app.periodic(cron="* * * * *")
@app.task(name="tick", queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    """Look once a minute what the clock asks for, in the company's time zone, and enqueue it."""
    from salesmode.kernel.models import ClockMark, Company

    with _fresh_connection():
        moment = datetime.fromtimestamp(timestamp, tz=Company.objects.current().zone)
        # A clock that ran ahead and was put right must not keep everything waiting until it gets there again.
        ClockMark.objects.filter(last_at__gt=now() + AHEAD).update(last_at=moment)
        marks = dict(ClockMark.objects.values_list("name", "last_at"))
        for scheduled in SCHEDULE.values():
            due = scheduled.last_due(moment)
            # What is new waits for its time; what was missed while nobody worked is done once, late.
            if scheduled.name not in marks and due < moment.replace(second=0, microsecond=0):
                _enqueue_once(scheduled.name, due, run=False)
            elif scheduled.name not in marks or marks[scheduled.name] < due:
                _enqueue_once(scheduled.name, due, run=True)


def _enqueue_once(name: str, due: datetime, *, run: bool) -> None:
    """Let the first who moves the mark enqueue the work, in the same transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MARK, [name, due])
        if cursor.fetchone() and run:
            run_scheduled.defer(name=name, at=due.isoformat())


@app.task(name="run_scheduled", queue="clock", retry=PATIENCE)
def run_scheduled(*, name: str, at: str) -> None:
    """Do one thing that the clock asked for."""
    with _fresh_connection():
        if name in SCHEDULE:
            with watched(name):
                SCHEDULE[name].run(at=datetime.fromisoformat(at))


@app.periodic(cron="* * * * *")
@app.task(name="requeue_stalled", queue="clock", queueing_lock="requeue_stalled")
async def requeue_stalled(timestamp: int) -> None:
    """Give jobs back to the queue whose worker died."""
    await requeue(STALLED_AFTER_SECONDS)


async def requeue(seconds: float) -> int:
    """Give back the jobs of workers that were silent for so long, or give them up; returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        if job.attempts >= MOST_DEATHS:
            log.error("work_given_up", extra={"job": job.id, "task": job.task_name})
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job, retry_at=now())
    return len(stalled)


def run_worker(*, concurrency: int = 2) -> None:
    """Work until told to stop."""
    watch.begin()
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(concurrency=concurrency, delete_jobs="successful", shutdown_graceful_timeout=20)


@dataclass(frozen=True)
class Failed:
    """A piece of work that was tried as often as patience allows."""

    id: int
    name: str
    details: dict[str, Any]
    attempts: int


def failed(*, most: int = 100) -> list[Failed]:
    """Return the work that was given up, newest first, for doctor and the settings page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, task_name, args, attempts from procrastinate_jobs where status = 'failed' "
            "order by id desc limit %s",
            [most],
        )
        return [Failed(pk, name, _args(args), attempts) for pk, name, args, attempts in cursor.fetchall()]


def struggling(*, tries: int) -> dict[str, int]:
    """Count the work that has failed so often and is tried again, by the reaction or the task."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(args->>'reaction', args->>'name', task_name) as what, count(*) from procrastinate_jobs "
            "where status in ('todo', 'doing') and attempts >= %s group by what order by what",
            [tries],
        )
        return dict(cursor.fetchall())


def lasting(*, seconds: float) -> dict[str, int]:
    """Return the work that has been going on for longer than that, and for how many minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(args->>'reaction', args->>'name', task_name), "
            "extract(epoch from clock_timestamp() - max(at))::int / 60 "
            "from procrastinate_jobs job join procrastinate_events event on event.job_id = job.id "
            "where status = 'doing' and event.type = 'started' "
            "group by job.id having max(at) < clock_timestamp() - make_interval(secs => %s) order by job.id",
            [seconds],
        )
        return dict(cursor.fetchall())


def waiting() -> dict[str, int]:
    """Count the work that waits, runs, waits for another try, or was given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where status = 'todo' and attempts = 0), "
            "count(*) filter (where status = 'doing'), count(*) filter (where status = 'todo' and attempts > 0), "
            "count(*) filter (where status = 'failed') from procrastinate_jobs"
        )
        return dict(zip(("waiting", "running", "retrying", "failed"), cursor.fetchone(), strict=True))


def try_again(job_id: int) -> bool:
    """Put work that was given up back into the queue, with new patience; says whether there was such work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null "
            "where id = %s and status = 'failed' returning id",
            [job_id],
        )
        return cursor.fetchone() is not None


def run_waiting_jobs(*, most: int = 10_000) -> int:
    """Do every job that waits, here and now, and return how many: for commands and tests without a worker."""
    done = 0
    while done < most:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "delete from procrastinate_jobs where id = (select id from procrastinate_jobs where status = 'todo' "
                "order by id limit 1 for update skip locked) returning task_name, args"
            )
            row = cursor.fetchone()
            if row is None:
                # In a test all is one transaction: what comes next in it wants a job of its own.
                cursor.execute("select set_config('salesmode.delivered', '', true)")
                return done
            app.tasks[row[0]].func(**_args(row[1]))
        done += 1
    return done


def _args(stored: Any) -> dict[str, Any]:
    return json.loads(stored) if isinstance(stored, str) else stored
