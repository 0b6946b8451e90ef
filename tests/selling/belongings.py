"""Ana's deal and lead, and the process they pass."""

from typing import Any

from salesmode.selling import operations as selling
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return Ana's deal and lead; what may be about anything is about her deal."""
    renewal = cast["renewal"]
    lead = selling.create_lead(name="Lena", owner=cast["ana"], by=cast["ana"], at=MONDAY)
    process = {"process_id": renewal.process_id, "stage_id": renewal.stage_id}
    reason = selling.define_loss_reason(name="Belongings", by=cast["system"], at=MONDAY)
    about = {"record_id": renewal.pk, "key": renewal.pk}
    return {"deal_id": renewal.pk, "lead_id": lead.pk, "reason_id": reason.pk} | process | about
