"""The programs' door: whose key is this?"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import now

from salesmode.kernel import custom_fields, rates
from salesmode.kernel.asked import Asked
from salesmode.people import operations
from salesmode.people.models import ApiToken, Person
from salesmode.people.models.access import fingerprint

# Requests of a token are counted over so long.
PER_SECONDS = 60
_BUCKET = Concat(Value("token:"), Cast("pk", CharField()))
_WORKING = Asked(
    lambda digest, at: (
        ApiToken.objects.working(at=at)
        .select_related("person")
        .filter(token_hash=digest)
        .annotate(counted=rates.counted(_BUCKET, PER_SECONDS), customised=custom_fields.KINDS)
    ),
    str,
    datetime,
)


def person_for_token(raw: str) -> tuple[Person, ApiToken, Sequence[int]] | None:
    """Return whom a program acts as, with which token, and how often it came by now (see kernel.rates).

    None for a key that opens nothing (any more): looked up afresh at every request, so that a revoked key or a
    deactivated person is refused at once.
    """
    if not raw.startswith(f"{ApiToken.PREFIX}_") or len(raw) > 200:
        return None
    at = now()
    token = _WORKING.first(fingerprint(raw), at)
    if token is None:
        return None
    if token.last_used_on != at.date():
        operations.note_token_use(token, by=token.person, at=at)
    custom_fields.know_kinds(token.customised)
    return token.person, token, token.counted
