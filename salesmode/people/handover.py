"""What belongs to somebody and how it goes to somebody else: apps above say so, hand_over_everything does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from salesmode.people.models import Person


class HandOver(Protocol):
    """Gives what a person owns to another, keeping stage, history and follow-ups; returns how many."""

    def __call__(self, person: Person, *, to: Person, by: Person, at: datetime) -> int: ...


@dataclass(frozen=True)
class Belongings:
    """One kind of record that people own."""

    kind: str
    label: str | Promise
    count: Callable[[Person], int]
    hand_over: HandOver


BELONGINGS: dict[str, Belongings] = {}


def register(kind: str, *, count: Callable[[Person], int], hand_over: HandOver, label: str | Promise = "") -> None:
    """Say how records of one kind are counted and handed over when somebody leaves."""
    BELONGINGS[kind] = Belongings(kind, label or kind, count, hand_over)


def belongings_of(person: Person) -> list[tuple[Belongings, int]]:
    """Return what a person owns, kind by kind, with counts. One query for each kind."""
    return [(each, each.count(person)) for each in BELONGINGS.values()]
