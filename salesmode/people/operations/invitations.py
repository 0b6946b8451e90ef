"""Ask people to join."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people import policies
from salesmode.people.events import InvitationAccepted, InvitationSent, InvitationWithdrawn
from salesmode.people.models import Invitation, Person, Team
from salesmode.people.models.access import INVITATION_STANDS, InvitationOver, fingerprint, new_secret, plain_address
from salesmode.people.operations.persons import create_person, hold_administrators


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    role: str = Person.Role.SELLER,
    team: Team | None = None,
    language: str = "",
    by: Person,
    at: datetime,
) -> tuple[Invitation, str]:
    """Ask somebody to join; returns the invitation and its secret, which is kept nowhere.

    A former invitation to the same address ends. Raises NotAllowed, Invalid for no address or that of somebody here.
    """
    require(policies.may_invite_person(by) and policies.may_grant_role(by, role))
    hold_administrators()
    email = plain_address(email)
    if Person.objects.filter(email__iexact=email).exists():
        raise Invalid({"email": [_("Somebody with this e-mail is here already.")]})
    for former in Invitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None):
        withdraw_invitation(former, by=by, at=at)
    secret = new_secret("join")
    invitation = Invitation(email=email, name=name.strip(), role=role, team=team, language=language)
    invitation.token_hash, invitation.expires_at = fingerprint(secret), at + INVITATION_STANDS
    save(invitation, at=at)
    record(InvitationSent(**_facts(invitation)), by=by, at=at)
    return invitation, secret


@transaction.atomic
def accept_invitation(secret: str, *, password: str, name: str = "", by: Person, at: datetime) -> Person:
    """Join with an invitation's secret; whom it was for and in which role stands in the invitation alone.

    Raises InvitationOver for a secret that is unknown, used, withdrawn or too old.
    """
    require(policies.may_accept_invitation(by))
    invitation = Invitation.objects.filter(token_hash=fingerprint(secret)).first()
    if invitation is None:
        raise InvitationOver
    lock(invitation)
    invitation.mark_accepted(at=at)
    person = create_person(
        email=invitation.email,
        name=name.strip() or invitation.name,
        role=invitation.role,
        team=invitation.team,
        language=invitation.language,
        password=password,
        by=by,
        at=at,
    )
    save(invitation, at=at)
    record(InvitationAccepted(**_facts(invitation), person_id=person.pk), by=person, at=at)
    return person


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Person, at: datetime) -> Invitation:
    """Take an offer to join back.

    Raises NotAllowed, InvitationOver when somebody has already joined with it.
    """
    lock(invitation)
    require(policies.may_withdraw_invitation(by))
    invitation.mark_withdrawn(at=at)
    save(invitation, at=at)
    record(InvitationWithdrawn(**_facts(invitation)), by=by, at=at)
    return invitation


def _facts(invitation: Invitation) -> dict[str, Any]:
    return {"invitation_id": invitation.pk, "team_id": invitation.team_id, "role": invitation.role}
