"""Hand out what is held about a contact, and erase it: the two rights everybody has over their own data."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.customers import account, policies
from salesmode.customers.events import ContactErased, ContactHandedOut, CustomerAmended
from salesmode.customers.models import Contact, ErasedMark, ErasureReason, Interaction, marks_of, veiled
from salesmode.customers.models.sameness import phone_key
from salesmode.customers.operations.facts import (
    contact_facts,
    customer_entry,
    customer_facts,
    interaction_entry,
    viewers_of,
)
from salesmode.kernel import search
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.operations import forget_files_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def erase_contact(contact: Contact, *, reason: str, by: Person, at: datetime, version: int | None = None) -> Contact:
    """Erase what is personal about a contact for good; what was sold and who spoke when stays, without the name.

    Their name, numbers and addresses are veiled in what was written about their customer, their files go, and
    search forgets them. Raises NotAllowed, Stale, ContactErased, Invalid.
    """
    if contact.customer is not None:
        lock(contact.customer)
    lock(contact, version=version)
    require(policies.may_erase_contact(by, contact))
    if reason not in ErasureReason.values:
        raise Invalid({"reason": [_("Choose why it is erased.")]})
    words = contact.words()
    _mark(phones=[contact.phone, contact.mobile], emails=[contact.email], at=at)
    _take_back_from_customer(contact, by=by, at=at)
    contact.erase(at=at)
    save(contact, at=at)
    search.forget_record("contact", contact.pk)
    files = forget_files_of(contact, by=by, at=at)
    spoken = _veil_interactions(contact, words, at=at)
    account.on_contact_erasure.tell(contact.pk, words, at)
    facts = contact_facts(contact)
    record(ContactErased(**facts, reason=reason, interactions=spoken, files=files), by=by, at=at)
    return contact


@transaction.atomic
def hand_out_contact(contact: Contact, *, by: Person, at: datetime) -> Contact:
    """Note that all that is held about a contact was taken out. Raises NotAllowed, ContactErased."""
    lock(contact)
    require(policies.may_hand_out_contact(by, contact))
    contact.ensure_kept()
    record(ContactHandedOut(**contact_facts(contact)), by=by, at=at)
    return contact


def _mark(*, phones: Sequence[str], emails: Sequence[str], at: datetime) -> None:
    """Keep by what they would be known again, and nothing by which they could be found."""
    marks = [ErasedMark(mark=mark, erased_at=at) for mark in sorted(marks_of(phones=phones, emails=emails))]
    ErasedMark.objects.bulk_create(marks, update_conflicts=True, unique_fields=["mark"], update_fields=["erased_at"])


def _take_back_from_customer(contact: Contact, *, by: Person, at: datetime) -> None:
    """Let the customer not keep a number or an address that is the contact's own."""
    customer = contact.customer
    if customer is None:
        return
    numbers = {phone_key(contact.phone), phone_key(contact.mobile)} - {""}
    theirs = {"phone": phone_key(customer.phone) in numbers, "email": customer.email.lower() == contact.email.lower()}
    names = changed(customer, {name: "" for name, is_theirs in theirs.items() if is_theirs})
    if names:
        customer.derive_keys()
        save(customer, at=at)
        search.index_record(**customer_entry(customer, viewers_of(customer)))
        record(CustomerAmended(**customer_facts(customer), changed=names), by=by, at=at)


def _veil_interactions(contact: Contact, words: Sequence[str], *, at: datetime) -> int:
    """Hide who it was in what was written about them and their customer; returns in how many places."""
    theirs = Q(contact=contact) | (Q(customer=contact.customer_id) if contact.customer_id else Q())
    hidden = []
    for row in Interaction.objects.filter(theirs).exclude(content="").select_for_update(of=("self",)).order_by("pk"):
        content = veiled(row.content, words)
        if content != row.content:
            row.content = content
            save(row, at=at)
            hidden.append(row)
    viewers = viewers_of(contact.customer)
    search.index_many(interaction_entry(each, viewers) for each in hidden)
    return len(hidden)
