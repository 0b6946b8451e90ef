"""The company in whose name this request or job runs, read once instead of once for each number on a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

from salesmode.kernel.models import Company

_company: ContextVar[Company | None] = ContextVar("company", default=None)


def company() -> Company:
    """Return the company, from this request where one is being answered."""
    return _company.get() or Company.objects.current()


@contextmanager
def in_company() -> Iterator[Company]:
    """Read the company once and show times in its zone until the request has been answered."""
    current = Company.objects.current()
    token = _company.set(current)
    try:
        with timezone.override(current.zone):
            yield current
    finally:
        _company.reset(token)
