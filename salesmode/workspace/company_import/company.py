"""The company itself, as far as a folder tells: its name, language and currency."""

import re
from datetime import datetime
from typing import Any

from salesmode.kernel.models import Company
from salesmode.kernel.operations import sketch_company
from salesmode.people.models import Person

# Short names that are written in capitals, however a folder spells them.
_CAPITALS = frozenset({"b2b", "b2c", "crm", "emea", "erp", "eu", "hr", "it", "scm", "srm", "uk", "us", "usa"})
_CURRENCY = re.compile(r"\b(USD|EUR|GBP|CNY|JPY|HKD|CHF|AUD|CAD|SGD|INR)\b")


def currency_named(dictionary: str) -> str:
    """Return the currency that the files say they count in, if they say so."""
    said = _CURRENCY.search(dictionary)
    return said[1] if said else ""


def _called_after(folder: str) -> str:
    words = re.findall(r"[^\W_]+", folder)
    return " ".join(word.upper() if word.lower() in _CAPITALS else word[:1].upper() + word[1:] for word in words)


def prepare_company(folder: str, dictionary: str, *, by: Person, at: datetime, **settings: Any) -> Company:
    """Return the company; one without a name is called after the folder and counts in the currency the files name.

    The first-run questions stay open: whoever answers them finds this filled in.
    """
    company = Company.objects.current()
    if company.is_set_up or company.name:
        return company
    said = currency_named(dictionary)
    chinese = any("一" <= letter <= "鿿" for letter in folder + dictionary)
    return sketch_company(
        name=settings.get("name") or _called_after(folder) or folder,
        language=settings.get("language") or ("zh-hans" if chinese else "en"),
        currency=settings.get("currency") or said or ("CNY" if chinese else "USD"),
        time_zone=settings.get("time_zone") or ("Asia/Shanghai" if chinese else "UTC"),
        country="CN" if chinese else "US",
        by=by,
        at=at,
    )
