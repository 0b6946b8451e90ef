"""Win deals."""

from datetime import datetime

from django.db import transaction

from salesmode.customers.models import Customer
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealWon
from salesmode.selling.models import Deal
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.entries import index_deal
from salesmode.selling.operations.stays import leave_stage


@transaction.atomic
def win_deal(
    deal: Deal, *, customer: Customer | None = None, by: Person, at: datetime, version: int | None = None
) -> Deal:
    """Close a deal as won; a deal without a customer gets one now.

    Raises DealAlreadyDecided, Invalid without a customer, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_win_deal(by, deal))
    former = standing(deal)
    if customer is not None:
        deal.belong_to(customer)
    deal.mark_won(at=at)
    save(deal, at=at)
    leave_stage(deal, at=at)
    if customer is not None:
        index_deal(deal)
    record(DealWon(**deal_facts(deal, former), entered_at=deal.stage_entered_at), by=by, at=at)
    return deal
