"""Let people in and change what they are here."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.refusals import Refusal
from salesmode.people import policies
from salesmode.people.events import PersonAmended, PersonJoined
from salesmode.people.models import Person, Team
from salesmode.people.operations.teams import rebuild_scope


class LastAdministrator(Refusal):
    """Without anyone in the operations role, nobody could let anybody in again."""

    def __init__(self) -> None:
        super().__init__(_("This is the last administrator. Give somebody else that role first."))


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    role: str = Person.Role.SELLER,
    team: Team | None = None,
    password: str | None = None,
    by: Person,
    at: datetime,
    **details: Any,
) -> Person:
    """Let somebody in; without a password they first follow an invitation.

    Raises NotAllowed.
    """
    require(policies.may_create_person(by))
    person = Person(email=email.strip().lower(), name=name.strip(), role=role, team=team, **details)
    person.set_password(password)
    save(person, at=at)
    rebuild_scope()
    record(PersonJoined(**_facts(person)), by=by, at=at)
    return person


@transaction.atomic
def amend_person(person: Person, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Person:
    """Change somebody's role, team or details.

    Raises NotAllowed, Stale, LastAdministrator.
    """
    lock(person, version=version)
    require(policies.may_amend_person(by, person))
    former = {"former_role": person.role, "former_team_id": person.team_id}
    names = changed(person, changes)
    refuse_to_lose_the_last_administrator(person, was=former["former_role"])
    save(person, at=at)
    rebuild_scope()
    record(PersonAmended(**_facts(person), **former, changed=names), by=by, at=at)
    return person


def refuse_to_lose_the_last_administrator(person: Person, *, was: str) -> None:
    """Raise LastAdministrator if this change leaves nobody in the operations role."""
    if was != Person.Role.OPERATIONS or (person.role == Person.Role.OPERATIONS and person.is_active):
        return
    others = Person.objects.active().filter(role=Person.Role.OPERATIONS).exclude(pk=person.pk)
    if not others.select_for_update().exists():
        raise LastAdministrator


def _facts(person: Person) -> dict[str, Any]:
    return {"person_id": person.pk, "team_id": person.team_id, "role": person.role}
