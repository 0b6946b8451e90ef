"""Keep the stays of deals in their stages: contiguous, and at most one open."""

from datetime import datetime

from salesmode.kernel.locking import save_both
from salesmode.kernel.prepared import prepared
from salesmode.kernel.rows import write
from salesmode.selling.models import Deal, DealStay

_LEAVE = "update selling_dealstay set left_at = %s where deal_id = %s and left_at is null"


def enter_stage(deal: Deal, *, at: datetime) -> None:
    """Begin the deal's stay in the stage it has now."""
    write(DealStay(deal=deal, stage_id=deal.stage_id, entered_at=at))


def save_in_first_stage(deal: Deal, *, at: datetime) -> None:
    """Write a new deal, and begin its stay in the stage it has."""
    save_both(deal, DealStay(stage_id=deal.stage_id, entered_at=at), "deal_id", at=at)


def leave_stage(deal: Deal, *, at: datetime) -> None:
    """End the deal's stay in the stage it had."""
    with prepared() as cursor:
        cursor.execute(_LEAVE, [at, deal.pk])
