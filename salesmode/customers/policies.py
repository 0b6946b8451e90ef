"""Who may do what to customers, contacts and interactions."""

from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_create_customer(by: Person) -> bool:
    """May this person add customers?"""
    return may(by, "customers.create_customer")
