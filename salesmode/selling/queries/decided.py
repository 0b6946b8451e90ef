"""When deals were decided last: what a company has figures of."""

from datetime import date

from django.db.models import Max

from salesmode.kernel.here import company
from salesmode.kernel.periods import day_of
from salesmode.selling.models import Deal


def last_decided_on() -> date | None:
    """Return the day on which a deal of the company was decided last. One query."""
    last = Deal.objects.aggregate(last=Max("decided_at"))["last"]
    return day_of(last, company().zone) if last else None
