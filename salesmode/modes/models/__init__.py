"""The nouns of modes."""

from salesmode.modes.models.adoption import AdoptedPractice, Adoption, ChangedSetting, NotInForce, teams_seen_by
from salesmode.modes.models.effect import Effect
from salesmode.modes.models.library import Hint, Measure, Mode, Parameter, Practice, Setting, Target
from salesmode.modes.models.part import PARTS, Part, Value, register
from salesmode.modes.models.watch import Watch

__all__ = [
    "PARTS", "AdoptedPractice", "Adoption", "ChangedSetting", "Effect", "Hint", "Measure", "Mode", "NotInForce",
    "Parameter", "Part", "Practice", "Setting", "Target", "Value", "Watch", "register", "teams_seen_by",
]  # fmt: skip
