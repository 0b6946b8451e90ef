"""The programs' door: whose key is this?"""

from datetime import datetime

from django.utils.timezone import now

from salesmode.kernel.asked import Asked
from salesmode.people import operations
from salesmode.people.models import ApiToken, Person
from salesmode.people.models.access import fingerprint

_WORKING = Asked(
    lambda digest, at: ApiToken.objects.working(at=at).select_related("person").filter(token_hash=digest), str, datetime
)


def person_for_token(raw: str) -> tuple[Person, ApiToken] | None:
    """Return whom a program acts as and with which token, or None for a key that opens nothing (any more).

    Looked up afresh at every request, so that a revoked key or a deactivated person is refused at once.
    """
    if not raw.startswith(f"{ApiToken.PREFIX}_") or len(raw) > 200:
        return None
    at = now()
    token = _WORKING.first(fingerprint(raw), at)
    if token is None:
        return None
    if token.last_used_on != at.date():
        operations.note_token_use(token, by=token.person, at=at)
    return token.person, token
