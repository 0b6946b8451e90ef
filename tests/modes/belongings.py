"""A practice that North adopted with what it changed, and the effect that somebody asked about."""

from typing import Any

from salesmode.modes import operations as modes
from salesmode.modes import queries
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return what stands for the names in the routes of this app."""
    system = cast["system"]
    wanted = {"team": cast["north"], "practices": ["individuals_watch"], "from_day": MONDAY.date()}
    adoption = modes.adopt(**wanted, seen=queries.preview(**wanted).mark, by=system, at=MONDAY)
    effect = modes.request_effect("practice:individuals_watch", by=system, at=MONDAY)
    return {
        "adoption_id": adoption.pk,
        "practice_id": adoption.practices.get().pk,
        "subject": effect.subject,
        "effect_id": effect.pk,
        "modes:mode.code": "performance",
        "modes:practice.code": "individuals_watch",
    }
