"""What taking back would change, and what somebody has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salesmode.modes.models import PARTS, AdoptedPractice, ChangedSetting, Part
from salesmode.modes.queries.preview import described


@dataclass(frozen=True)
class Undo:
    """One setting that a practice changed: as it is now, and as it was before."""

    change: ChangedSetting
    part: Part | None
    now: dict[str, Any] | None

    @property
    def name(self) -> Any:
        """Return what is set."""
        return self.part.name if self.part else self.change.part

    @property
    def is_moved(self) -> bool:
        """Whether somebody changed it after the adoption."""
        return self.part is not None and self.now != self.change.after

    @property
    def is_same(self) -> bool:
        """Whether it stays as it is."""
        return not self.is_moved and self.now == self.change.before

    @property
    def says_now(self) -> str:
        """Return in words how it is."""
        return described(self.part, self.now)

    @property
    def says_after(self) -> str:
        """Return in words how the practice had set it."""
        return described(self.part, self.change.after)

    @property
    def says_before(self) -> str:
        """Return in words how it was before."""
        return described(self.part, self.change.before)


def undo_of(rows: Sequence[AdoptedPractice], on: date) -> list[Undo]:
    """Return what taking practices back would do, the last change first."""
    found = []
    changes = ChangedSetting.objects.filter(practice__in=list(rows)).select_related("practice__team")
    for change in changes.order_by("-practice__pk", "-position"):
        part = PARTS.get(change.part)
        day = max(on, change.practice.from_day)
        now = part.current(change.practice.team, change.asked, day) if part else None
        found.append(Undo(change, part, part.shaped(now) if part and now is not None else None))
    return found
