"""Who may fill an installation with invented people and deals."""

from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_request_demonstration(by: Person) -> bool:
    """May this person let the demonstration company move in?"""
    return may(by, "simulation.request_demonstration")


def may_load_demonstration(by: Person) -> bool:
    """May this person load it? Only the system, once somebody asked."""
    return may(by, "simulation.load_demonstration")
