"""Change whose a customer is: hand over, release, claim; and who else looks at it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.customers import account, policies
from salesmode.customers.events import (
    CustomerClaimed,
    CustomerHandedOver,
    CustomerReleased,
    CustomerShared,
    CustomerUnshared,
)
from salesmode.customers.models import Contact, Customer, CustomerShare, Interaction
from salesmode.customers.models.customer import CustomerAlreadyInPool, CustomerAlreadyMerged, CustomerAlreadyOwned
from salesmode.customers.operations.facts import customer_facts, index_account
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, lock_all, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def hand_over_customer(
    customer: Customer, *, to: Person, by: Person, at: datetime, version: int | None = None
) -> Customer:
    """Give a customer, with its contacts and everything that hangs on the account, to somebody else.

    Raises NotAllowed, Stale, Invalid, CustomerAlreadyMerged.
    """
    lock(customer, version=version)
    require(policies.may_hand_over_customer(by, customer))
    if not to.is_active or to.may_change_nothing:
        raise Invalid({"to": [_("%(person)s cannot look after customers.") % {"person": to.name}]})
    if customer.merged_into_id is not None:
        raise CustomerAlreadyMerged(customer)
    if customer.owner_id == to.pk:
        return customer
    former_owner_id, owned_since = customer.owner_id, customer.owned_since
    customer.belong_to(to, at=at)
    save(customer, at=at)
    customer.shares.filter(person=to).delete()
    _pass_on(customer, at=at)
    handed_over = CustomerHandedOver(
        **customer_facts(customer), former_owner_id=former_owner_id, owned_since=owned_since
    )
    record(handed_over, by=by, at=at)
    return customer


@transaction.atomic
def hand_over_customers(customers: Iterable[Customer], *, to: Person, by: Person, at: datetime) -> list[Customer]:
    """Give several customers to somebody else; all of them or none.

    Raises NotAllowed, Invalid; each customer leaves the event that hand_over_customer must record(...).
    """
    rows = list(customers)
    lock_all(rows)
    return [hand_over_customer(customer, to=to, by=by, at=at) for customer in sorted(rows, key=lambda row: row.pk)]


@transaction.atomic
def release_customer(
    customer: Customer, *, reason: str = "", by: Person, at: datetime, version: int | None = None
) -> Customer:
    """Put a customer back into the pool, where anybody who sells may claim it.

    Raises NotAllowed, Stale, CustomerAlreadyInPool, CustomerAlreadyMerged.
    """
    lock(customer, version=version)
    if customer.is_in_pool:
        raise CustomerAlreadyInPool(customer)
    require(policies.may_release_customer(by, customer))
    if customer.merged_into_id is not None:
        raise CustomerAlreadyMerged(customer)
    former_owner_id, owned_since = customer.owner_id, customer.owned_since
    customer.belong_to(None, at=at)
    customer.next_contact_at = None
    save(customer, at=at)
    customer.shares.all().delete()
    _pass_on(customer, at=at)
    facts = customer_facts(customer)
    released = CustomerReleased(**facts, former_owner_id=former_owner_id, owned_since=owned_since, reason=reason[:200])
    record(released, by=by, at=at)
    return customer


@transaction.atomic
def release_customers(customers: Iterable[Customer], *, reason: str = "", by: Person, at: datetime) -> list[Customer]:
    """Put several customers back into the pool; all of them or none.

    Raises NotAllowed, CustomerAlreadyInPool; each customer leaves the event that release_customer must record(...).
    """
    rows = sorted(customers, key=lambda row: row.pk)
    lock_all(rows)
    return [release_customer(customer, reason=reason, by=by, at=at) for customer in rows]


@transaction.atomic
def claim_customer(customer: Customer, *, by: Person, at: datetime) -> Customer:
    """Take a customer out of the pool; of several who try at once, one gets it.

    Raises NotAllowed, CustomerAlreadyOwned, CustomerAlreadyMerged.
    """
    require(policies.may_claim_customer(by, Customer(owner=None)))
    claimed = Customer.objects.filter(pk=customer.pk, owner=None, merged_into=None).update(
        owner=by, owned_since=at, updated_at=at, version=F("version") + 1
    )
    customer.refresh_from_db()
    if not claimed:
        raise CustomerAlreadyMerged(customer) if customer.merged_into_id is not None else CustomerAlreadyOwned
    _pass_on(customer, at=at)
    record(CustomerClaimed(**customer_facts(customer)), by=by, at=at)
    return customer


@transaction.atomic
def share_customer(
    customer: Customer, *, person: Person, can_write: bool = False, by: Person, at: datetime
) -> Customer:
    """Show a customer to a colleague besides its owner, to read or to work on.

    Raises NotAllowed, Invalid, CustomerAlreadyMerged.
    """
    lock(customer)
    require(policies.may_share_customer(by, customer))
    customer.ensure_valid()
    if customer.is_in_pool:
        raise Invalid({"person": [_("A customer in the pool is not shared: it is there for everybody who sells.")]})
    if person.pk == customer.owner_id or not person.is_active:
        raise Invalid({"person": [_("Choose a colleague who does not own this customer.")]})
    CustomerShare.objects.update_or_create(customer=customer, person=person, defaults={"can_write": can_write})
    index_account([customer.pk])
    record(CustomerShared(**customer_facts(customer), person_id=person.pk, can_write=can_write), by=by, at=at)
    return customer


@transaction.atomic
def unshare_customer(customer: Customer, *, person: Person, by: Person, at: datetime) -> Customer:
    """Show a customer to a colleague no longer.

    Raises NotAllowed.
    """
    lock(customer)
    require(policies.may_share_customer(by, customer))
    gone, _each = customer.shares.filter(person=person).delete()
    if gone:
        index_account([customer.pk])
        record(CustomerUnshared(**customer_facts(customer), person_id=person.pk), by=by, at=at)
    return customer


def _pass_on(customer: Customer, *, at: datetime) -> None:
    """Let everything on the account know, at the same instant, whose it is now."""
    Contact.objects.filter(customer=customer).update(owner=customer.owner)
    Interaction.objects.filter(customer=customer).update(owner=customer.owner)
    account.on_account_owner_change.tell([customer.pk], customer.owner_id, at)
    index_account([customer.pk])
