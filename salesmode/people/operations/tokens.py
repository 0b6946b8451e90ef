"""Keys for programs that act as a person."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people import policies
from salesmode.people.events import TokenCreated, TokenRevoked, TokenUsed
from salesmode.people.models import ApiToken, Person
from salesmode.people.models.access import fingerprint, new_secret


@transaction.atomic
def create_token(
    person: Person,
    *,
    name: str,
    scope: str = ApiToken.Scope.READ,
    days: int = ApiToken.USUAL_DAYS,
    by: Person,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a key with which a program acts as a person; returns it and its secret, which is kept nowhere.

    Raises NotAllowed, Invalid for a scope that does not exist or too many days.
    """
    require(policies.may_create_token(by, person))
    _refuse_what_does_not_fit(name=name, scope=scope, days=days)
    secret = new_secret(ApiToken.PREFIX)
    token = ApiToken(person=person, name=name.strip(), scope=scope, token_hash=fingerprint(secret), hint=secret[:7])
    token.expires_at = at + timedelta(days=days)
    save(token, at=at)
    record(TokenCreated(**_facts(token)), by=by, at=at)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Person, at: datetime) -> ApiToken:
    """Close a program's key for good: its next request is refused.

    Raises NotAllowed.
    """
    lock(token)
    require(policies.may_revoke_token(by, token))
    if token.revoked_at is not None:
        return token
    token.mark_revoked(at=at)
    save(token, at=at)
    record(TokenRevoked(**_facts(token)), by=by, at=at)
    return token


@transaction.atomic
def note_token_use(token: ApiToken, *, by: Person, at: datetime) -> None:
    """Remember that a key was used today, once a day.

    Raises NotAllowed.
    """
    lock(token)
    require(policies.may_note_token_use(by, token))
    if token.last_used_on == at.date():
        return
    token.mark_used(on=at.date())
    token.save(update_fields=["last_used_on"])
    record(TokenUsed(**_facts(token)), by=by, at=at)


def _refuse_what_does_not_fit(*, name: str, scope: str, days: int) -> None:
    wrong: dict[str, list[str]] = {}
    if not name.strip():
        wrong["name"] = [_("Give the key a name, so that you know later what uses it.")]
    if scope not in ApiToken.Scope.values:
        wrong["scope"] = [_("Choose read or write.")]
    if not 1 <= days <= ApiToken.LONGEST_DAYS:
        wrong["days"] = [_("Choose between 1 and %(most)s days.") % {"most": ApiToken.LONGEST_DAYS}]
    if wrong:
        raise Invalid(wrong)


def _facts(token: ApiToken) -> dict[str, Any]:
    return {"token_id": token.pk, "person_id": token.person_id, "scope": token.scope}
