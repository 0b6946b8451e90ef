"""What the product's work costs, each figure beside what the database alone needs for it, measured in the same run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, the target, and the limit beside it; `better` says in which direction it improves."""

    name: str
    value: float
    unit: str
    target: float | None = None
    limit: float | None = None
    limit_is: str = ""
    better: str = "less"

    @property
    def ratio(self) -> float | None:
        """Return how many times the limit this costs."""
        if not self.limit or not self.value:
            return None
        return round(self.value / self.limit if self.better == "less" else self.limit / self.value, 2)

    @property
    def passes(self) -> bool | None:
        """Say whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "less" else self.value >= self.target

    def document(self) -> dict[str, Any]:
        """Return the row for a program."""
        return asdict(self) | {"ratio": self.ratio, "passes": self.passes}


def p95(work: Callable[[], Any], times: int, before: Callable[[], Any] = lambda: None) -> float:
    """Return what 95 of 100 runs stay below, in milliseconds, after one run to warm up; `before` is not counted."""
    work()
    taken = []
    for _each in range(times):
        before()
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(statistics.quantiles(taken, n=20, method="inclusive")[-1], 2)
