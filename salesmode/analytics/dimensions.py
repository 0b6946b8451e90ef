"""What numbers can be broken down by, as data; the apps above say what the keys are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise
Labels = Callable[[Sequence[Any]], Mapping[Any, str]]


@dataclass(frozen=True)
class Dimension:
    """A way to slice numbers: the column that says it, and how its keys are called.

    `sql` may name {dated_by}. `members` returns key by owner, for facts that do not carry the column.
    `list_filter` is the name that lists give it.
    """

    code: str
    label: Text
    sql: str
    is_number: bool = False
    labels: Labels | None = None
    members: Callable[[], Mapping[int, Any]] | None = None
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


register(
    Dimension("month", gettext_lazy("Month"), "strftime({dated_by}, '%Y-%m')"),
    Dimension("quarter", gettext_lazy("Quarter"), "concat(year({dated_by}), '-Q', quarter({dated_by}))"),
    Dimension("source", gettext_lazy("Source"), "source", list_filter="source"),
    Dimension("region", gettext_lazy("Region"), "province", list_filter="province"),
    Dimension("industry", gettext_lazy("Industry"), "industry", list_filter="industry"),
    Dimension("channel", gettext_lazy("How"), "channel", list_filter="channel"),
    Dimension("category", gettext_lazy("Forecast category"), "category", list_filter="category"),
)
