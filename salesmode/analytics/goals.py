"""What a number is to reach: asked here by whoever shows a number, answered by the app that keeps targets."""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from salesmode.kernel.periods import Period

Level = Literal["base", "stretch", "challenge"]
Unit = Literal["company", "team", "person", "product", "region"]
Answer = Callable[[str, Period, Unit, int | str | None, Level], Decimal | None]
_ANSWER: list[Answer] = []


def answer_goals(answer: Answer) -> Answer:
    """Name who knows what numbers are to reach: `answer(metric code, period, unit, key, level)`."""
    _ANSWER[:] = [answer]
    return answer


def goal(
    code: str, period: Period, *, unit: Unit = "company", key: int | str | None = None, level: Level = "base"
) -> Decimal | None:
    """Return what a metric is to reach in a period for a unit (its key, none for the company); None if nobody said."""
    return _ANSWER[0](code, period, unit, key, level) if _ANSWER else None
