"""What the clock asks for: when each scheduled thing is due, in the company's time zone."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scheduled:
    """Something the clock asks for: at a time of day, or every so many minutes, in the company's time zone."""

    name: str
    run: Callable[..., None]
    minutes: int | None
    at: str
    weekday: int | None
    monthday: int | None

    def last_due(self, moment: datetime) -> datetime:
        """Return when this was last due, up to and with a moment."""
        if self.minutes is not None:
            # Counted in real minutes: in autumn an hour is there twice, and both times it has minutes.
            passed = timedelta(minutes=(moment.hour * 60 + moment.minute) % self.minutes, seconds=moment.second)
            due = moment.replace(microsecond=0).astimezone(UTC) - passed
            return due.astimezone(moment.tzinfo)
        day = moment.date()
        clock = time.fromisoformat(self.at)
        while True:
            due = datetime.combine(day, clock, moment.tzinfo)
            if self._fits(day) and due.timestamp() <= moment.timestamp():
                return due
            day -= ONE_DAY

    def _fits(self, day) -> bool:
        if self.weekday is not None:
            return day.weekday() == self.weekday
        if self.monthday is not None:
            return day.day == min(self.monthday, calendar.monthrange(day.year, day.month)[1])
        return True


SCHEDULE: dict[str, Scheduled] = {}


def every(
    unit: str, *, at: str = "00:00", count: int = 1, weekday: int | None = None, monthday: int | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Ask the clock for something, at a local time; a day that a month lacks is its last.

    `@every("minute", count=5)`, `@every("day", at="06:00")`, `@every("week", weekday=0, at="08:00")`.
    """
    if unit not in ("minute", "hour", "day", "week", "month"):
        raise ValueError(f"The clock does not know {unit}.")
    minutes = {"minute": count, "hour": 60 * count}.get(unit)
    if unit == "week" and weekday is None:
        weekday = 0
    if unit == "month" and monthday is None:
        monthday = 1

    def schedule(run: Callable[..., None]) -> Callable[..., None]:
        name = f"{run.__module__}.{run.__qualname__}"
        SCHEDULE[name] = Scheduled(name, run, minutes, at, weekday, monthday)
        return run

    return schedule
