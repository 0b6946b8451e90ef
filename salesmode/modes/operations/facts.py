"""What events say about adoptions and practices."""

from collections.abc import Sequence
from typing import Any

from salesmode.modes.models import AdoptedPractice, Adoption


def adoption_facts(adoption: Adoption, practices: Sequence[str]) -> dict[str, Any]:
    """Return what every event about an adoption says."""
    return {
        "adoption_id": adoption.pk, "team_id": adoption.team_id, "mode": adoption.mode,
        "practices": list(practices), "from_day": adoption.from_day,
    }  # fmt: skip


def practice_facts(row: AdoptedPractice) -> dict[str, Any]:
    """Return what every event about a practice says."""
    return {
        "practice_id": row.pk, "adoption_id": row.adoption_id, "code": row.code, "team_id": row.team_id,
        "mode": row.mode, "from_day": row.from_day, "parameters": row.parameters,
    }  # fmt: skip
