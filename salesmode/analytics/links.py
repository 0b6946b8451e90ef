"""Where a number leads: the list of the records behind it, narrowed to the period, the scope and the slice."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.metrics import Metric
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.periods import Period

PAGES = {
    "deal": "selling:deals",
    "lead": "selling:leads",
    "customer": "customers:customers",
    "interaction": "customers:interactions",
    "visit": "customers:visits",
    "work_report": "reviews:work_reports",
    "meeting": "reviews:meetings",
    "order": "orders:orders",
    "payment": "orders:payments",
}


def records_url(metric: Metric, period: Period, where: Mapping[str, Sequence[Any]] | None = None) -> str:
    """Return the address of the list behind a number; empty when there is none."""
    records = metric.records
    if records is None or records.listing not in PAGES:
        return ""
    listing = LISTINGS.get(records.listing)
    known = {name for each in listing.filters for name in each.param_names()} if listing else set()
    found: list[tuple[str, str]] = [(name, value) for name, values in records.filters.items() for value in values]
    if records.dated_by:
        found += [(f"{records.dated_by}_from", str(period.first)), (f"{records.dated_by}_to", str(period.last))]
    for dimension, values in (where or {}).items():
        name = records.slices.get(dimension, DIMENSIONS[dimension].list_filter)
        found += [(name, "none" if value in (None, "") else str(value)) for value in values if name in known]
    try:
        page = reverse(PAGES[records.listing])
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode(found)}" if found else page
