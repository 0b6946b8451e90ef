"""When a number is worth an alert: arithmetic that needs no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

# Makes the median absolute deviation of a normal spread its standard deviation.
ROBUST = Decimal("1.4826")
# However even the past was, so much to either side of it is nothing to talk about.
LEAST_SPREAD = Decimal("0.05")
LEAST_HISTORY = 6


@dataclass(frozen=True)
class Judgement:
    """What a rule found: whether it is worth an alert, and between which numbers nothing would have been said.

    `low` and `high` are exactly what was tested; None is no bound. Without `is_known` there was nothing to judge by.
    """

    is_raised: bool
    expected: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    is_known: bool = True
    periods: int = 0


UNKNOWN = Judgement(False, is_known=False)


def _between(
    value: Decimal, expected: Decimal | None, low: Decimal | None, high: Decimal | None, periods: int = 0
) -> Judgement:
    outside = (low is not None and value < low) or (high is not None and value > high)
    return Judgement(outside, expected, low, high, periods=periods)


def _sides(direction: str, low: Decimal, high: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Keep the bounds that a rule looks at."""
    return (None if direction == "above" else low), (None if direction == "below" else high)


def judge_pace(
    value: Decimal | None,
    goal: Decimal | None,
    *,
    elapsed: int,
    total: int,
    tolerance: Decimal,
    adds_up: bool = True,
    lower_is_better: bool = False,
) -> Judgement:
    """Compare a number with the share of its goal that the working days before today stand for.

    A rate does not grow with time: it is held against the whole goal. `tolerance` is in percent of what is expected.
    """
    if value is None or goal is None or (adds_up and (not total or not elapsed)):
        return UNKNOWN
    expected = goal * elapsed / total if adds_up else goal
    margin = abs(expected) * tolerance / 100
    if lower_is_better:
        return _between(value, expected, None, expected + margin)
    return _between(value, expected, expected - margin, None)


def judge_threshold(value: Decimal | None, *, limit: Decimal, direction: str) -> Judgement:
    """Compare a number with one that it should not fall below, or not rise above."""
    if value is None:
        return UNKNOWN
    return _between(value, limit, *_sides(direction, limit, limit))


def judge_change(
    value: Decimal | None, before: Decimal | None, *, percent: Decimal, direction: str, is_ratio: bool = False
) -> Judgement:
    """Compare a number with the one before; a ratio by percentage points, anything else by percent of what it was."""
    if value is None or before is None or (not before and not is_ratio):
        return UNKNOWN
    margin = percent / 100 if is_ratio else abs(before) * percent / 100
    return _between(value, before, *_sides(direction, before - margin, before + margin))


def judge_anomaly(
    value: Decimal | None,
    history: Sequence[Decimal | None],
    *,
    width: Decimal,
    direction: str,
    least: int = LEAST_HISTORY,
    step: Decimal = Decimal(0),
) -> Judgement:
    """Compare a number with its own past in the same season: median ± width × robust spread.

    Fewer than `least` known periods are not enough to say what is usual. `step` is the smallest spread of its unit.
    """
    known = [one for one in history if one is not None]
    if value is None or len(known) < least:
        return Judgement(False, is_known=False, periods=len(known))
    middle = Decimal(median(known))
    spread = Decimal(median([abs(one - middle) for one in known])) * ROBUST
    spread = max(spread, abs(middle) * LEAST_SPREAD, step)
    low, high = middle - width * spread, middle + width * spread
    if min(known) >= 0:
        low = max(low, Decimal(0))
    return _between(value, middle, *_sides(direction, low, high), periods=len(known))
