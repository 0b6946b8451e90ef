"""Working days of a country: public holidays, and the weekends that are worked in exchange."""

from datetime import date, timedelta
from functools import lru_cache

from django.utils import translation

from salesmode.kernel.models import Company

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def _of_year(
    country: str, year: int, language: str | None = None
) -> tuple[dict[date, str], frozenset[date], frozenset[int]]:
    """Return the holidays, the worked weekend days and the weekend of a year; an unknown country has only weekends."""
    # Here and not above: a web process that counts no working days does without these 5 MB.
    import holidays

    try:
        found = holidays.country_holidays(country, years=year, language=language)
    except NotImplementedError:
        return {}, frozenset(), frozenset({5, 6})
    worked = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return dict(found.items()), worked, frozenset(found.weekend)


def is_workday(day: date, country: str) -> bool:
    """Say whether people work on a day."""
    free, worked, weekend = _of_year(country, day.year)
    return day in worked or (day.weekday() not in weekend and day not in free)


def workdays(first: date, until: date, country: str = "") -> int:
    """Count the working days of the company's country (or another) from a day until before another."""
    country = country or Company.objects.current().country
    return sum(is_workday(first + n * ONE_DAY, country) for n in range((until - first).days))


def add_workdays(day: date, count: int, country: str = "") -> date:
    """Return the day that is so many working days after a day."""
    country = country or Company.objects.current().country
    while count > 0:
        day += ONE_DAY
        count -= is_workday(day, country)
    return day


def holidays_between(first: date, until: date, country: str = "") -> dict[date, str]:
    """Name the public holidays from a day until before another, in the language of who looks where it is known."""
    country = country or Company.objects.current().country
    language = "zh_CN" if (translation.get_language() or "").startswith("zh") else "en_US"
    found: dict[date, str] = {}
    for year in range(first.year, until.year + 1):
        found |= _of_year(country, year, language)[0]
    return {day: name for day, name in sorted(found.items()) if first <= day < until}
