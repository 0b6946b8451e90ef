"""The company in whose name a request is answered, read once instead of once for each number on a page."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.utils import timezone

from salesmode.kernel.models import Company

Kept = TypeVar("Kept")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


def company() -> Company:
    """Return the company, read once for each request."""
    return remember("company", Company.objects.current)


def remember(name: Hashable, read: Callable[[], Kept]) -> Kept:
    """Return what was read under this name while answering this request; outside of one, read it anew."""
    known = _known.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    return known[name]


def keep(name: Hashable, value: Any) -> None:
    """Remember a value under this name until this request has been answered; outside of one, do nothing."""
    known = _known.get()
    if known is not None:
        known[name] = value


def kept(name: Hashable) -> Any:
    """Return what was kept under this name for this request, or None."""
    return (_known.get() or {}).get(name)


@contextmanager
def in_company() -> Iterator[Company]:
    """Remember what is read, and show times in the company's zone, until the request has been answered."""
    token = _known.set({})
    try:
        current = company()
        with timezone.override(current.zone):
            yield current
    finally:
        _known.reset(token)
