"""Who may change who works here."""

from salesmode.people.models import ApiToken, Person, Team
from salesmode.people.permissions import may, rights_of


def may_create_team(by: Person) -> bool:
    """May this person found a team?"""
    return may(by, "people.create_team")


def may_amend_team(by: Person, team: Team) -> bool:
    """May this person rename or move a team, or change its lead?"""
    return may(by, "people.amend_team", team)


def may_create_person(by: Person) -> bool:
    """May this person let somebody in?"""
    return may(by, "people.create_person")


def may_amend_person(by: Person, person: Person) -> bool:
    """May this person change somebody's role, team or details? Nobody changes the system itself."""
    return may(by, "people.amend_person", person) and not person.is_system


def may_grant_role(by: Person, role: str) -> bool:
    """May this person give somebody a role? Administrators any, others none with rights they do not hold."""
    if role not in Person.Role.values or role == Person.Role.SYSTEM:
        return False
    if by.is_system or by.role == Person.Role.OPERATIONS:
        return True
    return role != Person.Role.OPERATIONS and rights_of(role) <= rights_of(by.role)


def may_invite_person(by: Person) -> bool:
    """May this person ask somebody to join?"""
    return may(by, "people.invite_person")


def may_accept_invitation(by: Person) -> bool:
    """May this person let in whoever holds an invitation's secret? Only the system, on behalf of its holder."""
    return may(by, "people.accept_invitation")


def may_withdraw_invitation(by: Person) -> bool:
    """May this person take an invitation back?"""
    return may(by, "people.withdraw_invitation")


def may_deactivate_person(by: Person, person: Person) -> bool:
    """May this person close the door to somebody? Never to the system itself."""
    return may(by, "people.deactivate_person", person) and not person.is_system


def may_reactivate_person(by: Person, person: Person) -> bool:
    """May this person let somebody back in?"""
    return may(by, "people.reactivate_person", person)


def may_issue_password_link(by: Person, person: Person) -> bool:
    """May this person make a link with which somebody chooses a new password?"""
    return may(by, "people.issue_password_link", person) and person.is_active and not person.is_system


def may_hand_over_everything(by: Person, person: Person) -> bool:
    """May this person give everything that somebody owns to somebody else?"""
    return may(by, "people.hand_over_everything", person)


def may_create_token(by: Person, person: Person) -> bool:
    """May this person make a key that acts as somebody? Only as themselves."""
    return may(by, "people.create_token", person) and not person.is_system and person.is_active


def may_revoke_token(by: Person, token: ApiToken) -> bool:
    """May this person close a key?"""
    return may(by, "people.revoke_token", token.person)


def may_note_token_use(by: Person, token: ApiToken) -> bool:
    """May this person use this key?"""
    return may(by, "people.note_token_use", token.person)


def may_change_own_profile(by: Person, person: Person) -> bool:
    """May this person change this profile?"""
    return may(by, "people.change_own_profile", person)


def may_change_password(by: Person, person: Person) -> bool:
    """May this person choose this person's password? Only their own."""
    return may(by, "people.change_password", person)


def may_note_sign_in(by: Person, person: Person) -> bool:
    """May this person sign in as this person?"""
    return may(by, "people.note_sign_in", person)


def may_end_sessions(by: Person, person: Person) -> bool:
    """May this person end these sessions?"""
    return may(by, "people.end_other_sessions", person)
