"""Let people in and change what they are here."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people import policies
from salesmode.people.events import PersonAmended, PersonJoined
from salesmode.people.models import Person, Team
from salesmode.people.models.access import plain_address
from salesmode.people.operations.teams import rebuild_scope

ADMINISTRATORS = 7302


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
    """Let somebody in; without a password they first follow an invitation or ask for a new one.

    Raises NotAllowed, Invalid for an e-mail that is none, looks like another one, or is that of somebody here.
    """
    require(policies.may_create_person(by) and policies.may_grant_role(by, role))
    person = Person(email=plain_address(email), name=name.strip(), role=role, team=team, **details)
    person.set_password(password)
    _save_with_own_email(person, at=at)
    rebuild_scope()
    record(PersonJoined(**person_facts(person)), by=by, at=at)
    return person


@transaction.atomic
def amend_person(person: Person, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Person:
    """Change somebody's role, team or details.

    Raises NotAllowed, Stale, LastAdministrator, Invalid when the e-mail is somebody else's or cannot be one.
    """
    hold_administrators()
    lock(person, version=version)
    require(policies.may_amend_person(by, person))
    require(policies.may_grant_role(by, changes.get("role", person.role)))
    former: dict[str, Any] = {"former_role": person.role, "former_team_id": person.team_id}
    if "email" in changes:
        kept = changes["email"].strip().lower() == person.email
        changes["email"] = person.email if kept else plain_address(changes["email"])
    names = changed(person, changes)
    if not names:
        return person
    refuse_to_lose_the_last_administrator(person, was=former["former_role"])
    _save_with_own_email(person, at=at)
    if "email" in names:
        # What sign-in has noted about the former address must not open the door any longer.
        EmailAddress.objects.filter(user=person).delete()
    rebuild_scope()
    record(PersonAmended(**person_facts(person), **former, changed=names), by=by, at=at)
    return person


def hold_administrators() -> None:
    """Let only one change at a time touch who administers: two who demote each other must not both succeed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ADMINISTRATORS])


def refuse_to_lose_the_last_administrator(person: Person, *, was: str) -> None:
    """Raise LastAdministrator if this change leaves nobody in the operations role."""
    if was != Person.Role.OPERATIONS or (person.role == Person.Role.OPERATIONS and person.is_active):
        return
    if not Person.objects.administrators().exclude(pk=person.pk).exists():
        raise LastAdministrator


def person_facts(person: Person) -> dict[str, Any]:
    """Return the facts shared by all events about a person; never a name or an address."""
    return {"person_id": person.pk, "team_id": person.team_id, "role": person.role}


def _save_with_own_email(person: Person, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            save(person, at=at)
    except IntegrityError as error:
        if "person_email_is_unique" not in str(error):
            raise
        raise Invalid({"email": [_("Somebody with this e-mail is here already.")]}) from None
