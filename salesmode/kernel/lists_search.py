"""The search box of a list: the search index where the kind has entries there, else its own text fields."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from salesmode.kernel.search import records_matching

if TYPE_CHECKING:
    from salesmode.kernel.lists import Listing


def matching(listing: "Listing", rows: models.QuerySet, text: str, viewer: Any) -> models.QuerySet:
    """Return the rows that a text finds."""
    if listing.search_fields:
        condition = Q()
        for field in listing.search_fields:
            condition |= Q(**{f"{field}__icontains": text})
        return rows.filter(condition)
    return rows.filter(pk__in=records_matching(text, kind=listing.kind))
