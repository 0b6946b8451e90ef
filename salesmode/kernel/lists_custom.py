"""The company's own fields as columns and filters of a list."""

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salesmode.kernel.lists import Column, Filter


def _fields(kind: str) -> list[Any]:
    if importlib.util.find_spec("salesmode.kernel.custom_fields") is None:
        return []
    return list(importlib.import_module("salesmode.kernel.custom_fields").fields_of(kind))


def columns_of(kind: str) -> list["Column"]:
    """Return a column for each field that the company added to this kind of record."""
    return []


def filters_of(kind: str) -> list["Filter"]:
    """Return a filter for each field that the company added to this kind of record."""
    return []
