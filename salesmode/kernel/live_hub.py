"""The ear of the live channel: one LISTEN for each process, handed on to every open page that may hear it."""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import connections

from salesmode.kernel.live import CHANNEL

log = structlog.get_logger("salesmode.live")

MOST_CLIENTS = 2_000
MOST_OF_ONE_PERSON = 20
LONGEST_QUEUE = 100
LONGEST_PAUSE = 10.0
RESYNC = "resync"
# Not an event: the reader looks again whether this person may still listen.
LOOK_AGAIN = "look-again"


@dataclass(eq=False)
class Client:
    """One open page: who looks at it, what it wants to hear, and what it has not been told yet."""

    person_id: int
    topics: tuple[str, ...]
    owners: frozenset[int] | None
    waiting: asyncio.Queue[tuple[str, str]] = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))

    def hear(self, message: dict[str, Any]) -> None:
        """Queue what concerns this page; a page that reads too slowly is told to load itself anew."""
        if f"person:{self.person_id}" in message["related"]:
            self._put(LOOK_AGAIN, "")
        if not self._may_hear(message["owners"]):
            return
        for name in message["names"]:
            if not self.topics or name.startswith(self.topics):
                self._put(name, json.dumps({"name": name, "related": message["related"]}))

    def resync(self) -> None:
        """Tell the page to load itself anew: what waits for it is then no news any more."""
        looks_again = False
        while not self.waiting.empty():
            looks_again |= self.waiting.get_nowait()[0] == LOOK_AGAIN
        if looks_again:
            self.waiting.put_nowait((LOOK_AGAIN, ""))
        self.waiting.put_nowait((RESYNC, "{}"))

    def _may_hear(self, owners: list[int] | None) -> bool:
        return owners is None or self.owners is None or not self.owners.isdisjoint(owners)

    def _put(self, name: str, data: str) -> None:
        if self.waiting.full():
            self.resync()
            if name != LOOK_AGAIN:
                return
        self.waiting.put_nowait((name, data))


class Hub:
    """All open pages of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self.listening: asyncio.Task[None] | None = None
        self.is_ready = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether this process has as many open pages as it can serve."""
        return len(self.clients) >= MOST_CLIENTS

    async def join(self, client: Client) -> None:
        """Let a page hear what happens from now on."""
        own = [other for other in self.clients if other.person_id == client.person_id]
        for oldest in own[: max(len(own) - MOST_OF_ONE_PERSON + 1, 0)]:
            self.clients.discard(oldest)
        self.clients.add(client)
        if self.listening is None or self.listening.done():
            self.is_ready.clear()
            self.listening = asyncio.create_task(self._listen())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.is_ready.wait(), 5)

    def leave(self, client: Client) -> None:
        """Forget a page; the last one that leaves ends the listening."""
        self.clients.discard(client)
        if not self.clients and self.listening is not None:
            self.listening.cancel()
            self.listening = None

    async def _listen(self) -> None:
        pause = 0.5
        was_deaf = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    self.is_ready.set()
                    pause = 0.5
                    if was_deaf:  # Only now do the pages find, when they look, all that was said meanwhile.
                        self._resync(self.clients)
                    async for notice in connection.notifies():
                        self.tell(notice.payload)
            except psycopg.Error as error:
                log.warning("live_channel_lost", reason=type(error).__name__)
            was_deaf = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def tell(self, payload: str) -> None:
        """Hand one announcement on."""
        message = json.loads(payload)
        for client in tuple(self.clients):
            client.hear(message)

    @staticmethod
    def _resync(clients: Iterable[Client]) -> None:
        """Tell pages that they may have missed something."""
        for client in tuple(clients):
            client.resync()


def _address() -> dict[str, Any]:
    """Return how to reach the database outside Django's pool."""
    known = connections["default"].settings_dict
    where = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    options = {name: value for name, value in settings.DATABASES["default"]["OPTIONS"].items() if name != "pool"}
    options |= {"application_name": "salesmode-live", "dbname": known["NAME"]}
    return options | {name: value for name, value in where.items() if value}


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for ended in [other for other in _hubs if other.is_closed()]:
            del _hubs[ended]
        _hubs[loop] = Hub()
    return _hubs[loop]
