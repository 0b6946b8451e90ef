"""What happens to thanks, badges and challenges."""

from datetime import date
from typing import ClassVar

from salesmode.kernel.events import Event


class BadgeDefined(Event):
    """There is a new badge."""

    name: ClassVar[str] = "badge.defined"
    badge_id: int


class BadgeAmended(Event):
    """A badge was changed."""

    name: ClassVar[str] = "badge.amended"
    badge_id: int


class RecognitionGiven(Event):
    """Somebody was thanked."""

    name: ClassVar[str] = "recognition.given"
    recognition_id: int
    person_id: int
    owner_id: int
    giver_id: int
    team_id: int | None = None
    badge_id: int | None = None
    challenge_id: int | None = None


class RecognitionWithdrawn(Event):
    """Thanks were taken back."""

    name: ClassVar[str] = "recognition.withdrawn"
    recognition_id: int
    person_id: int
    owner_id: int


class DisplayChosen(Event):
    """Somebody said what of them may be shown to others."""

    name: ClassVar[str] = "display_choice.made"
    display_choice_id: int
    person_id: int
    hides_rank: bool
    hides_praise: bool


class ChallengeEvent(Event):
    """Something happened to a challenge."""

    challenge_id: int
    metric: str
    first: date
    until: date


class ChallengeSetUp(ChallengeEvent):
    """There is something to win."""

    name: ClassVar[str] = "challenge.set_up"
    participant_ids: list[int] = []


class ChallengeFinished(ChallengeEvent):
    """A challenge was counted, for good."""

    name: ClassVar[str] = "challenge.finished"
    winner_ids: list[int] = []


class ChallengeCancelled(ChallengeEvent):
    """A challenge was called off."""

    name: ClassVar[str] = "challenge.cancelled"
