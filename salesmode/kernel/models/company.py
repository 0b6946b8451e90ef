"""The company that this installation serves."""

import threading
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models, transaction
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

# How long a process may go on with the company as it read it; another process's change is seen within this time.
SECONDS = 1.0


class _Memory(threading.local):
    """The company as this thread last read it."""

    company: "Company | None" = None
    until = 0.0
    is_trusted = False


_memory = _Memory()


def forget_company() -> None:
    """Read the company anew when it is next asked for."""
    _memory.company, connection.company_in_doubt = None, False  # type: ignore[attr-defined]


def _written() -> None:
    """Trust no memory until the transaction that wrote the company is over, whichever way it ends."""
    forget_company()
    if connection.in_atomic_block:
        connection.company_in_doubt = True  # type: ignore[attr-defined]
        transaction.on_commit(forget_company)


@contextmanager
def trusted_company() -> Iterator[None]:
    """Remember the company although this transaction wrote it, where nothing can take that back by itself."""
    _memory.company, _memory.is_trusted = None, True
    try:
        yield
    finally:
        _memory.company, _memory.is_trusted = None, False


def _twin(kept: "Company") -> "Company":
    """Return a row of its own with the same values: what `copy` does by way of packing and unpacking, on every page."""
    twin = Company.__new__(Company)
    state = ModelState()
    state.adding, state.db = kept._state.adding, kept._state.db
    twin.__dict__ = kept.__dict__ | {"_state": state}
    return twin


class CompanyQuerySet(models.QuerySet["Company"]):
    """Words for the one row there is."""

    def current(self) -> "Company":
        """Return the company, or an unsaved one with the defaults before set-up; at most one query a second."""
        if getattr(connection, "company_in_doubt", False) and not _memory.is_trusted:
            if connection.in_atomic_block:
                return self._read()
            forget_company()
        if _memory.company is None or time.monotonic() >= _memory.until:
            _memory.company, _memory.until = self._read(), time.monotonic() + SECONDS
        return _twin(_memory.company)

    def update(self, **changes: Any) -> int:
        """Change the row, and forget what was remembered of it."""
        _written()
        return super().update(**changes)

    def _read(self) -> "Company":
        return self.filter(pk=1).first() or Company()


class Company(models.Model):
    """The company that this installation serves: its name, language, currency, time zone and fiscal year."""

    name = models.CharField(_("Company name"), max_length=200, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai")
    fiscal_year_starts_in = models.PositiveSmallIntegerField(
        _("First month of the fiscal year"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    country = models.CharField(_("Country of public holidays"), max_length=2, default="CN")
    set_up_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_company", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="fiscal_year_starts_in_a_month", condition=models.Q(fiscal_year_starts_in__range=(1, 12))
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, and forget what was remembered of it."""
        _written()
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which days, months and quarters begin."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_set_up(self) -> bool:
        """Whether somebody has answered the first-run questions."""
        return self.set_up_at is not None
