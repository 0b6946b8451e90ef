"""Everything that changes who works here."""

from salesmode.people.operations.invitations import accept_invitation, invite_person, withdraw_invitation
from salesmode.people.operations.leaving import deactivate_person, hand_over_everything, reactivate_person
from salesmode.people.operations.persons import amend_person, create_person
from salesmode.people.operations.profile import (
    change_own_profile,
    change_password,
    end_other_sessions,
    issue_password_link,
    note_sign_in,
)
from salesmode.people.operations.teams import amend_team, create_team, rebuild_scope
from salesmode.people.operations.tokens import create_token, note_token_use, revoke_token

__all__ = [
    "accept_invitation",
    "amend_person",
    "amend_team",
    "change_own_profile",
    "change_password",
    "create_person",
    "create_team",
    "create_token",
    "deactivate_person",
    "end_other_sessions",
    "hand_over_everything",
    "invite_person",
    "issue_password_link",
    "note_sign_in",
    "note_token_use",
    "reactivate_person",
    "rebuild_scope",
    "revoke_token",
    "withdraw_invitation",
]
