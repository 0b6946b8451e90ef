"""Open pages hear what happens, and only what their person may hear."""

import asyncio
import json
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test import AsyncClient

from salesmode.kernel import live, live_hub
from salesmode.kernel.events import record
from salesmode.kernel.live_hub import LOOK_AGAIN, RESYNC, Client, Hub
from salesmode.kernel.models import Company
from salesmode.people import operations as people
from salesmode.people.models import Person
from tests.conftest import MONDAY
from tests.kernel.racing import awaited
from tests.kernel.test_jobs import ThingDone

ANA, CY = 1, 2


def heard(client: Client) -> list[str]:
    names = []
    while not client.waiting.empty():
        names.append(client.waiting.get_nowait()[0])
    return names


def told(message: dict, **client) -> list[str]:
    page = Client(**({"person_id": ANA, "topics": (), "owners": frozenset({ANA})} | client))
    page.hear({"names": ["deal.won"], "related": ["deal:7"], "owners": [ANA]} | message)
    return heard(page)


class TestAPage:
    def test_hears_of_records_whose_owner_its_person_sees(self):
        assert told({}) == ["deal.won"]
        assert told({"owners": [CY]}) == []
        assert told({"owners": []}) == []
        assert told({"owners": [CY, ANA]}) == ["deal.won"]
        assert told({"owners": [CY]}, owners=None) == ["deal.won"]

    def test_hears_what_belongs_to_nobody(self):
        assert told({"names": ["warehouse.loaded"], "owners": None}) == ["warehouse.loaded"]

    def test_hears_only_its_topics(self):
        assert told({"names": ["deal.won", "lead.claimed"]}, topics=("deal.",)) == ["deal.won"]
        assert told({"names": ["deal.won"]}, topics=("warehouse",)) == []

    def test_that_reads_too_slowly_is_told_to_load_itself_anew(self):
        page = Client(ANA, (), None)
        for _ in range(live_hub.LONGEST_QUEUE + 1):
            page.hear({"names": ["deal.won"], "related": [], "owners": [ANA]})

        assert heard(page) == [RESYNC]

    def test_is_told_to_load_itself_anew_even_when_much_waits_for_it(self):
        page = Client(ANA, (), None)
        for _ in range(live_hub.LONGEST_QUEUE - 1):
            page.hear({"names": ["deal.won"], "related": [], "owners": [ANA]})
        page.hear({"names": [], "related": [f"person:{ANA}"], "owners": []})

        Hub._resync([page])

        assert heard(page) == [LOOK_AGAIN, RESYNC]

    def test_looks_again_when_something_happened_to_its_person(self):
        assert told({"related": [f"person:{ANA}"], "owners": [CY]}) == [LOOK_AGAIN]


class TestTheHub:
    def test_hears_the_database_after_the_commit_and_never_what_was_undone(self, transactional_db):
        def happen(number: int, *, undo: bool) -> None:
            with transaction.atomic():
                record(ThingDone(thing_id=number, owner_id=ANA), by=Company(pk=1), at=MONDAY)
                transaction.set_rollback(undo)
            connection.close()

        async def listen() -> list[tuple[str, str]]:
            hub, page = Hub(), Client(ANA, ("thing.", "warehouse"), frozenset({ANA}))
            await hub.join(page)
            await sync_to_async(happen)(1, undo=True)
            await sync_to_async(happen)(2, undo=False)
            await sync_to_async(live.announce_name)("warehouse.loaded")
            got = [await asyncio.wait_for(page.waiting.get(), 30) for _ in range(2)]
            hub.leave(page)
            await sync_to_async(lambda: connection.close())()
            return got

        (name, data), (other, _data) = awaited(listen())
        assert (name, other) == ("thing.done", "warehouse.loaded")
        assert json.loads(data)["related"] == ["thing:2"]

    def test_comes_back_after_the_connection_was_lost(self, transactional_db):
        def cut_off() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where application_name = 'salesmode-live' and datname = current_database()"
                )

        async def listen() -> list[str]:
            hub, page = Hub(), Client(ANA, (), None)
            await hub.join(page)
            await sync_to_async(cut_off)()
            names = [(await asyncio.wait_for(page.waiting.get(), 30))[0]]
            # Whoever was told to look anew looks at a moment from which on everything is heard again.
            await sync_to_async(live.announce_name)("warehouse.loaded")
            names.append((await asyncio.wait_for(page.waiting.get(), 30))[0])
            hub.leave(page)
            await sync_to_async(lambda: connection.close())()
            return names

        assert awaited(listen()) == [RESYNC, "warehouse.loaded"]


@pytest.fixture
def signed_in(transactional_db) -> tuple[AsyncClient, Person, Person]:
    """Return a browser, who sits before it, and the system."""
    Company.objects.get_or_create(pk=1, defaults={"set_up_at": MONDAY})
    system = Person.objects.filter(role="system").first() or Person.objects.create(
        role="system", email="system@salesmode.invalid", name="Salesmode", created_at=MONDAY, updated_at=MONDAY
    )
    person = people.create_person(email="zoe@example.com", name="Zoe", role="seller", by=system, at=MONDAY)
    browser = AsyncClient()
    browser.force_login(person)
    return browser, person, system


class TestTheDoor:
    def test_streams_what_its_person_may_hear_and_ends_when_they_leave(self, signed_in):
        browser, person, system = signed_in

        def happen(owner_id: int, number: int) -> None:
            with transaction.atomic():
                record(ThingDone(thing_id=number, owner_id=owner_id), by=system, at=MONDAY)

        def leave() -> None:
            with transaction.atomic():
                Person.objects.filter(pk=person.pk).update(is_active=False)
                live._send(json.dumps({"names": [], "related": [f"person:{person.pk}"], "owners": []}))

        async def read() -> list[str]:
            response = await browser.get("/live?topics=thing.")
            assert (response.status_code, response.headers["Content-Type"]) == (200, "text/event-stream")
            lines = []
            async with aclosing(aiter(response.streaming_content)) as stream:
                async for chunk in stream:
                    lines.append(chunk.decode())
                    if len(lines) == 1:
                        await sync_to_async(happen)(system.pk, 1)
                        await sync_to_async(happen)(person.pk, 2)
                    else:
                        await sync_to_async(leave)()
            return lines

        first, event = awaited(asyncio.wait_for(read(), 60))
        assert first.startswith("retry:")
        assert event == f"event: thing.done\ndata: {json.dumps({'name': 'thing.done', 'related': ['thing:2']})}\n\n"

    def test_is_closed_at_once_when_its_person_signs_out(self, signed_in):
        browser, _person, _system = signed_in

        async def read() -> int:
            response = await browser.get("/live?topics=thing.")
            pieces = 0
            async with aclosing(aiter(response.streaming_content)) as stream:
                async for _chunk in stream:
                    pieces += 1
                    assert (await browser.post("/accounts/logout/")).status_code == 302
            return pieces

        assert awaited(asyncio.wait_for(read(), 12)) == 1

    @pytest.mark.parametrize("topics", ["deal';--", "*", ",".join(["deal."] * 21)])
    def test_refuses_topics_that_are_none(self, client, ana, topics):
        client.force_login(ana)

        assert client.get("/live/poll", {"topics": topics}).status_code == 422

    def test_is_closed_to_strangers(self, client, db):
        assert client.get("/live/poll").status_code == 302
        assert client.get("/live").status_code == 302


def test_asking_again_misses_nothing_and_shows_nothing_of_others(client, transactional_db, signed_in):
    _browser, person, system = signed_in
    client.force_login(person)
    since = client.get("/live/poll").json()["since"]

    for owner_id, number in ((person.pk, 1), (system.pk, 2), (None, 3)):
        with transaction.atomic():
            record(ThingDone(thing_id=number, owner_id=owner_id), by=system, at=MONDAY)

    answer = client.get("/live/poll", {"since": since, "topics": "thing.,deal."}).json()
    assert (answer["names"], answer["related"]) == (["thing.done"], ["thing:1"])
    assert client.get("/live/poll", {"since": answer["since"]}).json()["names"] == []
    for wrong in ("-1", "x", "9" * 30, "5:3:", "1:9:99,3"):
        assert client.get("/live/poll", {"since": wrong}).status_code == 422
