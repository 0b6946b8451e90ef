"""Define how deals go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import ProcessDefined
from salesmode.selling.models import Process, Stage


@dataclass(frozen=True)
class StageDraft:
    """One stage as it is to be: its name, probability in percent, forecast category and expected days."""

    name: str
    probability: Decimal | int = 0
    category: str = Stage.Category.PIPELINE
    expected_days: int | None = None


@transaction.atomic
def define_process(*, name: str, stages: Sequence[StageDraft], is_default: bool = False, by: Person, at: datetime) -> Process:
    """Write down a new way of selling, stage by stage.

    Raises NotAllowed.
    """
    require(policies.may_define_process(by))
    if is_default:
        Process.objects.filter(is_default=True).update(is_default=False)
    process = Process(name=name, is_default=is_default)
    save(process, at=at)
    for position, draft in enumerate(stages, start=1):
        stage = Stage(process=process, position=position, name=draft.name, probability=Decimal(draft.probability))
        stage.category, stage.expected_days = draft.category, draft.expected_days
        save(stage, at=at)
    stage_ids = list(process.stages.order_by("position").values_list("pk", flat=True))
    record(ProcessDefined(process_id=process.pk, stage_ids=stage_ids), by=by, at=at)
    return process
