"""Taking somebody's name, numbers and addresses out of what others wrote down, and why it is done."""

import re
from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

VEIL = "•••"
# A shorter word would stand in too much that is about something else.
SHORTEST = 2
_BETWEEN_DIGITS = r"[\s\-.()]*"


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
