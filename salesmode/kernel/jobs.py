"""Work after the commit: deliver events to their subscribers, and do what the clock asks. The job library is named only here."""

import importlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.timezone import now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

log = logging.getLogger(__name__)
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=4)


@dataclass(frozen=True)
class Scheduled:
    """Something the clock asks for: at a time of day, or every so many minutes, in the company's time zone."""

    name: str
    run: Callable[..., None]
    minutes: int | None
    at: str | None
    weekday: int | None
    monthday: int | None

    def is_due(self, local: datetime) -> bool:
        """Say whether this belongs to the given local minute."""
        if self.minutes is not None:
            return (local.hour * 60 + local.minute) % self.minutes == 0
        if self.weekday is not None and local.weekday() != self.weekday:
            return False
        if self.monthday is not None and local.day != self.monthday:
            return False
        return f"{local:%H:%M}" == self.at


SCHEDULE: dict[str, Scheduled] = {}


def every(
    unit: str, *, at: str | None = None, count: int = 1, weekday: int | None = None, monthday: int | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Ask the clock for something: `@every("minute", count=5)`, `@every("day", at="06:00")`, `@every("week", weekday=0, at="08:00")`."""
    minutes = {"minute": count, "hour": 60 * count}.get(unit)

    def schedule(run: Callable[..., None]) -> Callable[..., None]:
        name = f"{run.__module__}.{run.__qualname__}"
        SCHEDULE[name] = Scheduled(name, run, minutes, at or "00:00", weekday, monthday)
        return run

    return schedule


def enqueue_delivery() -> None:
    """Enqueue one job that delivers all events of the running transaction.

    A savepoint that is rolled back takes its job along, so the mark remembers in which savepoint it was made.
    """
    inside = tuple(connection.savepoint_ids)
    number = _transaction_number()
    marked = getattr(connection, "delivery_enqueued_in", None)
    if marked is not None and marked[0] == number and marked[1] == inside[: len(marked[1])]:
        return
    deliver.defer(xid=number)
    connection.delivery_enqueued_in = (number, inside)


def _transaction_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


@app.task(name="deliver", queue="events", retry=PATIENCE)
def deliver(*, xid: int) -> None:
    """Tell every subscriber what happened in one transaction; one that fails is retried alone."""
    from salesmode.kernel.events import reaction_name, subscribers_of
    from salesmode.kernel.models import EventRecord

    for row in EventRecord.objects.filter(xid=xid).order_by("id"):
        for reaction in subscribers_of(row.name):
            try:
                _tell(reaction, row)
            except Exception:
                log.exception("reaction_failed", extra={"reaction": reaction_name(reaction), "event_id": row.pk})
                react.configure(schedule_in={"seconds": 4}).defer(reaction=reaction_name(reaction), event_id=row.pk)


@app.task(name="react", queue="events", retry=PATIENCE)
def react(*, reaction: str, event_id: int) -> None:
    """Tell one subscriber about one event again."""
    from salesmode.kernel.models import EventRecord

    module, _, function = reaction.rpartition(".")
    _tell(getattr(importlib.import_module(module), function), EventRecord.objects.get(pk=event_id))


def _tell(reaction: Callable[..., None], row) -> None:
    from salesmode.kernel.events import typed

    with transaction.atomic():
        reaction(typed(row), at=row.happened_at)


@app.periodic(cron="* * * * *")
@app.task(name="tick", queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    """Look once a minute what the clock asks for, in the company's time zone, and enqueue it."""
    from salesmode.kernel.models import Company

    moment = datetime.fromtimestamp(timestamp, tz=Company.objects.current().zone)
    for scheduled in SCHEDULE.values():
        if scheduled.is_due(moment):
            run_scheduled.configure(queueing_lock=f"{scheduled.name}@{timestamp}").defer(
                name=scheduled.name, at=moment.isoformat()
            )


@app.task(name="run_scheduled", queue="clock", retry=PATIENCE)
def run_scheduled(*, name: str, at: str) -> None:
    """Do one thing that the clock asked for."""
    SCHEDULE[name].run(at=datetime.fromisoformat(at))


@app.periodic(cron="*/5 * * * *")
@app.task(name="requeue_stalled", queue="clock", queueing_lock="requeue_stalled")
async def requeue_stalled(timestamp: int) -> None:
    """Give jobs back to the queue whose worker died."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(job, retry_at=now() + timedelta(seconds=1))


def run_worker(*, concurrency: int = 2) -> None:
    """Work until told to stop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(concurrency=concurrency, delete_jobs="successful", shutdown_graceful_timeout=20)


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
                return done
            args = json.loads(row[1]) if isinstance(row[1], str) else row[1]
            app.tasks[row[0]].func(**args)
        done += 1
    return done
