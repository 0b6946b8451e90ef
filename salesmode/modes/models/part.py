"""The parts that a practice can set: each one setting of an app below, read, described, applied and taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

from salesmode.people.models import Person, Team

Value = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One kind of setting of an app below.

    `shape` is what a value looks like, with its defaults. `slot` says which of several settings of this kind a value is
    about: the daily report, not the weekly one. `current` returns what holds for exactly this team (None: the company)
    on a day, or nothing when it has no setting of its own. `apply` sets it from a day on; `remove` leaves the team
    without one of its own. Both call the app's own operations, which ask their own permissions.
    """

    code: str
    name: str | Promise
    shape: type[BaseModel]
    current: Callable[[Team | None, Value, date], Value | None]
    describe: Callable[[Value], str]
    apply: Callable[[Team | None, Value, date, Person, datetime], None]
    remove: Callable[[Team | None, Value, date, Person, datetime], None]
    slot: Callable[[Value], str] = lambda value: ""
    # What a value that leaves something open stands for now: the newest form, the usual thresholds.
    resolve: Callable[[Value], Value] = lambda value: value
    # Whether a team may have one of its own; what only the company has is left alone when a team adopts.
    for_teams: bool = True

    def shaped(self, value: Value) -> dict[str, Any]:
        """Return a value with its defaults filled in, as it is kept; raises pydantic's ValidationError."""
        return self.shape.model_validate(dict(value)).model_dump(mode="json")


PARTS: dict[str, Part] = {}


def register(*parts: Part) -> None:
    """Put parts into the registry; raises ValueError when a code is taken."""
    for part in parts:
        if PARTS.setdefault(part.code, part) is not part:
            raise ValueError(f"Two parts are called {part.code}.")
