"""Everything that changes modes: take up, adjust, decide, give up, measure."""

from salesmode.modes.operations import parts
from salesmode.modes.operations.adjust import adjust_practice, decide_on_practice
from salesmode.modes.operations.adopt import AlreadyAdopted, PreviewStale, adopt
from salesmode.modes.operations.effects import measure_effect, request_effect
from salesmode.modes.operations.take_back import ChangedSince, take_back_adoption, take_back_practice
from salesmode.modes.operations.watches import end_watch, set_watch

__all__ = [
    "AlreadyAdopted",
    "ChangedSince",
    "PreviewStale",
    "adjust_practice",
    "adopt",
    "decide_on_practice",
    "end_watch",
    "measure_effect",
    "parts",
    "request_effect",
    "set_watch",
    "take_back_adoption",
    "take_back_practice",
]
