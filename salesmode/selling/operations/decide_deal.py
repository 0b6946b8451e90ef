"""Decide deals: win or lose them."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealLost, DealWon
from salesmode.selling.models import Deal, LossReason
from salesmode.selling.operations.deal_facts import deal_facts


@transaction.atomic
def win_deal(deal: Deal, *, by: Person, at: datetime, version: int | None = None) -> Deal:
    """Close a deal as won.

    Raises DealAlreadyDecided, Invalid without a customer, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_decide_deal(by, deal))
    deal.mark_won(at=at)
    save(deal, at=at)
    deal.stays.filter(left_at=None).update(left_at=at)
    record(DealWon(**deal_facts(deal), entered_at=deal.stage_entered_at), by=by, at=at)
    return deal


@transaction.atomic
def lose_deal(
    deal: Deal, *, reason: LossReason | None = None, competitor: str = "", by: Person, at: datetime, version: int | None = None
) -> Deal:
    """Close a deal as lost, and say why.

    Raises DealAlreadyDecided, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_decide_deal(by, deal))
    deal.mark_lost(reason=reason, competitor=competitor, at=at)
    save(deal, at=at)
    deal.stays.filter(left_at=None).update(left_at=at)
    lost = DealLost(**deal_facts(deal), entered_at=deal.stage_entered_at, loss_reason_id=deal.loss_reason_id, competitor=competitor)
    record(lost, by=by, at=at)
    return deal
