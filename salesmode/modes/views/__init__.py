"""The web door of modes."""

from salesmode.modes.views.adopting import adjust_practice, adopt, adoption, take_back_adoption, take_back_practice
from salesmode.modes.views.library import compare, mode, overview, practice, practices
from salesmode.modes.views.measuring import decide_on_practice, effect, effects, events, request_effect, sheets

__all__ = [
    "adjust_practice", "adopt", "adoption", "compare", "decide_on_practice", "effect", "effects", "events", "mode",
    "overview", "practice", "practices", "request_effect", "sheets", "take_back_adoption", "take_back_practice",
]  # fmt: skip
