"""What deals add to numbers: stages, processes and reasons to break them down by."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from salesmode.analytics import dimensions
from salesmode.kernel import rows
from salesmode.selling.models import LossReason, Process, Stage


def stage_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what stages are called."""
    return rows.names_of(Stage, keys)


def stage_places(keys: Sequence[Any]) -> Mapping[Any, Any]:
    """Return where stages stand in their process, so that a funnel reads from the top."""
    return {
        pk: place for place, pk in enumerate(Stage.objects.order_by("process", "position").values_list("pk", flat=True))
    }


def process_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what processes are called."""
    return rows.names_of(Process, keys)


def loss_reason_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what reasons to lose are called."""
    return rows.names_of(LossReason, keys)


dimensions.register(
    dimensions.Dimension(
        "stage", _("Stage"), "stage_id", is_number=True, labels=stage_names, order=stage_places, list_filter="stage"
    ),
    dimensions.Dimension(
        "process", _("Process"), "process_id", is_number=True, labels=process_names, list_filter="process"
    ),
    dimensions.Dimension(
        "loss_reason",
        _("Reason lost"),
        "loss_reason_id",
        is_number=True,
        labels=loss_reason_names,
        list_filter="loss_reason",
    ),
)
