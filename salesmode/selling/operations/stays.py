"""Keep the stays of deals in their stages: contiguous, and at most one open."""

from datetime import datetime

from salesmode.selling.models import Deal, DealStay


def enter_stage(deal: Deal, *, at: datetime) -> None:
    """Begin the deal's stay in the stage it has now."""
    DealStay.objects.create(deal=deal, stage_id=deal.stage_id, entered_at=at)


def leave_stage(deal: Deal, *, at: datetime) -> None:
    """End the deal's stay in the stage it had."""
    deal.stays.filter(left_at=None).update(left_at=at)
