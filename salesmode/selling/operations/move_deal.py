"""Move deals through their process."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealMoved
from salesmode.selling.models import Deal, Stage
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.stays import enter_stage, leave_stage


@transaction.atomic
def move_deal(deal: Deal, *, stage: Stage, by: Person, at: datetime, version: int | None = None) -> Deal:
    """Move a deal to another stage of its process; a deal already there stays as it is.

    Raises DealAlreadyDecided, StageOfAnotherProcess, NotAllowed, Stale.
    """
    lock(deal, version=version)
    require(policies.may_move_deal(by, deal))
    if deal.stage_id == stage.pk and deal.is_open:
        return deal
    left, entered_at = deal.stage_id, deal.stage_entered_at
    former = standing(deal)
    deal.move_to(stage, at=at)
    save(deal, at=at)
    leave_stage(deal, at=at)
    enter_stage(deal, at=at)
    record(DealMoved(**deal_facts(deal, former), from_stage_id=left, entered_at=entered_at), by=by, at=at)
    return deal
