"""Create contacts and change what we know of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import ContactAmended, ContactCreated, ContactLeft
from salesmode.customers.models import Contact, Customer
from salesmode.customers.operations.facts import contact_entry, contact_facts, viewers_of
from salesmode.kernel import search
from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def create_contact(*, name: str, customer: Customer | None = None, by: Person, at: datetime, **details: Any) -> Contact:
    """Add somebody at a customer; whose contact it is follows from whose customer it is.

    Raises NotAllowed, Invalid.
    """
    if customer is not None:
        lock(customer)
        customer.ensure_valid()
    require(policies.may_create_contact(by, customer))
    details["custom"] = clean_custom("contact", details.get("custom"))
    contact = Contact(name=name.strip(), customer=customer, owner=customer.owner if customer else by, **details)
    _settle(contact)
    save(contact, at=at)
    search.index_record(**contact_entry(contact, viewers_of(contact.customer)))
    record(ContactCreated(**contact_facts(contact)), by=by, at=at)
    return contact


@transaction.atomic
def amend_contact(contact: Contact, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Contact:
    """Change what we know of somebody at a customer; naming another customer moves them there.

    Raises NotAllowed, Stale, Invalid.
    """
    lock(contact, version=version)
    require(policies.may_amend_contact(by, contact))
    contact.ensure_kept()
    if {"owner", "owner_id", "left_at"} & set(changes):
        raise Invalid({"owner": [_("This is changed by an act of its own.")]})
    if "custom" in changes:
        changes["custom"] = clean_custom("contact", changes["custom"], former=contact.custom)
    names = changed(contact, changes)
    if not names:
        return contact
    if "customer" in names:
        if contact.customer is not None:
            require(policies.may_create_contact(by, contact.customer))
            contact.customer.ensure_valid()
        contact.owner = contact.customer.owner if contact.customer else contact.owner or by
    _settle(contact)
    save(contact, at=at)
    search.index_record(**contact_entry(contact, viewers_of(contact.customer)))
    record(ContactAmended(**contact_facts(contact), changed=names), by=by, at=at)
    return contact


@transaction.atomic
def mark_contact_left(contact: Contact, *, by: Person, at: datetime, version: int | None = None) -> Contact:
    """Note that somebody is no longer with the customer.

    Raises NotAllowed, Stale, ContactAlreadyLeft.
    """
    lock(contact, version=version)
    require(policies.may_amend_contact(by, contact))
    contact.mark_left(at=at)
    save(contact, at=at)
    record(ContactLeft(**contact_facts(contact)), by=by, at=at)
    return contact


def _settle(contact: Contact) -> None:
    """Bring a contact into the shape it is kept in, or refuse it."""
    contact.derive_keys()
    contact.ensure_valid()
    fit(contact)
