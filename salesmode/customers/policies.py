"""Who may do what to customers, contacts and interactions."""

from typing import Any

from salesmode.customers.models import Contact, Customer, Interaction, Visit
from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_create_customer(by: Person, owner: Person | None = None) -> bool:
    """May this person add customers, and give them to that owner?"""
    return may(by, "customers.create_customer") and (owner is None or may(by, "customers.create_customer", owner))


def may_import_customers(by: Person) -> bool:
    """May this person bring in many customers at once?"""
    return may(by, "customers.import_customers")


def may_amend_customer(by: Person, customer: Customer) -> bool:
    """May this person change a customer's details and tags?"""
    return may(by, "customers.amend_customer", customer)


def may_hand_over_customer(by: Person, customer: Customer) -> bool:
    """May this person give a customer to somebody else?"""
    return may(by, "customers.hand_over_customer", customer)


def may_release_customer(by: Person, customer: Customer) -> bool:
    """May this person put a customer back into the pool?"""
    return may(by, "customers.release_customer", customer)


def may_claim_customer(by: Person, customer: Customer) -> bool:
    """May this person take a customer out of the pool?"""
    return may(by, "customers.claim_customer", customer)


def may_share_customer(by: Person, customer: Customer) -> bool:
    """May this person show a customer to somebody else?"""
    return may(by, "customers.share_customer", customer)


def may_merge_customer(by: Person, customer: Customer) -> bool:
    """May this person merge a customer with another?"""
    return may(by, "customers.merge_customers", customer)


def may_create_contact(by: Person, customer: Customer | None) -> bool:
    """May this person add contacts to a customer, or without one?"""
    return may(by, "customers.create_contact", customer)


def may_amend_contact(by: Person, contact: Contact) -> bool:
    """May this person change a contact?"""
    return may(by, "customers.amend_contact", contact.customer or contact)


def may_erase_contact(by: Person, contact: Contact) -> bool:
    """May this person erase what is personal about a contact?"""
    return may(by, "customers.erase_contact", contact.customer or contact)


def may_hand_out_contact(by: Person, contact: Contact) -> bool:
    """May this person take out everything that is held about a contact?"""
    return may(by, "customers.hand_out_contact", contact.customer or contact)


def may_log_interaction(by: Person, *records: Any) -> bool:
    """May this person write down a contact with this customer, or about this deal or lead?"""
    known = [record for record in records if record is not None]
    return (
        any(may(by, "customers.log_interaction", record) for record in known)
        if known
        else may(by, "customers.log_interaction")
    )


def may_log_for(by: Person, author: Person) -> bool:
    """May this person write down a contact that somebody else had?"""
    return may(by, "customers.amend_interaction", author)


def may_amend_interaction(by: Person, interaction: Interaction) -> bool:
    """May this person correct what was written about a contact: its author, and those who lead?"""
    return may_write_for(by, interaction.by)


def may_write_for(by: Person, author: Person) -> bool:
    """May this person write down, or correct, what somebody else said to a customer?"""
    return may(by, "customers.amend_interaction", author)


def may_schedule_follow_up(by: Person, customer: Customer) -> bool:
    """May this person plan the next contact with a customer?"""
    return may(by, "customers.schedule_follow_up", customer)


def may_plan_visit(by: Person, owner: Person) -> bool:
    """May this person plan visits for that visitor, move them or call them off?"""
    return may(by, "customers.plan_visit", owner)


def may_check_in(by: Person, visit: Visit) -> bool:
    """May this person check in and out of a visit? Only who makes it."""
    return may(by, "customers.check_in_visit", visit.owner)


def may_locate_customer(by: Person, customer: Customer) -> bool:
    """May this person say where a customer is?"""
    return may(by, "customers.locate_customer", customer)


def may_pass_visits_on(by: Person) -> bool:
    """May this person let planned visits go with their customer? Only the system does."""
    return may(by, "customers.pass_visits_on")


def may_set_visit_rules(by: Person) -> bool:
    """May this person say how often customers are visited, and what belongs to a visit?"""
    return may(by, "customers.set_visit_rules")
