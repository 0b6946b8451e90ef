"""What people change about themselves."""

from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people import policies
from salesmode.people.events import (
    PersonAmended,
    PersonPasswordChanged,
    PersonPasswordLinkIssued,
    PersonSessionsEnded,
    PersonSignedIn,
)
from salesmode.people.models import Person
from salesmode.people.operations.persons import person_facts

OWN_FIELDS = frozenset({"name", "phone", "title", "language", "theme"})


@transaction.atomic
def change_own_profile(
    person: Person, *, by: Person, at: datetime, version: int | None = None, **changes: Any
) -> Person:
    """Change one's own name, phone, title, language or appearance; role, team and e-mail are not one's own to change.

    Raises NotAllowed, Stale, Invalid for anything else.
    """
    lock(person, version=version)
    require(policies.may_change_own_profile(by, person))
    if foreign := changes.keys() - OWN_FIELDS:
        raise Invalid({field: [_("Only an administrator can change this.")] for field in sorted(foreign)})
    names = changed(person, changes)
    if names:
        save(person, at=at)
        former: dict[str, Any] = {"former_role": person.role, "former_team_id": person.team_id}
        record(PersonAmended(**person_facts(person), **former, changed=names), by=by, at=at)
    return person


@transaction.atomic
def change_password(person: Person, *, password: str, by: Person, at: datetime) -> Person:
    """Choose another password; every session signed with the former one ends.

    Raises NotAllowed.
    """
    lock(person)
    require(policies.may_change_password(by, person))
    person.set_password(password)
    save(person, at=at)
    record(PersonPasswordChanged(**person_facts(person)), by=by, at=at)
    return person


@transaction.atomic
def issue_password_link(person: Person, *, by: Person, at: datetime) -> str:
    """Make the address, good for an hour and once, at which somebody chooses a new password; kept nowhere.

    Raises NotAllowed.
    """
    lock(person)
    require(policies.may_issue_password_link(by, person))
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    record(PersonPasswordLinkIssued(**person_facts(person)), by=by, at=at)
    return path


@transaction.atomic
def note_sign_in(person: Person, *, by: Person, at: datetime) -> None:
    """Remember that somebody signed in, for the audit log.

    Raises NotAllowed.
    """
    require(policies.may_note_sign_in(by, person))
    record(PersonSignedIn(**person_facts(person)), by=by, at=at)


@transaction.atomic
def end_other_sessions(person: Person, *, keep: str, only: str | None = None, by: Person, at: datetime) -> int:
    """End a person's sessions on other devices, or only one of them; returns how many.

    Raises NotAllowed.
    """
    lock(person)
    require(policies.may_end_sessions(by, person))
    ended = forget_sessions(person, keep=keep, only=only)
    if only is None:
        person.end_sessions()
        save(person, at=at)
    record(PersonSessionsEnded(**person_facts(person), count=ended), by=by, at=at)
    return ended


def forget_sessions(person: Person, *, keep: str | None = None, only: str | None = None) -> int:
    """Delete the sessions that sign-in has noted for a person; part of every operation that ends them."""
    theirs = UserSession.objects.filter(user=person)
    if keep is not None:
        theirs = theirs.exclude(session_key=keep)
    if only is not None:
        theirs = theirs.filter(session_key=only)
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
