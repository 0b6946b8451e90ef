"""Whether somebody who is written down asked to be forgotten once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from salesmode.customers.models import ErasedMark, marks_of
from salesmode.kernel.bulk import Among
from salesmode.kernel.wording import day

PHONES = ("phone", "mobile", "contact_mobile")
EMAILS = ("email",)


def anybody_was_erased() -> bool:
    """Say whether there is anybody to be known again. One query."""
    return ErasedMark.objects.exists()


def erased_among(rows: Sequence[Mapping[str, Any]]) -> dict[int, datetime]:
    """Return which rows, by their place, name a number or address of somebody erased, and since when. One query."""
    marks = [
        marks_of(
            phones=[str(row[name]) for name in PHONES if row.get(name)],
            emails=[str(row[name]) for name in EMAILS if row.get(name)],
        )
        for row in rows
    ]
    asked = set().union(*marks)
    known = dict(ErasedMark.objects.filter(Among("mark", asked)).values_list("mark", "erased_at")) if asked else {}
    found = {place: [known[mark] for mark in each if mark in known] for place, each in enumerate(marks)}
    return {place: max(moments) for place, moments in found.items() if moments}


def erased_sentence(at: datetime) -> str:
    """Say that somebody with this number or address was erased."""
    return _(
        "Personal data with this number or address was erased on %(day)s. Write it down again only if they agree."
    ) % {"day": day(at)}


def warnings_among(rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return what to say about which rows of a file, by their place. One query, none for rows without numbers."""
    return {place: erased_sentence(at) for place, at in erased_among(rows).items()}
