"""Who may change who works here."""

from salesmode.people.models import Person, Team
from salesmode.people.permissions import may


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
    """May this person change somebody's role, team or details?"""
    return may(by, "people.amend_person", person)
