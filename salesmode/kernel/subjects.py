"""Records by their kind and id, as files, comments and events name them, seen through whoever looks."""

from functools import cache
from types import MethodType
from typing import Any

from django.apps import apps
from django.db.models import Model

from salesmode.kernel.refusals import NotFound

LARGEST_ID = 2**63 - 1


@cache
def subjects() -> dict[str, type[Model]]:
    """Return every kind of record that has its own visibility, and its table."""
    models: list[Any] = [model for model in apps.get_models() if isinstance(getattr(model, "kind", None), MethodType)]
    return {model.kind(): model for model in models if hasattr(getattr(model, "objects", None), "visible_to")}


def subject(kind: str, record_id: int, *, seen_by: Any) -> Any:
    """Return a record by kind and id.

    Raises NotFound for a kind or a record that is not there, or not for this person to see: all look alike.
    """
    model = subjects().get(kind)
    if model is None or not 0 < record_id <= LARGEST_ID:
        raise NotFound
    row = model.objects.visible_to(seen_by).filter(pk=record_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotFound
    return row
