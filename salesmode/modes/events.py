"""What the modes app tells the world."""

from datetime import date
from typing import Any, ClassVar

from salesmode.kernel.events import Event


class AdoptionEvent(Event):
    """Something happened to what a team, or the company, took up at once."""

    links: ClassVar[tuple[str, ...]] = ("team",)
    adoption_id: int
    team_id: int | None = None
    mode: str = ""
    practices: list[str] = []
    from_day: date


class AdoptionMade(AdoptionEvent):
    """A mode, or single practices, were taken up."""

    name: ClassVar[str] = "adoption.made"
    settings_changed: int = 0


class AdoptionTakenBack(AdoptionEvent):
    """Everything that was taken up at once was given up again."""

    name: ClassVar[str] = "adoption.taken_back"
    settings_restored: int = 0
    settings_kept: int = 0


class PracticeEvent(Event):
    """Something happened to one practice of one team, or of the company."""

    links: ClassVar[tuple[str, ...]] = ("team", "adoption")
    practice_id: int
    adoption_id: int
    code: str
    team_id: int | None = None
    mode: str = ""
    from_day: date
    parameters: dict[str, Any] = {}


class PracticeAdopted(PracticeEvent):
    """A team took a practice up."""

    name: ClassVar[str] = "practice.adopted"


class PracticeAdjusted(PracticeEvent):
    """A practice goes on with other parameters."""

    name: ClassVar[str] = "practice.adjusted"
    former_parameters: dict[str, Any] = {}


class PracticeTakenBack(PracticeEvent):
    """A team gave a practice up; what it had changed is as it was before."""

    name: ClassVar[str] = "practice.taken_back"


class PracticeDecided(PracticeEvent):
    """Somebody looked at what a practice brought and decided: keep, adjust or take back."""

    name: ClassVar[str] = "practice.decided"
    decision: str
    verdict: str = ""
    effect_id: int | None = None


class EffectRequested(Event):
    """Somebody wants to know whether a practice or a mode works."""

    name: ClassVar[str] = "effect.requested"
    effect_id: int
    subject: str


class EffectMeasured(Event):
    """It was worked out whether a practice or a mode works."""

    name: ClassVar[str] = "effect.measured"
    effect_id: int
    subject: str
    metric: str
    verdict: str
    method: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None


class WatchEvent(Event):
    """Something happened to a watch over how much a team depends on its best seller."""

    links: ClassVar[tuple[str, ...]] = ("team",)
    watch_id: int
    team_id: int | None = None
    most_percent: int
    months: int
    from_day: date


class WatchSet(WatchEvent):
    """From a day on, leads are warned when one seller brings in more than so much."""

    name: ClassVar[str] = "watch.set"


class WatchEnded(WatchEvent):
    """Nobody is warned any more."""

    name: ClassVar[str] = "watch.ended"
