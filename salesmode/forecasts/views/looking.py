"""What the pages about the pipeline read from their address: whose, which part of it, between which days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from salesmode.catalog.models import Product
from salesmode.forecasts.queries import Narrowed, Scope, Tree, scope_called, scopes
from salesmode.kernel.lists_filters import whole_number
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.kernel.wording import period as said_period
from salesmode.people.visibility import viewer
from salesmode.selling.models import Stage
from salesmode.selling.queries import last_busy_day

FILTERS = ("scope", "closing", "product", "source", "stage", "category")
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Look:
    """One look at the pipeline: who looks at whose, and at which part."""

    tree: Tree
    offered: list[Scope]
    scope: Scope
    narrowed: Narrowed
    chosen: dict[str, str]

    def query(self, **more: Any) -> str:
        """Return this look as a query string, with something added."""
        return urlencode({**{name: value for name, value in self.chosen.items() if value}, **more})

    @property
    def is_narrowed(self) -> bool:
        """Whether more than whose pipeline it is was chosen."""
        return any(value for name, value in self.chosen.items() if name != "scope")


def look_of(request: HttpRequest) -> Look:
    """Read the filters of an address; raises Invalid for what makes no sense."""
    tree = Tree.of(viewer(request))
    offered = scopes(tree)
    chosen = {name: request.GET.get(name, "").strip()[:200] for name in FILTERS}
    scope = scope_called(chosen["scope"], offered)
    keys = {name: (whole_number(name, chosen[name]),) if chosen[name] else () for name in ("product", "stage")}
    if chosen["category"] and chosen["category"] not in Stage.Category.values:
        raise Invalid({"category": [_("There is no such forecast category.")]})
    narrowed = Narrowed(
        owners=scope.owners,
        products=keys["product"],
        stages=keys["stage"],
        sources=(chosen["source"],) if chosen["source"] else (),
        categories=(chosen["category"],) if chosen["category"] else (),
        closes=Period.parse(chosen["closing"]) if chosen["closing"] else None,
    )
    return Look(tree, offered, scope, narrowed, chosen)


def choices() -> dict[str, Any]:
    """Return what the filters offer. Two queries."""
    stages = Stage.objects.in_use().filter(process__is_active=True).select_related("process")
    return {
        "stages": list(stages.order_by("-process__is_default", "process__name", "position")),
        "products": list(Product.objects.order_by("name").values_list("pk", "name")[:200]),
        "categories": Stage.Category.choices,
    }


def day_called(request: HttpRequest, name: str, usual: date) -> date:
    """Return the day that an address names; raises Invalid for what is none."""
    given = request.GET.get(name, "")
    try:
        day = date.fromisoformat(given) if given else usual
    except ValueError:
        raise Invalid({name: [_("Write a day like 2026-03-05.")]}) from None
    if not EARLIEST < day < LATEST:
        raise Invalid({name: [_("That is too far away.")]})
    return day


@dataclass(frozen=True)
class Span:
    """A choice of two days: from the end of one to the end of the other."""

    label: str
    start: date
    end: date


def spans() -> list[Span]:
    """Return the usual spans: this and the last week, month and quarter, so far.

    Where a company's deals were all decided long ago, those of the last decision, by their names. One query.
    """
    today = last_busy_day(localdate())
    words = [
        (_("This week"), "this-week"),
        (_("This month"), "this-month"),
        (_("Last month"), "last-month"),
        (_("This quarter"), "this-quarter"),
        (_("Last quarter"), "last-quarter"),
    ]
    found = [(label, Period.parse(code, today=today)) for label, code in words]
    if today != localdate():
        found = [(said_period(span.label), span) for _label, span in found]
    return [Span(label, span.first - timedelta(days=1), min(span.last, today)) for label, span in found]


def is_old(request: HttpRequest) -> bool:
    """Whether a page about days shows the last figures because there are none of today, and nobody named a day."""
    is_asked = {"from", "to", "on", "period"} & set(request.GET)
    return not is_asked and last_busy_day(localdate()) != localdate()
