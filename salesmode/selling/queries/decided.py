"""When deals were decided last: what a company has figures of."""

from datetime import date

from django.db.models import Max

from salesmode.kernel.here import company
from salesmode.kernel.periods import add_months, day_of
from salesmode.selling.models import Deal


def last_decided_on() -> date | None:
    """Return the day on which a deal of the company was decided last. One query."""
    last = Deal.objects.aggregate(last=Max("decided_at"))["last"]
    return day_of(last, company().zone) if last else None


def quiet_year(today: date) -> int | None:
    """Return the last year with decisions, where none was taken in the twelve months before today; else None."""
    last = last_decided_on()
    return last.year if last and last < add_months(today, -12) else None


def last_busy_day(today: date) -> date:
    """Return the day up to which figures are looked at: today, or where `quiet_year` holds, that of the last decision.

    One query.
    """
    last = last_decided_on()
    return last if last and last < add_months(today, -12) else today


def is_anything_due(since: date) -> bool:
    """Say whether any open deal of the company is to close on a day or later. One query."""
    return Deal.objects.open().filter(closes_on__gte=since).exists()
