"""Periods: half-open spans of days in the company's time zone, with its fiscal year."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from salesmode.kernel.models import Company
from salesmode.kernel.refusals import Invalid

GRAINS = ("day", "week", "month", "quarter", "year", "fiscal_year")
MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_year": 12}
LONGEST_DAYS = 366 * 100
# Whoever compares a period looks at what was before it, and there is nothing before the year 1.
EARLIEST = date(1900, 1, 1)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last: 31 January and one month is 28 or 29 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not MINYEAR <= year <= MAXYEAR:
        raise Invalid({"period": [_("That is too far away.")]})
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def starts_at(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins in a zone, also where the clock skips midnight."""
    moment = datetime.combine(day, time.min, zone)
    # A midnight that was skipped lies before the day when read back: take the first instant that belongs to it.
    back = datetime.fromtimestamp(moment.timestamp(), zone)
    return back if back.date() == day else datetime.fromtimestamp(moment.replace(fold=0).timestamp(), zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day that a moment belongs to in a zone: 16:30 UTC on 31 January is 1 February in Shanghai."""
    return moment.astimezone(zone).date()


@dataclass(frozen=True)
class Period:
    """The days from `first` until before `until`, in a time zone."""

    first: date
    until: date
    grain: str
    code: str
    zone: ZoneInfo
    fiscal_start: int = 1

    @classmethod
    def parse(cls, text: str, *, today: date | None = None, company: Company | None = None) -> "Period":
        """Read 2017, FY2026, 2026-Q3, 2026-03, 2026-W12, 2026-03-05, 2026-01-01..2026-03-31, ytd, last-30-days.

        Raises Invalid for anything else.
        """
        company = company or Company.objects.current()
        zone, fiscal = company.zone, company.fiscal_year_starts_in
        wanted = str(text).strip().lower()
        today = today or datetime.now(zone).date()
        try:
            found = _parsed(wanted, today, fiscal)
        except (ValueError, OverflowError):
            found = None
        if found is None or not EARLIEST <= found[0] < found[1] or (found[1] - found[0]).days > LONGEST_DAYS:
            raise Invalid({"period": [_bad(text)]})
        first, until, grain = found
        return cls(first, until, grain, wanted.upper() if wanted[:2] in ("fy", "20", "19") else wanted, zone, fiscal)

    @classmethod
    def containing(cls, day: date, grain: str, *, company: Company | None = None) -> "Period":
        """Return the day, week, month, quarter or year that a day lies in."""
        company = company or Company.objects.current()
        first, until = _around(day, grain, company.fiscal_year_starts_in)
        return cls(first, until, grain, _span(first, until), company.zone, company.fiscal_year_starts_in)

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.until - self.first).days

    @property
    def starts_at(self) -> datetime:
        """The instant at which the period begins."""
        return starts_at(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant at which the period is over."""
        return starts_at(self.until, self.zone)

    @property
    def label(self) -> str:
        """What to call the period on a page."""
        if self.grain == "fiscal_year" and (self.first.month != 1 or self.code.startswith("FY")):
            return f"FY{self.last.year}"
        if self.grain in ("year", "fiscal_year"):
            return str(self.first.year)
        if self.grain == "quarter" and self.first.month % 3 == 1:
            return f"{self.first.year}-Q{self.first.month // 3 + 1}"
        if self.grain == "month":
            return f"{self.first:%Y-%m}"
        if self.grain == "week":
            year, week, _day = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{self.first}" if self.days == 1 else f"{self.first} – {self.last}"

    def contains(self, moment: datetime | date) -> bool:
        """Say whether a day or a moment belongs to the period."""
        day = day_of(moment, self.zone) if isinstance(moment, datetime) else moment
        return self.first <= day < self.until

    def before(self) -> "Period":
        """Return the period before this one that it compares with: the same months, or as many days."""
        if self.grain in MONTHS and _whole_months(self.first, self.until):
            months = (self.until.year - self.first.year) * 12 + self.until.month - self.first.month
            return self._at(add_months(self.first, -months), self.first)
        if self.grain == "to_date":
            back = -12 if self.code in ("ytd", "fytd") else -3 if self.code == "qtd" else -1
            return self._at(add_months(self.first, back), add_months(self.last, back) + timedelta(days=1))
        return self._at(self.first - timedelta(days=self.days), self.first)

    def same_last_year(self) -> "Period":
        """Return the same days one year earlier; a week goes back 52 weeks."""
        if self.grain == "week":
            return self._at(self.first - timedelta(weeks=52), self.until - timedelta(weeks=52))
        if _whole_months(self.first, self.until):
            return self._at(add_months(self.first, -12), add_months(self.until, -12))
        return self._at(add_months(self.first, -12), add_months(self.last, -12) + timedelta(days=1))

    def steps(self, grain: str) -> Iterator["Period"]:
        """Cut the period into days, weeks, months, quarters or years; the first and last may be cut short."""
        if grain not in GRAINS:
            raise Invalid({"grain": [_("Choose day, week, month, quarter or year.")]})
        first = self.first
        while first < self.until:
            start, end = _around(first, grain, self.fiscal_start)
            until = min(end, self.until)
            whole = (start, end) == (first, until)
            yield Period(
                first,
                until,
                grain if whole else "days",
                _span(first, until),
                self.zone,
                self.fiscal_start,
            )
            first = until

    def _at(self, first: date, until: date) -> "Period":
        return Period(
            first,
            until,
            "days" if self.grain == "to_date" else self.grain,
            _span(first, until),
            self.zone,
            self.fiscal_start,
        )


def _span(first: date, until: date) -> str:
    return f"{first}..{until - timedelta(days=1)}"


def _bad(text: str) -> str:
    return _(
        "%(text)s is no period; write for example 2026, FY2026, 2026-Q3, 2026-03, 2026-W12, 2026-03-05 or last-30-days."
    ) % {"text": str(text)[:40] or "…"}


def _whole_months(first: date, until: date) -> bool:
    return first.day == 1 and until.day == 1


def _around(day: date, grain: str, fiscal_start: int) -> tuple[date, date]:
    if grain == "day":
        return day, day + timedelta(days=1)
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if grain == "fiscal_year":
        first = date(day.year - (day.month < fiscal_start), fiscal_start, 1)
        return first, add_months(first, 12)
    size = MONTHS[grain]
    first = date(day.year, (day.month - 1) // size * size + 1, 1)
    return first, add_months(first, size)


def _fiscal_year(year: int, fiscal_start: int) -> tuple[date, date, str]:
    """Return the fiscal year that ends in a calendar year: FY2026 from April is April 2025 until April 2026."""
    first = date(year - (fiscal_start > 1), fiscal_start, 1)
    return first, add_months(first, 12), "fiscal_year"


def _parsed(wanted: str, today: date, fiscal_start: int) -> tuple[date, date, str] | None:
    if ".." in wanted:
        begins, _dots, ends = wanted.partition("..")
        return _day(begins), _day(ends) + timedelta(days=1), "days"
    if match := re.fullmatch(r"(fy)?(\d{4})", wanted, re.ASCII):
        if match[1]:
            return _fiscal_year(int(match[2]), fiscal_start)
        first = date(int(match[2]), 1, 1)
        return first, add_months(first, 12), "year"
    if match := re.fullmatch(r"(\d{4})-?q([1-4])", wanted, re.ASCII):
        return *_around(date(int(match[1]), int(match[2]) * 3, 1), "quarter", 1), "quarter"
    if match := re.fullmatch(r"fy(\d{4})-?q([1-4])", wanted, re.ASCII):
        first = add_months(_fiscal_year(int(match[1]), fiscal_start)[0], 3 * (int(match[2]) - 1))
        return first, add_months(first, 3), "quarter"
    if match := re.fullmatch(r"(\d{4})-(\d{2})", wanted, re.ASCII):
        return *_around(date(int(match[1]), int(match[2]), 1), "month", 1), "month"
    if match := re.fullmatch(r"(\d{4})-?w(\d{2})", wanted, re.ASCII):
        return *_around(date.fromisocalendar(int(match[1]), int(match[2]), 1), "week", 1), "week"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", wanted, re.ASCII):
        return *_around(_day(wanted), "day", 1), "day"
    return _relative(wanted, today, fiscal_start)


def _relative(wanted: str, today: date, fiscal_start: int) -> tuple[date, date, str] | None:
    tomorrow = today + timedelta(days=1)
    if wanted in ("today", "yesterday"):
        return *_around(today if wanted == "today" else today - timedelta(days=1), "day", 1), "day"
    if wanted in ("ytd", "qtd", "mtd", "fytd"):
        grain = {"ytd": "year", "qtd": "quarter", "mtd": "month", "fytd": "fiscal_year"}[wanted]
        return _around(today, grain, fiscal_start)[0], tomorrow, "to_date"
    if match := re.fullmatch(r"(this|last|next)-(week|month|quarter|year|fiscal-year)", wanted):
        grain = match[2].replace("-", "_")
        first, until = _around(today, grain, fiscal_start)
        if match[1] == "last":
            first, until = _around(first - timedelta(days=1), grain, fiscal_start)
        elif match[1] == "next":
            first, until = _around(until, grain, fiscal_start)
        return first, until, grain
    if match := re.fullmatch(r"(last|next)-(\d{1,4})-(days|weeks|months|quarters|years)", wanted, re.ASCII):
        return _several(match[1], int(match[2]), match[3], today)
    return None


def _several(direction: str, count: int, unit: str, today: date) -> tuple[date, date, str]:
    """Return so many days up to and with today, or so many whole months, quarters or years before this one."""
    if unit in ("days", "weeks"):
        length = timedelta(days=count * (7 if unit == "weeks" else 1))
        tomorrow = today + timedelta(days=1)
        return (tomorrow - length, tomorrow, "days") if direction == "last" else (tomorrow, tomorrow + length, "days")
    grain = unit.removesuffix("s")
    first, until = _around(today, grain, 1)
    months = count * MONTHS[grain]
    return (
        (add_months(first, -months), first, grain) if direction == "last" else (until, add_months(until, months), grain)
    )


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)
