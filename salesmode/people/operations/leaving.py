"""When somebody leaves: close the door, keep the work going; and let them back in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people import policies
from salesmode.people.events import PersonDeactivated, PersonHandedOver, PersonReactivated
from salesmode.people.handover import BELONGINGS
from salesmode.people.models import Person
from salesmode.people.operations.persons import (
    hold_administrators,
    person_facts,
    refuse_to_lose_the_last_administrator,
)
from salesmode.people.operations.profile import forget_sessions
from salesmode.people.operations.tokens import revoke_token


@transaction.atomic
def deactivate_person(
    person: Person, *, hand_over_to: Person | None = None, by: Person, at: datetime, version: int | None = None
) -> Person:
    """Close the door to somebody who leaves: their next request is refused, on every path.

    What they own stays theirs until somebody takes over, here or later.
    Raises NotAllowed, Stale, LastAdministrator, Invalid when the heir cannot take it.
    """
    hold_administrators()
    lock(person, version=version)
    require(policies.may_deactivate_person(by, person))
    if not person.is_active:
        return person
    person.mark_deactivated(at=at)
    refuse_to_lose_the_last_administrator(person, was=person.role)
    save(person, at=at)
    forget_sessions(person)
    tokens = list(person.tokens.filter(revoked_at=None))
    for token in tokens:
        revoke_token(token, by=by, at=at)
    record(PersonDeactivated(**person_facts(person), tokens_revoked=len(tokens)), by=by, at=at)
    if hand_over_to is not None:
        hand_over_everything(person, to=hand_over_to, by=by, at=at)
    return person


@transaction.atomic
def reactivate_person(person: Person, *, by: Person, at: datetime, version: int | None = None) -> Person:
    """Let somebody who had left sign in again; former sessions and tokens stay ended.

    Raises NotAllowed, Stale.
    """
    lock(person, version=version)
    require(policies.may_reactivate_person(by, person) and policies.may_grant_role(by, person.role))
    if person.is_active:
        return person
    person.mark_reactivated()
    save(person, at=at)
    record(PersonReactivated(**person_facts(person)), by=by, at=at)
    return person


@transaction.atomic
def hand_over_everything(person: Person, *, to: Person, by: Person, at: datetime) -> dict[str, int]:
    """Give everything a person owns to somebody else, with its stage, history and follow-ups; all of it or nothing.

    Returns how many records of each kind went over. Raises NotAllowed, Invalid when the heir cannot take it.
    """
    require(policies.may_hand_over_everything(by, person))
    if to.pk == person.pk or not to.is_active or to.is_system:
        raise Invalid({"to": [_("Choose a colleague who works here.")]})
    counts = {each.kind: each.hand_over(person, to=to, by=by, at=at) for each in BELONGINGS.values()}
    record(PersonHandedOver(**person_facts(person), to_id=to.pk, counts=counts), by=by, at=at)
    return counts
