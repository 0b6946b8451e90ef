"""The search box of a list: the search index where the kind has entries there, else its own text fields."""

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from salesmode.kernel.lists import Listing


def matching(listing: "Listing", rows: models.QuerySet, text: str, viewer: Any) -> models.QuerySet:
    """Return the rows that a text finds."""
    if listing.search_fields:
        condition = Q()
        for field in listing.search_fields:
            condition |= Q(**{f"{field}__icontains": text})
        return rows.filter(condition)
    if importlib.util.find_spec("salesmode.kernel.search") is None:
        return rows.none()
    search = importlib.import_module("salesmode.kernel.search")
    return rows.filter(pk__in=[entry.record_id for entry in search.find(text, viewer, kinds=[listing.kind], limit=500)])
