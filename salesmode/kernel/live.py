"""The live channel: what changed is announced inside the transaction and heard by open pages after the commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from salesmode.kernel.events import Event

CHANNEL = "salesmode_live"
MOST_RECORDS = 20
# PostgreSQL carries at most 8,000 bytes in one message.
LONGEST = 7_500


def announce(events: Sequence[Event]) -> None:
    """Tell open pages which kinds of things happened, to which records and whose; never what they contain."""
    if events:
        _send(message_of(events))


def announce_name(name: str) -> None:
    """Tell every open page that something happened which belongs to nobody: `warehouse.loaded`."""
    _send(json.dumps({"names": [name], "related": [], "owners": None}))


def look_again(person_id: int) -> None:
    """Have every open page of somebody ask whether it may still listen: they signed out somewhere."""
    _send(json.dumps({"names": [], "related": [f"person:{person_id}"], "owners": []}))


def message_of(events: Sequence[Event]) -> str:
    """Return what is announced of some events; where their owners are too many, all are told the names only."""
    owners = {getattr(event, field) for event in events for field in _owners_in(type(event))} - {None}
    message: dict[str, Any] = {
        "names": sorted({event.name for event in events}),
        "related": sorted({name for event in events[:MOST_RECORDS] for name in event.related()}),
        "owners": sorted(owners),
    }
    text = json.dumps(message)
    if len(text) > LONGEST:
        text = json.dumps(message | {"related": []})
    if len(text) > LONGEST:
        text = json.dumps({"names": message["names"][:100], "related": [], "owners": None})
    return text


@cache
def _owners_in(kind: type[Event]) -> list[str]:
    """Return the fields of a kind of event that say whose it is."""
    return [field for field in ("owner_id", "account_owner_id") if field in kind.model_fields or hasattr(kind, field)]


def _send(message: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, message])
