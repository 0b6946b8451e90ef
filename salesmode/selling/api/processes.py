"""Processes, stages and loss reasons for programs."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    few,
    load,
    paged,
    record_fields,
    responses,
)
from salesmode.selling import operations
from salesmode.selling.api.deals import Percent
from salesmode.selling.models import LossReason, Process, Stage

processes = Router(tags=["processes"])
loss_reasons = Router(tags=["processes"])

Title = Annotated[str, Field(min_length=1, max_length=120), *Text.__metadata__]


class StageIn(In):
    """One stage as it is to be; `id` names the stage that this was so far."""

    id: Id | None = None
    name: Title
    probability: Percent = Decimal(0)
    category: Stage.Category = Stage.Category.PIPELINE
    expected_days: Annotated[int, Field(ge=1, le=3650)] | None = None


Stages = Annotated[list[StageIn], Field(min_length=1, max_length=100)]


class ProcessIn(In):
    """A way of selling, stage by stage."""

    name: Title
    is_default: bool = False
    stages: Stages


class ProcessChange(In):
    """What can change; stages that are not named any more are retired."""

    name: Title | None = None
    is_default: bool | None = None
    is_active: bool | None = None
    stages: Stages | None = None


class StageOut(Schema):
    """One stage of a process."""

    id: int
    name: str
    position: int
    probability: str
    category: str
    expected_days: int | None


class ProcessOut(RecordOut):
    """A way of selling."""

    name: str
    is_default: bool
    is_active: bool
    stages: list[StageOut]


class ProcessList(Schema):
    """All ways of selling."""

    items: list[ProcessOut]
    next: str | None


class LossReasonOut(RecordOut):
    """A reason that deals are lost for."""

    name: str
    is_active: bool


class LossReasonList(Schema):
    """All reasons that deals are lost for."""

    items: list[LossReasonOut]
    next: str | None


def _process(process: Process) -> dict[str, Any]:
    stages = sorted(process.stages.all(), key=lambda stage: (stage.position, stage.pk))
    shown = ("name", "position", "probability", "category", "expected_days")
    return record_fields(process) | {
        "name": process.name,
        "is_default": process.is_default,
        "is_active": process.is_active,
        "stages": [
            {"id": stage.pk} | {name: getattr(stage, name) for name in shown} for stage in stages if stage.is_active
        ],
    }


def _drafts(given: list[StageIn]) -> list[operations.StageDraft]:
    return [operations.StageDraft(**stage.model_dump()) for stage in given]


@processes.get("", response=responses(ProcessList), operation_id="list_processes")
def list_processes(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List all ways of selling, the default first."""
    rows = Process.objects.prefetch_related("stages").order_by("-is_default", "id")
    return few(request, rows, _process, key=lambda process: process.pk)


@processes.post("", response=responses(ProcessOut, status=201), operation_id="define_process")
def define_process(request: HttpRequest, payload: ProcessIn) -> HttpResponse:
    """Write a new way of selling down."""
    person = caller(request)
    stages = _drafts(payload.stages)
    made = operations.define_process(
        name=payload.name, is_default=payload.is_default, stages=stages, by=person, at=now()
    )
    return answer(_process(made), status=201)


@processes.get("/{int:process_id}", response=responses(ProcessOut), operation_id="get_process")
def get_process(request: HttpRequest, process_id: int) -> HttpResponse:
    """Read one way of selling."""
    return answer(_process(load(Process.objects.all(), process_id, caller(request))))


@processes.patch("/{int:process_id}", response=responses(ProcessOut), operation_id="amend_process")
def amend_process(request: HttpRequest, process_id: int, payload: ProcessChange) -> HttpResponse:
    """Change a way of selling: rename, add, reorder and retire its stages."""
    person = caller(request)
    process, version = load(Process.objects.all(), process_id, person), expected_version(request)
    given = payload.model_dump(exclude_unset=True, exclude={"stages"})
    changes = {name: value for name, value in given.items() if value is not None}
    stages = _drafts(payload.stages) if payload.stages is not None else None
    amended = operations.amend_process(process, stages=stages, version=version, by=person, at=now(), **changes)
    return answer(_process(amended))


def _reason(row: LossReason) -> dict[str, Any]:
    return record_fields(row) | {"name": row.name, "is_active": row.is_active}


@loss_reasons.get("", response=responses(LossReasonList), operation_id="list_loss_reasons")
def list_loss_reasons(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List all reasons that deals are lost for."""
    return paged(request, LossReason.objects.all(), _reason)


@loss_reasons.get("/{int:reason_id}", response=responses(LossReasonOut), operation_id="get_loss_reason")
def get_loss_reason(request: HttpRequest, reason_id: int) -> HttpResponse:
    """Read one reason that deals are lost for."""
    return answer(_reason(load(LossReason.objects.all(), reason_id, caller(request))))
