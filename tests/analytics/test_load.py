"""The warehouse holds every committed event exactly once."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing

import psycopg
import pytest
from django.db import connection, transaction

from salesmode.analytics import loader, manifest, warehouse
from salesmode.analytics.measure import measure
from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.periods import Period
from tests.conftest import MONDAY

FACTS = {"owner_id": 1, "deal_id": 1, "company_amount": "10", "opened_at": MONDAY.isoformat(), "outcome": "won"}
INSERT = (
    "insert into kernel_eventrecord"
    " (name, subject_kind, subject_id, related, actor_id, happened_at, recorded_at, facts, xid)"
    " values ('deal.won', 'deal', 1, '{}', 1, %s, now(), %s, pg_current_xact_id()::text::bigint)"
)


@pytest.fixture
def folder(settings, tmp_path):
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    return settings.WAREHOUSE_DIR


def win(times=1, *, on=None):
    """Commit some won deals, by their events only."""
    for _ in range(times):
        with (on or connection).cursor() as cursor:
            cursor.execute(INSERT, [MONDAY, json.dumps(FACTS)])


def won() -> int | None:
    return measure("won_count", Period.parse("2026-03"), series=False).value


def load() -> int:
    """Take in all that is committed; what other tests do on the same server may hold a transaction up for a moment."""
    taken = 0
    for _ in range(200):
        now = loader.load_once()
        taken += now.events
        if not now.waiting:
            break
        time.sleep(0.01)
    return taken


@pytest.fixture
def elsewhere(transactional_db):
    """Another connection, with a transaction of its own."""
    with closing(psycopg.connect(**loader.where(), autocommit=False)) as other:
        yield other


@pytest.mark.django_db(transaction=True)
class TestLoadOnce:
    def test_takes_each_event_once_however_often_it_runs(self, folder):
        win(3)
        assert [load() for _ in range(3)] == [3, 0, 0]
        win(2)
        load()

        assert won() == 5

    def test_loses_nothing_when_a_later_id_commits_first(self, folder, elsewhere):
        win(on=elsewhere)  # takes its id now and commits last
        win()
        assert loader.load_once().events == 0
        elsewhere.commit()
        loader.load_once()

        assert won() == 2

    def test_a_reader_of_the_last_id_would_have_lost_it(self, folder, elsewhere):
        """The control: without the horizon, the same story loses an event."""
        last_seen, taken = 0, []

        def take_after_the_last_id():
            nonlocal last_seen
            fresh = list(EventRecord.objects.filter(pk__gt=last_seen).order_by("pk").values_list("pk", flat=True))
            last_seen = max([last_seen, *fresh])
            taken.extend(fresh)

        win(on=elsewhere)
        win()
        take_after_the_last_id()
        elsewhere.commit()
        take_after_the_last_id()

        assert EventRecord.objects.count() == 2
        assert len(taken) == 1

    def test_waits_for_nobody_in_another_database_of_the_server(self, folder, transactional_db):
        with closing(psycopg.connect(**loader.where() | {"dbname": "postgres"})) as neighbour:
            neighbour.execute("select pg_current_xact_id()")
            win()
            load()

            assert won() == 1

    def test_takes_restored_events_that_have_no_transaction(self, folder):
        win(2)
        EventRecord.objects.update(xid=0)
        load()

        assert won() == 2

    def test_begins_anew_with_another_database(self, folder):
        win(2)
        load()
        held = manifest.current()
        manifest.swap(held.but(identity=held.identity | {"system": "another"}))
        load()

        assert won() == 2

    def test_begins_anew_when_the_company_moves_to_another_time_zone(self, folder):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [MONDAY.replace(hour=17), json.dumps(FACTS)])  # in Shanghai the next day
        load()
        assert measure("won_count", Period.parse("2026-03-03"), series=False).value == 1
        Company(pk=1, time_zone="UTC").save()
        load()

        assert measure("won_count", Period.parse("2026-03-02"), series=False).value == 1

    def test_makes_a_fact_again_when_its_select_has_changed(self, folder):
        win(2)
        load()
        held = manifest.current()
        old = manifest.Fact("an older select", held.facts["deal_outcomes"].columns, (), held.position)
        manifest.swap(held.but(facts=held.facts | {"deal_outcomes": old}))
        assert won() is None
        load()

        assert won() == 2

    def test_replays_a_fact(self, folder):
        win(2)
        load()
        loader.replay("deal_outcomes")

        assert won() == 2

    def test_merges_many_small_parts_and_keeps_the_old_ones_for_slow_readers(self, folder):
        for _ in range(20):
            win()
            load()
        held = manifest.current()

        assert len(held.facts["deal_outcomes"].parts) < 12
        assert won() == 20
        assert held.retired
        assert all((folder / file).exists() for file, _since in held.retired)

    def test_sweeps_old_parts_and_what_a_killed_builder_left(self, folder, monkeypatch):
        for _ in range(9):
            win()
            load()
        orphan = folder / "deal_outcomes" / "part-orphan.parquet"
        orphan.write_bytes(b"half a part")
        monkeypatch.setattr(loader, "RETIRED_STAY_SECONDS", -5)
        win()
        load()

        held = manifest.current()
        kept = {part.file for part in held.facts["deal_outcomes"].parts}
        assert {f"deal_outcomes/{file.name}" for file in (folder / "deal_outcomes").iterdir()} == kept
        assert won() == 10

    def test_a_broken_manifest_is_built_anew(self, folder):
        win(2)
        load()
        manifest.path().write_text('{"format": 1, "fac')
        load()

        assert won() == 2


@pytest.mark.django_db(transaction=True)
class TestTheLoaderThatIsKilled:
    def test_has_every_event_once_after_each_kill(self, folder):
        """Kill -9 at moments spread over a load, while events keep coming."""
        program = textwrap.dedent(
            f"""
            import django; django.setup()
            from django.conf import settings
            settings.WAREHOUSE_DIR = __import__("pathlib").Path({str(folder)!r})
            settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
            from salesmode.analytics import loader
            loader.BATCH = 7
            print("ready", flush=True)
            while True:
                loader.load_once()
            """
        )
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "salesmode.config.settings"}
        for number in range(12):
            victim = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE)
            assert victim.stdout.readline() == b"ready\n"
            win(25)
            time.sleep(number * 0.03)
            victim.send_signal(signal.SIGKILL)
            assert victim.wait() == -signal.SIGKILL, "it was still at work"
            assert (won() or 0) <= EventRecord.objects.count()
        load()

        assert won() == EventRecord.objects.count() == 300
        assert loader.holds_parts()


@pytest.mark.django_db(transaction=True)
class TestALoadThatFails:
    @pytest.mark.parametrize(("room", "trouble"), [(300, "Could not write file"), (4_000, "File too large")])
    def test_leaves_nothing_behind_however_often_it_is_tried(self, folder, room, trouble):
        """The disk is full in the middle of a part, or of the manifest: here no file may grow beyond so much."""
        win(3)
        load()
        win(5_000)
        before = parts_in(folder)
        program = textwrap.dedent(
            f"""
            import resource
            import django; django.setup()
            from pathlib import Path
            from django.conf import settings
            settings.WAREHOUSE_DIR = Path({str(folder)!r})
            settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
            from salesmode.analytics import loader
            from salesmode.analytics.warehouse import Builder
            take = Builder.take
            def and_then_the_disk_is_full(self, csv):
                taken = take(self, csv)
                resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
                return taken
            Builder.take = and_then_the_disk_is_full
            loader.load_once()
            """
        )
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "salesmode.config.settings"}
        for _ in range(2):
            tried = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
            assert trouble in tried.stderr
            assert parts_in(folder) == before
        assert won() == 3

        load()
        assert won() == 5_003


def parts_in(folder):
    return sorted(str(place.relative_to(folder)) for place in folder.rglob("*") if place.suffix == ".parquet")


@pytest.mark.django_db(transaction=True)
class TestRunForever:
    def test_shows_a_commit_and_says_so(self, folder):
        stop = threading.Event()
        worker = threading.Thread(target=loader.run_forever, args=(stop,))
        worker.start()
        try:
            with closing(psycopg.connect(**loader.where(), autocommit=True)) as listener:
                listener.execute("listen salesmode_live")
                time.sleep(0.5)
                with transaction.atomic():
                    win()
                    with connection.cursor() as cursor:
                        cursor.execute("select pg_notify('salesmode_live', %s)", ['{"names": ["deal.won"]}'])
                heard = [notice.payload for notice in listener.notifies(timeout=60, stop_after=2)]
                assert '"warehouse.loaded"' in heard[-1]
                assert won() == 1
        finally:
            stop.set()
            worker.join()


def test_readers_of_facts_that_hold_nothing_get_typed_nothing(folder, db):
    assert warehouse.ask("select count(*), sum(amount) from deal_outcomes", {}, facts=["deal_outcomes"]) == [(0, None)]


def test_reading_the_json_once_gives_the_same_rows(folder):
    events = (
        "with new_events as (select * from (values"
        ' (1, \'{"a": 1, "former": {"a": "x"}}\'::json), (2, \'{"b": null}\'::json)) e(event_id, facts))'
    )
    select = "select event_id, (facts->>'a')::int, facts->'former'->>'a', facts->>'b' from new_events order by event_id"

    assert "said[1]" in warehouse.parsed_once(select)
    with warehouse.Builder("UTC") as builder:
        plain, once = (
            builder.db.execute(f"{events} {text}").fetchall() for text in (select, warehouse.parsed_once(select))
        )
    assert plain == once == [(1, 1, "x", None), (2, None, None, None)]


@pytest.mark.django_db(transaction=True)
class TestRollUps:
    def test_are_made_of_large_parts_and_leave_with_them(self, folder):
        with connection.cursor() as cursor:
            cursor.execute(
                f"{INSERT[: INSERT.index('values')]} select 'deal.won', 'deal', n, '{{}}', 1,"
                " timestamptz '2026-03-02 08:00Z' + n * interval '1 minute', now(), %s,"
                " pg_current_xact_id()::text::bigint from generate_series(1, 60000) n",
                [json.dumps(FACTS)],
            )

        assert load() == 60_000
        (part,) = manifest.current().facts["deal_outcomes"].parts
        assert measure("won_count", Period.parse("2026"), series=False).value == 60_000
        win()
        load()
        assert measure("won_count", Period.parse("2026"), series=False).value == 60_001
        made = [file for _version, file in part.rollups if file]
        assert made
        assert loader.holds_parts()
        loader.replay("deal_outcomes")
        assert {part.file, *made} <= {file for file, _since in manifest.current().retired}
        loader.forget()
        assert not any((folder / file).exists() for file in part.files)
