"""Events reach their subscribers, each for itself; the clock asks once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils.timezone import now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from salesmode.config import doctor
from salesmode.kernel import events, jobs, live
from salesmode.kernel.clock import SCHEDULE, Scheduled
from salesmode.kernel.events import Event, on, record, record_many
from salesmode.kernel.models import ClockMark, Company, EventRecord
from salesmode.kernel.refusals import Refusal
from tests.conftest import MONDAY


class ThingDone(Event):
    """Something was done to a thing."""

    name: ClassVar[str] = "thing.done"
    thing_id: int
    owner_id: int | None = None


class ThingSeen(Event):
    """Somebody looked at a thing, which interests nobody."""

    name: ClassVar[str] = "thing.seen"
    thing_id: int


TOLD: list[tuple[str, int]] = []


def first(event: ThingDone, *, at: datetime) -> None:
    TOLD.append(("first", event.thing_id))


def broken(event: ThingDone, *, at: datetime) -> None:
    EventRecord.objects.create(
        name="half.done", subject_kind="half", subject_id=1, actor_id=1, happened_at=at, facts={}
    )
    raise Refusal("Not today.")


def last(event: ThingDone, *, at: datetime) -> None:
    TOLD.append(("last", event.thing_id))


def all_of_them(told: list[tuple[ThingDone, datetime]]) -> None:
    TOLD.append((" ".join(str(event.thing_id) for event, at in told if at == MONDAY), len(told)))


def all_but_the_second(told: list[tuple[ThingDone, datetime]]) -> None:
    if any(event.thing_id == 1 for event, _at in told):
        raise Refusal("Not today.")
    all_of_them(told)


@pytest.fixture(autouse=True)
def listeners(db, monkeypatch):
    """Let only the listeners of this file hear, and begin with an empty queue."""
    TOLD.clear()
    monkeypatch.setattr(events, "SUBSCRIBERS", {})
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def undone(number: int, by) -> None:
    with transaction.atomic():
        record(ThingDone(thing_id=number), by=by, at=MONDAY)
        transaction.set_rollback(True)


def queued() -> list[tuple[str, dict]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, args from procrastinate_jobs where status = 'todo' order by id")
        return [(name, jobs._args(args)) for name, args in cursor.fetchall()]


def begin_first_job() -> tuple[int, list[dict]]:
    """Begin the first job as a worker does; returns its key and the arguments of all that wait, its own first."""
    waiting = [args for _name, args in queued()]
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' "
            "where id = (select min(id) from procrastinate_jobs where status = 'todo') returning id"
        )
        return cursor.fetchone()[0], waiting


def a_context(job_id: int) -> JobContext:
    job = Job(id=job_id, queue="events", lock=None, queueing_lock=None, task_name="deliver")
    return JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None)


class TestRecord:
    def test_is_one_round_trip(self, system, django_assert_num_queries):
        on(ThingDone)(first)

        with django_assert_num_queries(1):
            record(ThingDone(thing_id=1), by=system, at=MONDAY)

    def test_keeps_what_it_was_given_and_reads_it_back(self, system):
        row = record(ThingDone(thing_id=7, owner_id=3), by=system, at=MONDAY)

        stored = EventRecord.objects.get(pk=row.pk)
        assert events.typed(stored) == ThingDone(thing_id=7, owner_id=3)
        assert (stored.related, stored.happened_at, stored.xid) == (["thing:7"], MONDAY, row.xid)
        assert row.facts == stored.facts

    def test_is_refused_outside_a_transaction(self, transactional_db):
        with pytest.raises(RuntimeError):
            record(ThingDone(thing_id=1), by=Company(pk=1), at=MONDAY)

    def test_in_bulk_keeps_the_same(self, system):
        on(ThingDone)(first)
        record_many([(ThingDone(thing_id=n, owner_id=1), MONDAY) for n in range(500)], by=system)

        row = EventRecord.objects.get(name="thing.done", subject_id=3)
        assert events.typed(row) == ThingDone(thing_id=3, owner_id=1)
        assert len(queued()) == 1


class TestDelivery:
    def test_takes_one_job_for_all_events_of_a_transaction(self, system):
        on(ThingDone)(first)

        for number in range(3):
            record(ThingDone(thing_id=number), by=system, at=MONDAY)

        assert [name for name, _args in queued()] == ["deliver"]
        jobs.run_waiting_jobs()
        assert TOLD == [("first", 0), ("first", 1), ("first", 2)]

    def test_takes_no_job_where_nobody_listens(self, system):
        record(ThingSeen(thing_id=1), by=system, at=MONDAY)

        assert queued() == []

    def test_a_rolled_back_savepoint_takes_its_job_along_and_leaves_the_next_one_its_own(self, system):
        on(ThingDone)(first)
        undone(1, system)
        assert queued() == []

        record(ThingDone(thing_id=2), by=system, at=MONDAY)
        undone(3, system)

        assert len(queued()) == 1
        jobs.run_waiting_jobs()
        assert TOLD == [("first", 2)]

    def test_the_next_transaction_has_a_job_of_its_own(self, transactional_db):
        on(ThingDone)(first)
        for number in range(2):
            with transaction.atomic():
                record(ThingDone(thing_id=number), by=Company(pk=1), at=MONDAY)

        assert [name for name, _args in queued()] == ["deliver", "deliver"]
        jobs.run_waiting_jobs()
        assert TOLD == [("first", 0), ("first", 1)]

    def test_of_a_large_transaction_goes_on_in_a_job_of_its_own(self, transactional_db, monkeypatch):
        monkeypatch.setattr(jobs, "SLICE_EVENTS", 2)
        on(ThingDone)(first)
        with transaction.atomic():
            for number in range(5):
                record(ThingDone(thing_id=number), by=Company(pk=1), at=MONDAY)

        for told in (2, 4, 5):
            assert len(queued()) == 1
            jobs.run_waiting_jobs(most=1)
            assert [("first", number) for number in range(told)] == TOLD
        assert queued() == []

    def test_stops_after_a_while_so_that_a_worker_can_be_stopped(self, transactional_db, monkeypatch):
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)
        on(ThingDone)(first)
        with transaction.atomic():
            record_many([(ThingDone(thing_id=number), MONDAY) for number in range(3)], by=Company(pk=1))

        jobs.run_waiting_jobs(most=1)
        assert TOLD == [("first", 0)]
        jobs.run_waiting_jobs()
        assert TOLD == [("first", 0), ("first", 1), ("first", 2)]

    def test_takes_those_along_that_wait_and_keeps_them_in_its_job_until_it_is_done(self, transactional_db):
        on(ThingDone)(first)
        for number in range(4):
            with transaction.atomic():
                record(ThingDone(thing_id=number), by=Company(pk=1), at=MONDAY)
        begun, others = begin_first_job()

        jobs.deliver.func(a_context(begun), xid=others[0]["xid"])

        assert [("first", number) for number in range(4)] == TOLD
        assert queued() == []
        with connection.cursor() as cursor:
            cursor.execute("select args from procrastinate_jobs where id = %s", [begun])
            kept = jobs._args(cursor.fetchone()[0])
        assert sorted([kept["xid"], *kept["also"]]) == sorted(args["xid"] for args in others)

    def test_leaves_alone_what_is_being_tried_again_or_goes_on_from_another_slice(self, transactional_db):
        on(ThingDone)(first)
        for number in range(3):
            with transaction.atomic():
                record(ThingDone(thing_id=number), by=Company(pk=1), at=MONDAY)
        begun, (mine, second, third) = begin_first_job()
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set attempts = 1 where args->>'xid' = %s", [str(second["xid"])])
            goes_on = "update procrastinate_jobs set args = args || '{\"after\": 1}' where args->>'xid' = %s"
            cursor.execute(goes_on, [str(third["xid"])])

        jobs.deliver.func(a_context(begun), xid=mine["xid"])

        assert TOLD == [("first", 0)]
        assert len(queued()) == 2

    def test_gives_all_at_once_to_who_wants_them_together(self, transactional_db, monkeypatch):
        monkeypatch.setattr(events, "TOGETHER", set())
        on(ThingDone, together=True)(all_of_them)
        for number in range(3):
            with transaction.atomic():
                record(ThingDone(thing_id=number), by=Company(pk=1), at=MONDAY)
        begun, (mine, *_others) = begin_first_job()

        jobs.deliver.func(a_context(begun), xid=mine["xid"])

        assert TOLD == [("0 1 2", 3)]

    def test_together_that_fails_is_tried_again_one_by_one(self, system, monkeypatch):
        monkeypatch.setattr(events, "TOGETHER", set())
        on(ThingDone, together=True)(all_but_the_second)
        for number in range(3):
            record(ThingDone(thing_id=number), by=system, at=MONDAY)

        with pytest.raises(Refusal):
            jobs.run_waiting_jobs()

        assert TOLD == [("0", 1)]
        assert [name for name, _args in queued()] == ["react", "react"]

    def test_that_fails_again_and_again_is_seen_before_it_is_given_up(self, system):
        on(ThingDone)(broken)
        record(ThingDone(thing_id=1), by=system, at=MONDAY)
        with pytest.raises(Refusal):
            jobs.run_waiting_jobs()
        assert doctor._failed_jobs().ok

        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set attempts = 3")

        found = doctor._failed_jobs()
        assert not found.ok
        assert f"{broken.__module__}.broken fails again and again (1)" in found.value

    def test_one_that_fails_blocks_nobody_and_is_tried_again_alone(self, system):
        for listener in (first, broken, last):
            on(ThingDone)(listener)
        record(ThingDone(thing_id=1), by=system, at=MONDAY)

        with pytest.raises(Refusal):
            jobs.run_waiting_jobs()

        assert TOLD == [("first", 1), ("last", 1)]
        assert not EventRecord.objects.filter(name="half.done").exists()
        ((name, args),) = queued()
        assert (name, args["reaction"].rpartition(".")[2]) == ("react", "broken")


class TestTheAnnouncement:
    def test_names_kinds_records_and_owners_and_never_contents(self):
        text = live.message_of([ThingDone(thing_id=1, owner_id=3), ThingDone(thing_id=2, owner_id=4)])

        assert text == '{"names": ["thing.done"], "related": ["thing:1", "thing:2"], "owners": [3, 4]}'

    def test_always_fits_into_a_message(self):
        many = [ThingDone(thing_id=10**12 + n, owner_id=10**12 + n) for n in range(3_000)]

        assert len(live.message_of(many)) < 8_000


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(Company().zone)


class TestTheClock:
    @pytest.mark.parametrize(
        ("unit", "now", "due"),
        [
            ({"minutes": 5}, "2026-03-02T10:07:30+08:00", "2026-03-02T10:05:00+08:00"),
            ({"minutes": 120}, "2026-03-02T11:07+08:00", "2026-03-02T10:00:00+08:00"),
            ({"at": "06:00"}, "2026-03-02T06:00+08:00", "2026-03-02T06:00:00+08:00"),
            ({"at": "06:00"}, "2026-03-02T05:59+08:00", "2026-03-01T06:00:00+08:00"),
            ({"at": "08:00", "weekday": 0}, "2026-03-08T12:00+08:00", "2026-03-02T08:00:00+08:00"),
            ({"at": "01:00", "monthday": 31}, "2026-03-01T12:00+08:00", "2026-02-28T01:00:00+08:00"),
        ],
    )
    def test_knows_when_something_was_last_due(self, unit, now, due):
        asked = {"minutes": None, "at": "00:00", "weekday": None, "monthday": None} | unit

        assert Scheduled("x", print, **asked).last_due(at(now)) == datetime.fromisoformat(due)

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"])
    def test_never_stands_still_nor_goes_back_when_the_clocks_are_changed(self, zone):
        often = Scheduled("x", print, 5, "00:00", None, None)
        daily = Scheduled("x", print, None, "02:30", None, None)
        for day in ("2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-25", "2026-11-01"):
            changed = datetime.fromisoformat(f"{day}T00:00+00:00")
            moments = [(changed + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)) for minute in range(2 * 1440)]
            dues = [often.last_due(moment).timestamp() for moment in moments]
            assert all(0 <= moment.timestamp() - due < 300 for moment, due in zip(moments, dues, strict=True))
            days = sorted({daily.last_due(moment).timestamp() for moment in moments})
            assert dues == sorted(dues)
            assert all(
                timedelta(hours=23) <= timedelta(seconds=late - soon) <= timedelta(hours=25)
                for soon, late in pairwise(days)
            )

    @pytest.fixture
    def nightly(self, monkeypatch):
        monkeypatch.setattr(jobs, "SCHEDULE", {"nightly": Scheduled("nightly", print, None, "03:00", None, None)})

    def tick(self, text: str) -> list[dict]:
        jobs.tick.func(timestamp=int(at(text).timestamp()))
        return [args for name, args in queued() if name == "run_scheduled"]

    def test_asks_once_however_many_workers_look(self, db, nightly):
        self.tick("2026-03-02T02:59+08:00")

        assert len(self.tick("2026-03-02T03:00+08:00")) == 1
        assert len(self.tick("2026-03-02T03:00+08:00")) == 1
        assert len(self.tick("2026-03-02T03:01+08:00")) == 1
        assert len(self.tick("2026-03-03T03:00+08:00")) == 2

    def test_makes_up_once_for_what_was_missed_while_nobody_worked(self, db, nightly):
        ClockMark.objects.create(name="nightly", last_at=datetime(2026, 2, 1, tzinfo=UTC))

        (asked,) = self.tick("2026-03-02T09:00+08:00")
        assert asked["at"] == "2026-03-02T03:00:00+08:00"
        assert len(self.tick("2026-03-02T09:01+08:00")) == 1

    def test_goes_on_after_the_machines_clock_ran_ahead_and_was_put_right(self, db, nightly):
        moment = now()
        ClockMark.objects.create(name="nightly", last_at=moment + timedelta(days=3_650))

        assert self.tick(moment.isoformat()) == []
        assert len(self.tick((moment + timedelta(days=1)).isoformat())) == 1

    def test_waits_with_what_is_new_until_it_is_due(self, db, nightly):
        assert self.tick("2026-03-02T09:00+08:00") == []
        assert len(self.tick("2026-03-03T03:00+08:00")) == 1

    def test_everything_scheduled_is_due_some_time(self):
        moment = at("2026-03-02T10:00+08:00")

        assert SCHEDULE
        for scheduled in SCHEDULE.values():
            assert moment - timedelta(days=32) < scheduled.last_due(moment) <= moment


class TestWhatWasGivenUp:
    def test_is_seen_and_can_be_tried_again(self, db):
        jobs.run_scheduled.defer(name="nobody.knows.this", at=MONDAY.isoformat())
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'doing'")
            cursor.execute("update procrastinate_jobs set status = 'failed', attempts = 8")

        (dead,) = jobs.failed()
        assert (dead.name, dead.attempts) == ("run_scheduled", 8)
        assert jobs.waiting() == {"waiting": 0, "running": 0, "retrying": 0, "failed": 1}

        assert jobs.try_again(dead.id)
        assert not jobs.try_again(dead.id)
        assert jobs.run_waiting_jobs() == 1
