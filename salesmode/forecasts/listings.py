"""What inspection adds to the list of deals: a column and a filter."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from salesmode.forecasts import queries
from salesmode.forecasts.models.inspection import Warn
from salesmode.kernel.lists import Column, Filter, extend


def _warned(deal: Any) -> str:
    return " · ".join(one.label for one in queries.sentences(getattr(deal, "inspection", None)))


def _with(deals: QuerySet, values: list[str], viewer: Any) -> QuerySet:
    return queries.with_warning(deals, values)


extend(
    "deal",
    columns=[Column("warnings", _("Warnings"), value=_warned, default=False)],
    filters=[
        Filter(
            "warning",
            _("Warnings"),
            choices=lambda: [("any", _("Any warning")), *Warn.choices, ("none", _("No warning"))],
            apply=_with,
        )
    ],
    prepare=lambda deals: deals.select_related("inspection"),
)
