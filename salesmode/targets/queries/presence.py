"""For how much of a period somebody is there: from joining until leaving, without leave, along the ramp."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from salesmode.kernel.here import company
from salesmode.kernel.holidays import is_workday, workdays
from salesmode.kernel.periods import add_months
from salesmode.people.models import Person
from salesmode.targets.models import Absence
from salesmode.targets.models.pace import presence, ramp_factor
from salesmode.targets.models.target import MONTHS

ONE_DAY = timedelta(days=1)
SIX_DIGITS = Decimal("0.000001")
Span = tuple[date, date]


def shares_there(people: Iterable[Person], first: date, until: date, *, ramp: Sequence[int] = ()) -> dict[int, Decimal]:
    """Return for each person the share of a period's working days that count for them. One query."""
    rows = list(people)
    total, country = workdays(first, until), company().country
    away: dict[int, list[Span]] = defaultdict(list)
    found = Absence.objects.filter(owner__in=rows, first_on__lt=until, last_on__gte=first)
    for owner, begins, ends in found.values_list("owner", "first_on", "last_on"):
        away[owner].append((begins, ends))
    return {each.pk: _share(each, first, until, total, away[each.pk], ramp, country) for each in rows}


def _share(
    person: Person, first: date, until: date, total: int, away: Sequence[Span], ramp: Sequence[int], country: str
) -> Decimal:
    begins = max(first, person.started_on) if person.started_on else first
    left = person.deactivated_at.astimezone(company().zone).date() if person.deactivated_at else None
    ends = min(until, left) if left else until
    share = Decimal(1)
    if (begins, ends) != (first, until) or away:
        days = (begins + n * ONE_DAY for n in range(max(0, (ends - begins).days)))
        there = sum(1 for day in days if is_workday(day, country) and not any(a <= day <= b for a, b in away))
        share = presence(there, total)
    if ramp and person.started_on:
        share *= ramp_factor(_months_between(person.started_on, begins), ramp)
    return share.quantize(SIX_DIGITS)


def _months_between(start: date, day: date) -> int:
    months = (day.year - start.year) * 12 + day.month - start.month
    return months - (add_months(start, months) > day) if months > 0 else months


def month_factors(person: Person, starts_on: date, *, ramp: Sequence[int] = ()) -> list[Decimal]:
    """Return for each month of a year what share of a whole target somebody carries."""
    firsts = [add_months(starts_on, number) for number in range(MONTHS + 1)]
    return [shares_there([person], first, until, ramp=ramp)[person.pk] for first, until in pairwise(firsts)]
