"""Taking somebody's name, numbers and addresses out of what others wrote down, and why it is done."""

import re
from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.sameness import phone_key

VEIL = "•••"
# A shorter word would stand in too much that is about something else.
SHORTEST = 2
_BETWEEN_DIGITS = r"[\s\-.()]*"


class ErasedMark(models.Model):
    """That the data of somebody with this number or address was erased, and when: nobody can be told from it.

    A keyed hash: whoever writes the number down again is warned, whoever reads the table learns nothing.
    """

    mark = models.CharField(max_length=64, unique=True, editable=False)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.mark[:8]


def marks_of(*, phones: Iterable[str] = (), emails: Iterable[str] = ()) -> set[str]:
    """Return by which marks somebody with these numbers and addresses is known again."""
    keys = {phone_key(phone) for phone in phones} | {email.strip().casefold() for email in emails}
    return {salted_hmac(__name__, key, algorithm="sha256").hexdigest() for key in keys - {""}}


class ErasureReason(models.TextChoices):
    """Why somebody's data is erased."""

    ASKED = "asked", _("They asked for it")
    NOT_NEEDED = "not_needed", _("It is needed no longer")
    BY_MISTAKE = "by_mistake", _("It should never have been kept")


def veiled(text: str, words: Sequence[str]) -> str:
    """Return a text in which each of some words is hidden, in any case, and numbers however they are spaced."""
    patterns = [_pattern(word) for word in sorted({word.strip() for word in words}, key=len, reverse=True) if word]
    found = [pattern for pattern in patterns if pattern]
    return re.sub("|".join(found), VEIL, text, flags=re.IGNORECASE) if found and text else text


def _pattern(word: str) -> str:
    digits = re.sub(r"\D", "", word)
    if len(digits) >= 5 and re.fullmatch(r"[\d\s\-.()+]+", word):
        return r"\+?" + _BETWEEN_DIGITS.join(digits)
    return rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if len(word) >= SHORTEST else ""
