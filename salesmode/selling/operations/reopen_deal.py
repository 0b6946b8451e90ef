"""Take decisions about deals back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealReopened
from salesmode.selling.models import Deal
from salesmode.selling.operations.deal_facts import deal_facts
from salesmode.selling.operations.stays import enter_stage


@transaction.atomic
def reopen_deal(deal: Deal, *, by: Person, at: datetime, version: int | None = None) -> Deal:
    """Open a decided deal again, in the stage it was decided in, or the first one if that was retired.

    A new stay begins.

    Raises DealStillOpen, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_reopen_deal(by, deal))
    former_outcome, former_decided_at = deal.outcome, deal.decided_at
    stage = deal.stage if deal.stage.is_active else deal.process.stages.in_use().in_order().first()
    deal.mark_open(stage=stage or deal.stage, at=at)
    save(deal, at=at)
    enter_stage(deal, at=at)
    former: dict[str, Any] = {"former_outcome": former_outcome, "former_decided_at": former_decided_at}
    record(DealReopened(**deal_facts(deal), **former), by=by, at=at)
    return deal
