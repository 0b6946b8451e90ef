"""Did a change work? Differences in differences, interrupted time series, and a verdict that may be "nobody knows".

Two ways, by what there is to compare with:

* several units changed and several did not: unit and period fixed effects, errors clustered by unit (CR2, with the
  degrees of freedom of Bell and McCaffrey, so that few units give wide intervals instead of false certainty);
* one unit, or too few: its course before and after, less the course of the others where there are any, with errors
  widened for what carries over from one period to the next.

numpy and scipy are read when something is computed, never when a page is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

Verdict = Literal["effective", "not_effective", "not_enough_evidence", "cannot_be_evaluated"]
Method = Literal["difference_in_differences", "interrupted_series", "none"]
Scale = Literal["share", "level"]

FEWEST_BEFORE = 6
FEWEST_AFTER = 3
ENOUGH_UNITS = 3
MOST_MISSING = 0.2
LEVEL = 0.05


@dataclass(frozen=True)
class Panel:
    """What was measured: unit → one value for each period, unknown is None; and when each unit changed.

    `changed` holds, for each unit that changed, the number of the first period that counts as after.
    """

    values: Mapping[Any, Sequence[float | None]]
    changed: Mapping[Any, int]

    @property
    def periods(self) -> int:
        """Return how many periods were measured."""
        return max((len(row) for row in self.values.values()), default=0)

    @property
    def adopters(self) -> list[Any]:
        """Return the units that changed."""
        return [unit for unit in self.values if unit in self.changed]

    @property
    def others(self) -> list[Any]:
        """Return the units that did not."""
        return [unit for unit in self.values if unit not in self.changed]


@dataclass(frozen=True)
class Estimate:
    """An effect with its 95 % interval, and what it rests on. On the scale `share`, 0.08 is eight percent more."""

    effect: float
    low: float
    high: float
    error: float
    freedom: float
    p: float


@dataclass(frozen=True)
class Finding:
    """The answer to "did it work?", with everything that somebody needs to doubt it."""

    verdict: Verdict
    method: Method
    scale: Scale = "level"
    estimate: Estimate | None = None
    pre_trend_p: float | None = None
    reasons: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def evaluate(panel: Panel, *, higher_is_better: bool = True, worth: float = 0.0, scale: Scale | None = None) -> Finding:
    """Say whether a change worked.

    `worth` is the smallest effect that would be worth having: an interval that lies below it says "not effective".
    """
    counts = _counts(panel)
    lacking = _lacking(panel, counts)
    if lacking:
        return Finding("cannot_be_evaluated", "none", reasons=tuple(lacking), counts=counts)
    chosen = scale or ("share" if _all_positive(panel) else "level")
    several = counts["adopters"] >= ENOUGH_UNITS and counts["others"] >= ENOUGH_UNITS
    if several:
        method: Method = "difference_in_differences"
        estimate, trend = difference_in_differences(panel, scale=chosen), pre_trend(panel, scale=chosen)
        assumptions: tuple[str, ...] = ("same_course", "no_spill", "same_effect")
    else:
        method = "interrupted_series"
        estimate, trend = interrupted_series(panel, scale=chosen)
        assumptions = ("nothing_else_compared", "no_spill") if panel.others else ("nothing_else", "trend_goes_on")
    facts: dict[str, Any] = {
        "method": method, "scale": chosen, "estimate": estimate, "pre_trend_p": trend, "assumptions": assumptions,
        "counts": counts,
    }  # fmt: skip
    if trend is not None and trend < LEVEL:
        return Finding("cannot_be_evaluated", reasons=("pre_trend",), **facts)
    return Finding(judge(estimate, higher_is_better=higher_is_better, worth=worth), **facts)


def judge(estimate: Estimate, *, higher_is_better: bool = True, worth: float = 0.0) -> Verdict:
    """Read an interval: past nothing, short of what would be worth having, or neither.

    Where no number ever moved there is no error to weigh anything by: that says nothing.
    """
    if not estimate.error > 0:
        return "not_enough_evidence"
    low, high = (estimate.low, estimate.high) if higher_is_better else (-estimate.high, -estimate.low)
    if low > 0:
        return "effective"
    if high < max(worth, 0.0):
        return "not_effective"
    return "not_enough_evidence"


def difference_in_differences(panel: Panel, *, scale: Scale = "level") -> Estimate:
    """Return the effect of the change with unit and period fixed effects, errors clustered by unit.

    Units that changed at different times are each compared with those that never did, in a stack of their own.
    """
    import numpy as np

    rows = _stacked(panel, scale)
    y = np.array([row.value for row in rows])
    design = np.column_stack(
        [
            np.array([float(row.is_after) for row in rows]),
            _dummies([(row.stack, row.unit) for row in rows]),
            _dummies([(row.stack, row.period) for row in rows])[:, 1:],
        ]
    )
    return _on_scale(_clustered(y, design, [row.unit for row in rows]), scale)


def difference_of_means(panel: Panel) -> Estimate:
    """Return the difference of the changes of the two groups' means, of everything that was measured.

    A unit measured only once counts too; errors are clustered by unit.
    """
    import numpy as np

    rows = _stacked(panel, "level")
    y = np.array([row.value for row in rows])
    treated = np.array([float(row.unit in panel.changed) for row in rows])
    after = _dummies([row.period for row in rows])[:, 1:]
    changed = np.array([float(row.is_after) for row in rows])
    return _clustered(y, np.column_stack([changed, treated, np.ones(len(rows)), after]), [row.unit for row in rows])


def pre_trend(panel: Panel, *, scale: Scale = "level") -> float | None:
    """Return how probable it is, by chance, that adopters and others drifted apart so much before the change."""
    import numpy as np

    rows = [row for row in _stacked(panel, scale) if row.period < panel.changed.get(row.adopter, panel.periods)]
    if len({row.period for row in rows}) < 3:
        return None
    y = np.array([row.value for row in rows])
    slope = np.array([float(row.period) if row.unit in panel.changed else 0.0 for row in rows])
    design = np.column_stack(
        [
            slope,
            _dummies([(row.stack, row.unit) for row in rows]),
            _dummies([(row.stack, row.period) for row in rows])[:, 1:],
        ]
    )
    return _clustered(y, design, [row.unit for row in rows]).p


def _mean_of_known(rows: Any) -> Any:
    """Return the mean of each period over the units known then; unknown (NaN) where none is."""
    import numpy as np

    return np.ma.masked_invalid(rows).mean(axis=0).filled(np.nan)


def interrupted_series(panel: Panel, *, scale: Scale = "level") -> tuple[Estimate, float | None]:
    """Return the jump in the adopters' course at the change, and how unusual the course was before it.

    With others to compare with, theirs is taken off first; alone, the trend before is taken to go on.
    """
    import numpy as np

    adopters = np.array([_row(panel.values[unit], scale) for unit in panel.adopters])
    start = min(panel.changed[unit] for unit in panel.adopters)
    course = _mean_of_known(adopters)
    is_compared = bool(panel.others)
    if is_compared:
        course = course - _mean_of_known(np.array([_row(panel.values[unit], scale) for unit in panel.others]))
    known = ~np.isnan(course)
    time = np.arange(len(course), dtype=float)[known]
    y, after = course[known], (time >= start).astype(float)
    one = np.ones(len(y))
    design = [after, one] if is_compared else [after, one, time - time.mean()]
    estimate = _serial(y, np.column_stack(design))
    before = time < start
    if is_compared:
        check = [time[before] - time[before].mean(), one[before]]
    else:
        middle = np.median(time[before])
        check = [(time[before] > middle).astype(float), one[before], time[before] - time[before].mean()]
    trend = _serial(y[before], np.column_stack(check)).p if before.sum() > len(check) + 1 else None
    return _on_scale(estimate, scale), trend


@dataclass(frozen=True)
class _Row:
    stack: int
    unit: Any
    period: int
    value: float
    is_after: bool
    adopter: Any


def _counts(panel: Panel) -> dict[str, int]:
    starts = [panel.changed[unit] for unit in panel.adopters]
    return {
        "adopters": len(panel.adopters),
        "others": len(panel.others),
        "before": min(starts, default=0),
        "after": panel.periods - max(starts, default=panel.periods),
        "values": sum(value is not None for row in panel.values.values() for value in row),
    }


def _lacking(panel: Panel, counts: Mapping[str, int]) -> list[str]:
    lacking = []
    if not counts["adopters"]:
        return ["no_adopters"]
    if counts["before"] < FEWEST_BEFORE:
        lacking.append("too_few_before")
    if counts["after"] < FEWEST_AFTER:
        lacking.append("too_few_after")
    cells = len(panel.values) * panel.periods
    if cells and counts["values"] < cells * (1 - MOST_MISSING):
        lacking.append("too_much_unknown")
    if any(all(value is None for value in row) for row in panel.values.values()) and "too_much_unknown" not in lacking:
        lacking.append("too_much_unknown")
    return lacking


def _all_positive(panel: Panel) -> bool:
    return all(value is None or value > 0 for row in panel.values.values() for value in row)


def _row(values: Sequence[float | None], scale: Scale) -> np.ndarray:
    import numpy as np

    row = np.array([np.nan if value is None else float(value) for value in values])
    return np.log(row) if scale == "share" else row


def _stacked(panel: Panel, scale: Scale) -> list[_Row]:
    starts = sorted({panel.changed[unit] for unit in panel.adopters})
    rows = []
    for stack, start in enumerate(starts):
        adopters = [unit for unit in panel.adopters if panel.changed[unit] == start]
        for unit in [*adopters, *panel.others]:
            for period, value in enumerate(_row(panel.values[unit], scale)):
                if value == value:
                    is_after = unit in panel.changed and period >= start
                    rows.append(_Row(stack, unit, period, float(value), is_after, adopters[0]))
    return rows


def _dummies(keys: Sequence[Any]) -> np.ndarray:
    import numpy as np

    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    table = np.zeros((len(keys), len(places)))
    table[np.arange(len(keys)), [places[key] for key in keys]] = 1.0
    return table


def _clustered(y: np.ndarray, design: np.ndarray, clusters: Sequence[Any]) -> Estimate:
    """Return the first coefficient of a regression, its CR2 error and Bell and McCaffrey's degrees of freedom."""
    import numpy as np

    bread = np.linalg.pinv(design.T @ design)
    weights = bread @ design.T @ y
    left = y - design @ weights
    members: dict[Any, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(place)
    scores, sizes, sums = [], [], []
    for places in members.values():
        part = design[places]
        values, vectors = np.linalg.eigh(np.eye(len(places)) - part @ bread @ part.T)
        # A direction that the design explains wholly says nothing about the error.
        roots = np.where(values > 1e-8, 1 / np.sqrt(np.maximum(values, 1e-8)), 0.0)
        pull = (vectors * roots) @ vectors.T @ (part @ bread[0])
        scores.append(pull @ left[places])
        sizes.append(pull @ pull)
        sums.append(part.T @ pull)
    variance = float(np.sum(np.square(scores)))
    table = np.array(sums)
    gram = np.diag(sizes) - table @ bread @ table.T
    spread = float(np.sum(np.square(gram)))
    freedom = float(np.trace(gram)) ** 2 / spread if spread > 0 else 1.0
    return _interval(float(weights[0]), variance**0.5, max(freedom, 1.0))


def _serial(y: np.ndarray, design: np.ndarray) -> Estimate:
    """Return the first coefficient of a regression over time, its error widened for what carries over."""
    import numpy as np

    bread = np.linalg.pinv(design.T @ design)
    weights = bread @ design.T @ y
    left = y - design @ weights
    count, width = design.shape
    total = float(left @ left)
    variance = total / max(count - width, 1)
    carried = float(left[1:] @ left[:-1]) / total if total > 0 else 0.0
    # Residuals of a short course seem to carry over less than they do, the more so the more was fitted to it.
    carried = min(0.9, max(0.0, carried + (width + 3 * max(carried, 0.0)) / count))
    factor = (1 + carried) / (1 - carried)
    # Periods that carry over are worth fewer that do not: so many count, less what was fitted.
    freedom = max(count / factor - width, 1.0)
    return _interval(float(weights[0]), (variance * float(bread[0, 0]) * factor) ** 0.5, freedom)


def _interval(effect: float, error: float, freedom: float) -> Estimate:
    from scipy import stats

    if not error > 0:
        return Estimate(effect, effect, effect, 0.0, freedom, 0.0 if effect else 1.0)
    reach = float(stats.t.ppf(1 - LEVEL / 2, freedom)) * error
    p = float(2 * stats.t.sf(abs(effect) / error, freedom))
    return Estimate(effect, effect - reach, effect + reach, error, freedom, p)


def _on_scale(found: Estimate, scale: Scale) -> Estimate:
    if scale == "level":
        return found
    from math import expm1

    effect, low, high = (expm1(min(each, 20.0)) for each in (found.effect, found.low, found.high))
    return Estimate(effect, low, high, found.error, found.freedom, found.p)
