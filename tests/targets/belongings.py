"""Ana's target, her team's scorecard, and when she is away."""

from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.targets import operations as targets
from salesmode.targets.models import Whose
from tests.conftest import MONDAY
from tests.targets.cards import ACTIVITY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a draft target of Ana's, a scorecard of Bo's, and an absence of Ana's."""
    ana, bo = cast["ana"], cast["bo"]
    target = targets.set_target(
        metric="won_amount", year=2026, whose=Whose("person", person=ana), base=Decimal(1200), by=bo, at=MONDAY
    )
    card = targets.define_scorecard(name="North", lines=ACTIVITY, by=bo, at=MONDAY)
    targets.use_scorecard(card, team=cast["north"], starts_on=date(2026, 3, 2), by=bo, at=MONDAY)
    away = targets.note_absence(person=ana, first_on=date(2026, 4, 1), last_on=date(2026, 4, 3), by=bo, at=MONDAY)
    line = card.lines.first()
    return {
        "target_id": target.pk,
        "scorecard_id": card.pk,
        "absence_id": away.pk,
        "line_id": line.pk if line else None,
        "targets:score.person_id": ana.pk,
    }
