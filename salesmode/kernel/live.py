"""The live channel: what changed is announced inside the transaction and heard by open pages after the commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from salesmode.kernel.events import Event

CHANNEL = "salesmode_live"
MOST_RECORDS = 20


def announce(events: Sequence[Event]) -> None:
    """Tell open pages which kinds of things happened, to which records and whose; never what they contain."""
    if not events:
        return
    owners = {
        getattr(event, field, None) for event in events[:MOST_RECORDS] for field in ("owner_id", "account_owner_id")
    }
    message = {
        "names": sorted({event.name for event in events}),
        "related": sorted({name for event in events[:MOST_RECORDS] for name in event.related()}),
        "owners": sorted(owner for owner in owners if owner is not None) if len(events) <= MOST_RECORDS else [],
    }
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])
