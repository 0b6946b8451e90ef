"""Define how deals go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, lock_all, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import ProcessAmended, ProcessDefined
from salesmode.selling.models import Process, Stage
from salesmode.selling.models.process import StageStillUsed


@dataclass(frozen=True)
class StageDraft:
    """One stage as it is to be: its name, probability in percent, forecast category and expected days.

    `id` names the stage of the process that this was so far; without it the stage is new.
    """

    name: str
    probability: Decimal | int = 0
    category: str = Stage.Category.PIPELINE
    expected_days: int | None = None
    id: int | None = None


@transaction.atomic
def define_process(
    *, name: str, stages: Sequence[StageDraft], is_default: bool = False, by: Person, at: datetime
) -> Process:
    """Write down a new way of selling, stage by stage.

    Raises NotAllowed, Invalid for a name taken, no stage at all or a stage that cannot be.
    """
    require(policies.may_define_process(by))
    process = Process(name=name.strip(), is_default=is_default)
    _fits(process)
    if is_default:
        Process.objects.filter(is_default=True).update(is_default=False)
    save(process, at=at)
    stage_ids = _write_stages(process, stages, at=at)
    record(ProcessDefined(process_id=process.pk, stage_ids=stage_ids), by=by, at=at)
    return process


@transaction.atomic
def amend_process(
    process: Process,
    *,
    stages: Sequence[StageDraft] | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
    **changes: bool | str,
) -> Process:
    """Change a way of selling: its name, whether new deals take it, and its stages in their new order.

    A stage that is not named any more is retired: its history stays, and no deal enters it again.
    Raises NotAllowed, Stale, StageStillUsed, Invalid.
    """
    lock(process, version=version)
    require(policies.may_amend_process(by))
    names = changed(process, changes)
    _fits(process)
    if process.is_default:
        Process.objects.filter(is_default=True).exclude(pk=process.pk).update(is_default=False)
    save(process, at=at)
    retired: list[int] = []
    if stages is not None:
        retired = _retire_others(process, {draft.id for draft in stages}, at=at)
        _write_stages(process, stages, at=at)
        names.append("stages")
    stage_ids = list(process.stages.in_use().in_order().values_list("pk", flat=True))
    amended = ProcessAmended(process_id=process.pk, stage_ids=stage_ids, retired_stage_ids=retired, changed=names)
    record(amended, by=by, at=at)
    return process


def _fits(process: Process) -> None:
    fit(process)
    if Process.objects.filter(name=process.name).exclude(pk=process.pk).exists():
        raise Invalid({"name": [_("Another process has this name.")]})
    if process.is_default and not process.is_active:
        raise Invalid({"is_active": [_("The default process stays in use. Make another one the default first.")]})


def _retire_others(process: Process, kept: set[int | None], *, at: datetime) -> list[int]:
    others = list(process.stages.in_use().exclude(pk__in=[key for key in kept if key is not None]))
    lock_all(others)
    for stage in others:
        if deals := stage.deals.filter(outcome="open").count():
            raise StageStillUsed(stage, deals)
        stage.is_active = False
        save(stage, at=at)
    return [stage.pk for stage in others]


def _write_stages(process: Process, drafts: Sequence[StageDraft], *, at: datetime) -> list[int]:
    names = [draft.name.strip() for draft in drafts]
    if not names:
        raise Invalid({"stages": [_("A process needs at least one stage.")]})
    if len(set(names)) < len(names):
        raise Invalid({"stages": [_("Two stages have the same name.")]})
    known = {stage.pk: stage for stage in process.stages.in_use()}
    if unknown := {draft.id for draft in drafts if draft.id is not None} - set(known):
        raise Invalid({"stages": [_("Stage %(id)s is not part of this process.") % {"id": min(unknown)}]})
    _step_aside(process, known, at=at)
    for position, (name, draft) in enumerate(zip(names, drafts, strict=True), start=1):
        stage = known.get(draft.id or 0) or Stage(process=process)
        stage.name, stage.position, stage.probability = name, position, Decimal(draft.probability)
        stage.category, stage.expected_days = draft.category, draft.expected_days
        fit(stage)
        if not 0 <= stage.probability <= 100:
            raise Invalid({"stages": [_("A probability is between 0 and 100 percent.")]})
        save(stage, at=at)
    return list(process.stages.in_use().in_order().values_list("pk", flat=True))


def _step_aside(process: Process, known: dict[int, Stage], *, at: datetime) -> None:
    """Let stages swap their names: the unique name is checked row by row."""
    highest = process.stages.aggregate(highest=Max("position"))["highest"] or 0
    for stage in known.values():
        Stage.objects.filter(pk=stage.pk).update(name=f"\u2026{stage.pk}", position=highest + stage.position)
