"""Which numbers say that something came of the work: an activity alone is nothing to win with."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from salesmode.analytics.measure import dimensions_of
from salesmode.analytics.metrics import REGISTRY, Metric
from salesmode.kernel.refusals import Invalid

# Counts that are results; every other count is an activity, or a stock that anybody can pile up.
RESULTS_THAT_ARE_COUNTS = frozenset({"won_count", "order_count", "first_time_buyers"})
MOST_DIGITS = Decimal(10) ** 14


def personal_metrics() -> list[Metric]:
    """Return the numbers that can be told person by person, by name."""
    found = [metric for metric in REGISTRY.values() if "person" in dimensions_of(metric)]
    return sorted(found, key=lambda metric: str(metric.label))


def is_outcome(metric: Metric) -> bool:
    """Say whether a number is a result rather than an activity."""
    return metric.unit in ("money", "money_per_day", "ratio") or metric.code in RESULTS_THAT_ARE_COUNTS


def personal_metric(code: str, *, field: str = "metric") -> Metric:
    """Return a number that can be told person by person; raises Invalid for any other."""
    metric = REGISTRY.get(code)
    if metric is None or "person" not in dimensions_of(metric):
        raise Invalid({field: [_("There is no such number for single people.")]})
    return metric


def check_ranking(code: str, paired: str) -> None:
    """Refuse to rank by an activity alone; raises Invalid."""
    metric = personal_metric(code)
    second = personal_metric(paired, field="paired") if paired else None
    if second is not None and second.code == metric.code:
        raise Invalid({"paired": [_("Choose another number beside it.")]})
    if not is_outcome(metric) and (second is None or not is_outcome(second)):
        said = _("%(metric)s is an activity. Put a result beside it, such as the won amount, and both count.")
        raise Invalid({"paired": [said % {"metric": metric.label}]})


def exact(value: Any) -> Decimal | None:
    """Return a measured number as it is kept; unknown stays unknown."""
    if value is None:
        return None
    kept = value if isinstance(value, Decimal) else Decimal(repr(value))
    return kept.quantize(Decimal("0.000001")) if abs(kept) < MOST_DIGITS else None
