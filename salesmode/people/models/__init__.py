"""The nouns of people: persons, teams, what they may see, invitations and tokens."""

from salesmode.people.models.access import ApiToken, Invitation
from salesmode.people.models.person import Person, PersonScope
from salesmode.people.models.team import Team

__all__ = ["ApiToken", "Invitation", "Person", "PersonScope", "Team"]
