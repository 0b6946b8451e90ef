"""Every change leaves one event: typed, in the past tense, in the same transaction."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol

from django.db import connection
from pydantic import BaseModel, ConfigDict

from salesmode.kernel import jobs, live
from salesmode.kernel.models import EventRecord
from salesmode.kernel.prepared import prepared


class Actor(Protocol):
    """Whoever does something: a person or the system."""

    @property
    def pk(self) -> Any: ...


class Event(BaseModel):
    """A thing that happened. Subclasses name it `subject.past_tense` and hold plain values, ids not rows."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: ClassVar[str] = ""
    # Kinds of records besides the subject on whose timelines this event belongs; read from the fields `<kind>_id`.
    links: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name and REGISTRY.setdefault(cls.name, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"Two events are called {cls.name}.")

    @property
    def subject_kind(self) -> str:
        """The kind of record that this happened to."""
        return _parted(self.name)

    @property
    def subject_id(self) -> int:
        """The record that this happened to."""
        return getattr(self, f"{self.subject_kind}_id")

    def related(self) -> list[str]:
        """Name the records on whose timelines this belongs, the subject first."""
        kinds: dict[str, Any] = {self.subject_kind: self.subject_id}
        for kind in self.links:
            kinds.setdefault(kind, getattr(self, f"{kind}_id", None))
        return [f"{kind}:{key}" for kind, key in kinds.items() if key is not None]


@cache
def _parted(name: str) -> str:
    return name.partition(".")[0]


REGISTRY: dict[str, type[Event]] = {}
Reaction = Callable[..., None]
SUBSCRIBERS: dict[str, list[Reaction]] = {}
TOGETHER: set[Reaction] = set()


def on(*events: type[Event], together: bool = False) -> Callable[[Reaction], Reaction]:
    """Subscribe a reaction to events: it is told after the commit, at least once, in its own transaction.

    One that is told `together` is given all the events of a slice at once, as a list of (event, when it happened).
    """

    def subscribe(reaction: Reaction) -> Reaction:
        for event in events:
            SUBSCRIBERS.setdefault(event.name, []).append(reaction)
        if together:
            TOGETHER.add(reaction)
        return reaction

    return subscribe


def subscribers_of(name: str) -> list[Reaction]:
    """Return who listens to an event; `*` listens to all."""
    return [*SUBSCRIBERS.get(name, ()), *SUBSCRIBERS.get("*", ())]


def reaction_name(reaction: Reaction) -> str:
    """Return the name under which a reaction is retried."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


# One statement, one round trip: the event, its announcement and, once in a transaction, the job that delivers it.
_RECORD = f"""
with told as (
    insert into kernel_eventrecord (name, subject_kind, subject_id, related, actor_id, happened_at, facts)
    values (%s, %s, %s, %s, %s, %s, %s::jsonb) returning id, xid, recorded_at
)
select id, xid, recorded_at, pg_notify(%s, %s), case when %s then {jobs.DELIVER_ONCE} end from told
"""  # noqa: S608
_COPY = """
copy kernel_eventrecord (name, subject_kind, subject_id, related, actor_id, happened_at, facts) from stdin
"""


def _columns(event: Event, *, by: Actor, at: datetime) -> list[Any]:
    facts = event.model_dump_json()
    return [event.name, event.subject_kind, event.subject_id, event.related(), by.pk, at, facts]


def record(event: Event, *, by: Actor, at: datetime) -> EventRecord:
    """Write down what happened, in the transaction of the change itself.

    Raises RuntimeError outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} must be recorded in the transaction of its change.")
    columns = _columns(event, by=by, at=at)
    with prepared() as cursor:
        is_awaited = bool(subscribers_of(event.name))
        cursor.execute(_RECORD, [*columns, live.CHANNEL, live.message_of([event]), is_awaited])
        pk, xid, recorded_at = cursor.fetchone()[:3]
    row = EventRecord(pk, *columns[:6], recorded_at, json.loads(columns[6]), xid)  # type: ignore[misc]
    row._state.adding, row._state.db = False, connection.alias
    return row


def record_many(happened: Sequence[tuple[Event, datetime]] | Iterable[tuple[Event, datetime]], *, by: Actor) -> int:
    """Write down many events at once, as a bulk import needs; returns how many."""
    if not connection.in_atomic_block:
        raise RuntimeError("Events must be recorded in the transaction of their change.")
    happened = list(happened)
    if not happened:
        return 0
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for event, at in happened:
                name, kind, key, related, *rest = _columns(event, by=by, at=at)
                # Kinds and numbers: nothing in them needs to be quoted.
                copy.write_row((name, kind, key, f"{{{','.join(related)}}}", *rest))
        if any(subscribers_of(name) for name in {event.name for event, _ in happened}):
            jobs.enqueue_delivery()
    live.announce([event for event, _ in happened])
    return len(happened)


def typed(row: EventRecord) -> Event:
    """Read a stored event back as the type it was recorded with."""
    return REGISTRY[row.name].model_validate(row.facts)
