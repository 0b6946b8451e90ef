"""Give deals to somebody else."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealHandedOver
from salesmode.selling.models import Deal
from salesmode.selling.models.owners import CannotOwn
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.entries import index_deal


@transaction.atomic
def hand_over_deal(deal: Deal, *, to: Person, by: Person, at: datetime, version: int | None = None) -> Deal:
    """Give a deal to somebody else; stage, history and next step stay. Decided deals can be handed over too.

    Raises CannotOwn, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_hand_over_deal(by, deal))
    if not policies.may_own_deals(to):
        raise CannotOwn(to)
    if deal.owner_id == to.pk:
        return deal
    former, former_owner_id = standing(deal), deal.owner_id
    deal.give_to(to)
    save(deal, at=at)
    index_deal(deal)
    record(DealHandedOver(**deal_facts(deal, former), former_owner_id=former_owner_id), by=by, at=at)
    return deal
