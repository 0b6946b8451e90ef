"""How far something is, and whether that is far enough by now: arithmetic that needs no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

Status = Literal["on_track", "at_risk", "behind", "not_begun", "unknown"]
# How far behind the pace, as a share of the pace itself, is still only a risk.
AT_RISK = Decimal("0.2")
USUAL_RAMP = (0, 25, 50, 75, 100)
# A month of a target is kept to four decimals, so that rates fit as well as money.
FINE = Decimal("0.0001")


@dataclass(frozen=True)
class Pace:
    """What was reached of a target, and how much of the time is over; unknown is None.

    `elapsed` counts the working days before today, so that nobody is behind in the morning. A rate (`adds_up` false)
    does not grow with time: it is judged as if all time were over. Nothing is ever capped.
    """

    target: Decimal | None
    actual: Decimal | None
    elapsed: int
    total: int
    adds_up: bool = True
    lower_is_better: bool = False
    has_begun: bool = True

    @property
    def attainment(self) -> Decimal | None:
        """Actual ÷ target; for a rate that is to be low, target ÷ actual."""
        if self.target is None or self.actual is None:
            return None
        over, under = (self.target, self.actual) if self._is_turned else (self.actual, self.target)
        return over / under if under else None

    @property
    def _is_turned(self) -> bool:
        return self.lower_is_better and not self.adds_up

    @property
    def _asks_nothing(self) -> bool:
        return self.target == 0 and self.actual is not None and self.adds_up and not self.lower_is_better

    @property
    def share_of_time(self) -> Decimal:
        """Elapsed ÷ total working days; a rate has no time to wait for."""
        if not self.adds_up or not self.total:
            return Decimal(1)
        return Decimal(self.elapsed) / Decimal(self.total)

    @property
    def gap(self) -> Decimal | None:
        """Attainment − elapsed share of the working days."""
        return None if self.attainment is None else self.attainment - self.share_of_time

    @property
    def remaining(self) -> int:
        """Working days that are left, today included."""
        return self.total - self.elapsed

    @property
    def projection(self) -> Decimal | None:
        """Actual ÷ elapsed × total: what it comes to at the pace so far."""
        if self.actual is None or not self.adds_up:
            return self.actual
        return self.actual / self.elapsed * self.total if self.elapsed else None

    @property
    def required_daily(self) -> Decimal | None:
        """(Target − actual) ÷ remaining working days; nothing is required of what is reached."""
        if self.target is None or self.actual is None or not self.adds_up or not self.remaining:
            return None
        return max(Decimal(0), (self.target - self.actual) / self.remaining)

    @property
    def status(self) -> Status:
        """On track from the pace upward, at risk down to a fifth of it below, else behind; nothing before it begins."""
        if not self.has_begun:
            return "not_begun"
        gap = self.gap
        if gap is None:
            return "on_track" if self._asks_nothing else "unknown"
        if self.lower_is_better and self.adds_up:
            gap = -gap
        if gap >= 0:
            return "on_track"
        return "at_risk" if gap >= -AT_RISK * self.share_of_time else "behind"

    @property
    def status_label(self) -> str:
        """What to call the status on a page."""
        return {
            "on_track": _("On track"),
            "at_risk": _("At risk"),
            "behind": _("Behind"),
            "not_begun": _("Not begun"),
            "unknown": _("Not known yet"),
        }[self.status]

    @property
    def tone(self) -> str:
        """How the status looks."""
        return {"on_track": "good", "at_risk": "attention", "behind": "wrong"}.get(self.status, "")


def over_assigned(parent: Decimal | None, children: Sequence[Decimal]) -> Decimal | None:
    """Return by what share of a target those below it are to reach more; None without a target or without children."""
    if not parent or not children:
        return None
    return sum(children, Decimal()) / parent - 1


def ramp_factor(months_here: int, curve: Sequence[int]) -> Decimal:
    """Return what share of a whole target somebody carries who has been here so many months; after the curve, all."""
    if months_here >= len(curve):
        return Decimal(1)
    return Decimal(curve[max(months_here, 0)]) / 100


def presence(there: int, workdays: int) -> Decimal:
    """Return the share of the working days on which somebody is there; of none, all."""
    return Decimal(there) / Decimal(workdays) if workdays else Decimal(1)
