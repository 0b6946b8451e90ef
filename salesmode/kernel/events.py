"""Every change leaves one event: typed, in the past tense, in the same transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.db import connection
from pydantic import BaseModel, ConfigDict

from salesmode.kernel import jobs, live
from salesmode.kernel.models import EventRecord


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
        if cls.name:
            if REGISTRY.setdefault(cls.name, cls).__qualname__ != cls.__qualname__:
                raise TypeError(f"Two events are called {cls.name}.")

    @property
    def subject_kind(self) -> str:
        """The kind of record that this happened to."""
        return self.name.partition(".")[0]

    @property
    def subject_id(self) -> int:
        """The record that this happened to."""
        return getattr(self, f"{self.subject_kind}_id")

    def related(self) -> list[str]:
        """Name the records on whose timelines this belongs, the subject first."""
        pairs = [
            (self.subject_kind, self.subject_id),
            *((kind, getattr(self, f"{kind}_id", None)) for kind in self.links),
        ]
        return [f"{kind}:{key}" for kind, key in dict.fromkeys(pairs) if key is not None]


REGISTRY: dict[str, type[Event]] = {}
Reaction = Callable[..., None]
SUBSCRIBERS: dict[str, list[Reaction]] = {}


def on(*events: type[Event]) -> Callable[[Reaction], Reaction]:
    """Subscribe a reaction to events: it is told after the commit, at least once, in its own transaction."""

    def subscribe(reaction: Reaction) -> Reaction:
        for event in events:
            SUBSCRIBERS.setdefault(event.name, []).append(reaction)
        return reaction

    return subscribe


def subscribers_of(name: str) -> list[Reaction]:
    """Return who listens to an event; `*` listens to all."""
    return [*SUBSCRIBERS.get(name, ()), *SUBSCRIBERS.get("*", ())]


def reaction_name(reaction: Reaction) -> str:
    """Return the name under which a reaction is retried."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


def _row(event: Event, *, by: Actor, at: datetime) -> EventRecord:
    return EventRecord(
        name=event.name,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        related=event.related(),
        actor_id=by.pk,
        happened_at=at,
        facts=event.model_dump(mode="json"),
    )


def record(event: Event, *, by: Actor, at: datetime) -> EventRecord:
    """Write down what happened, in the transaction of the change itself.

    Raises RuntimeError outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} must be recorded in the transaction of its change.")
    row = _row(event, by=by, at=at)
    row.save(force_insert=True)
    if subscribers_of(event.name):
        jobs.enqueue_delivery()
    live.announce([event])
    return row


def record_many(happened: Sequence[tuple[Event, datetime]] | Iterable[tuple[Event, datetime]], *, by: Actor) -> int:
    """Write down many events at once, as a bulk import needs; returns how many."""
    if not connection.in_atomic_block:
        raise RuntimeError("Events must be recorded in the transaction of their change.")
    happened = list(happened)
    EventRecord.objects.bulk_create([_row(event, by=by, at=at) for event, at in happened], batch_size=2_000)
    if any(subscribers_of(event.name) for event, _ in happened):
        jobs.enqueue_delivery()
    live.announce([event for event, _ in happened])
    return len(happened)


def typed(row: EventRecord) -> Event:
    """Read a stored event back as the type it was recorded with."""
    return REGISTRY[row.name].model_validate(row.facts)
