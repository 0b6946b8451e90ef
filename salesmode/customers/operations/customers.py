"""Create customers and change what we know of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import CustomerAmended, CustomerCreated, CustomerTagged
from salesmode.customers.models import Customer
from salesmode.customers.operations.facts import customer_entry, customer_facts, index_account, viewers_of
from salesmode.kernel import search
from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, lock_all, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person

# What other operations change: an owner is handed over, a next contact is scheduled.
NOT_AMENDED = frozenset({"owner", "owner_id", "next_contact_at", "merged_into", "last_interaction_at", "owned_since"})


@transaction.atomic
def create_customer(*, name: str, owner: Person | None = None, by: Person, at: datetime, **details: Any) -> Customer:
    """Add a customer; without an owner it goes into the pool.

    Raises NotAllowed, Invalid.
    """
    require(policies.may_create_customer(by, owner))
    details["custom"] = clean_custom("customer", details.get("custom"))
    customer = Customer(name=name.strip(), **details)
    customer.belong_to(owner, at=at)
    _settle(customer)
    save(customer, at=at)
    search.index_record(**customer_entry(customer))
    record(CustomerCreated(**customer_facts(customer)), by=by, at=at)
    return customer


@transaction.atomic
def amend_customer(
    customer: Customer, *, by: Person, at: datetime, version: int | None = None, **changes: Any
) -> Customer:
    """Change what we know of a customer; what is already so leaves no trace.

    Raises NotAllowed, Stale, Invalid, CustomerAlreadyMerged.
    """
    lock(customer, version=version)
    require(policies.may_amend_customer(by, customer))
    if kept_elsewhere := NOT_AMENDED & set(changes):
        raise Invalid({name: [_("This is changed by an act of its own.")] for name in sorted(kept_elsewhere)})
    if "custom" in changes:
        changes["custom"] = clean_custom("customer", changes["custom"], former=customer.custom)
    names = changed(customer, changes)
    if not names:
        return customer
    _refuse_a_circle(customer)
    _settle(customer)
    save(customer, at=at)
    search.index_record(**customer_entry(customer, viewers_of(customer)))
    if "name" in names:
        index_account([customer.pk])
    record(CustomerAmended(**customer_facts(customer), changed=names), by=by, at=at)
    return customer


@transaction.atomic
def tag_customers(
    customers: Iterable[Customer], *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Person, at: datetime
) -> list[Customer]:
    """Put tags on several customers, or take them off; all of them or none.

    Raises NotAllowed, Invalid.
    """
    add, remove, rows = list(add), list(remove), list(customers)
    lock_all(rows)
    tagged = []
    for customer in rows:
        require(policies.may_amend_customer(by, customer))
        before = list(customer.tags)
        customer.retag(add=add, remove=remove)
        if customer.tags == before:
            continue
        fit(customer)
        save(customer, at=at)
        added, removed = (
            [tag for tag in customer.tags if tag not in before],
            [tag for tag in before if tag not in customer.tags],
        )
        record(CustomerTagged(**customer_facts(customer), added=added, removed=removed), by=by, at=at)
        tagged.append(customer)
    return tagged


def _settle(customer: Customer) -> None:
    """Bring a customer into the shape it is kept in, or refuse it."""
    customer.retag()
    customer.derive_keys()
    customer.ensure_valid()
    fit(customer)


def _refuse_a_circle(customer: Customer) -> None:
    above, seen = customer.parent, {customer.pk}
    while above is not None:
        if above.pk in seen:
            raise Invalid({"parent": [_("A company cannot be a subsidiary of itself.")]})
        seen.add(above.pk)
        above = above.parent
