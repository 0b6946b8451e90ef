"""Lose deals."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealLost
from salesmode.selling.models import Deal, LossReason
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.stays import leave_stage


@transaction.atomic
def lose_deal(
    deal: Deal,
    *,
    reason: LossReason | None = None,
    competitor: str = "",
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Deal:
    """Close a deal as lost, and say why and to whom.

    Raises DealAlreadyDecided, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_lose_deal(by, deal))
    former = standing(deal)
    deal.mark_lost(reason=reason, competitor=competitor, at=at)
    fit(deal)
    save(deal, at=at)
    leave_stage(deal, at=at)
    why: dict[str, Any] = {"loss_reason_id": deal.loss_reason_id, "competitor": deal.competitor}
    record(DealLost(**deal_facts(deal, former), **why, entered_at=deal.stage_entered_at), by=by, at=at)
    return deal
