"""What numbers can be broken down by, as data; the apps above say what the keys are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesmode.kernel.refusals import Invalid

Text = str | Promise
Labels = Callable[[Sequence[Any]], Mapping[Any, str]]


@dataclass(frozen=True)
class Dimension:
    """A way to slice numbers: the column that says it, and how its keys are called.

    `sql` may name {dated_by}. `members` returns key by owner, for facts that do not carry the column.
    `named` finds a key by its label; `shape` makes a key of what the column holds.
    `list_filter` is the name that lists give it.
    """

    code: str
    label: Text
    sql: str
    is_number: bool = False
    labels: Labels | None = None
    members: Callable[[], Mapping[int, Any]] | None = None
    named: Callable[[str], Any] | None = None
    shape: Callable[[Any], Any] | None = None
    list_filter: str = ""
    order: Callable[[Sequence[Any]], Mapping[Any, Any]] | None = None


DIMENSIONS: dict[str, Dimension] = {}


def register(*dimensions: Dimension) -> None:
    """Put dimensions into the registry."""
    for dimension in dimensions:
        DIMENSIONS[dimension.code] = dimension


def labelled(dimension: Dimension, keys: Sequence[Any]) -> dict[Any, str]:
    """Return what to call each key; a key of nothing is told as such."""
    known = [key for key in keys if key not in (None, "")]
    names = dict(dimension.labels(known)) if dimension.labels and known else {}
    return {key: names.get(key, str(key)) if key not in (None, "") else _("Not given") for key in keys}


@lru_cache(maxsize=1_000)
def _month(first: date) -> str:
    return f"{first:%Y-%m}"


@lru_cache(maxsize=1_000)
def _quarter(first: date) -> str:
    return f"{first.year}-Q{(first.month + 2) // 3}"


register(
    Dimension("month", gettext_lazy("Month"), "date_trunc('month', {dated_by})", shape=_month),
    Dimension("quarter", gettext_lazy("Quarter"), "date_trunc('quarter', {dated_by})", shape=_quarter),
    Dimension("source", gettext_lazy("Source"), "source", list_filter="source"),
    Dimension("region", gettext_lazy("Region"), "province", list_filter="province"),
    Dimension("industry", gettext_lazy("Industry"), "industry", list_filter="industry"),
    Dimension("channel", gettext_lazy("How"), "channel", list_filter="channel"),
    Dimension("category", gettext_lazy("Forecast category"), "category", list_filter="category"),
)


def key_of(name: str, text: str) -> Any:
    """Return the key that somebody means by what they wrote: the key itself, or its label.

    Raises Invalid for what is neither.
    """
    dimension = DIMENSIONS.get(name)
    if dimension is None or not dimension.is_number or text == "":
        return text or None
    if text.lstrip("-").isdigit():
        return int(text)
    found = dimension.named(text) if dimension.named else None
    if found is None:
        raise Invalid(
            {name: [_("There is no %(name)s called %(text)s.") % {"name": dimension.label, "text": text[:60]}]}
        )
    return found
