"""Numbers of documents: unique, in order and without gaps."""

from datetime import date, datetime

from django.db import connection

from salesmode.kernel.models import Company

_NEXT = """
insert into kernel_numberseries as series (name, period, last) values (%s, %s, %s)
on conflict (name, period) do update set last = series.last + 1
returning last
"""
PERIODS = {"yearly": "%Y", "monthly": "%Y%m", "daily": "%Y%m%d", "never": ""}


def next_number(
    series: str, *, on: date | datetime, prefix: str = "", width: int = 4, reset: str = "yearly", first: int = 1
) -> str:
    """Give out the next number of a series, such as HT2026-0042.

    The series stays locked until the transaction ends: a number that was not used is given out again, so none is
    missing. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number must be given out in the transaction that uses it.")
    if isinstance(on, datetime):
        on = on.astimezone(Company.objects.current().zone).date()
    period = f"{on:{PERIODS[reset]}}" if PERIODS[reset] else ""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series, period, first])
        number = cursor.fetchone()[0]
    return f"{prefix}{period}{'-' if period else ''}{number:0{width}d}"
