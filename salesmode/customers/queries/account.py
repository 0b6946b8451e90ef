"""What a customer's page shows, and which customers a form offers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from salesmode.customers.models import Contact, Customer, CustomerShare
from salesmode.customers.models.sameness import name_key
from salesmode.kernel.models import Record, StoredFile
from salesmode.people.models import Person
from salesmode.people.search import find

SILENT_DAYS = 90
MOST_CONTACTS = 100
MOST_OFFERED = 10
NEWEST = 2_000
MOST_FILES = 200


@dataclass(frozen=True)
class CustomerPage:
    """A customer with the people there, who else looks and what to watch out for."""

    customer: Customer
    contacts: list[Contact]
    shares: list[CustomerShare]
    subsidiaries: list[Customer]
    warnings: list[str]


def customer_page(customer: Customer, *, seen_by: Person, at: datetime) -> CustomerPage:
    """Return what a customer's page shows besides its timeline and panels. At most ten queries."""
    contacts = (
        Contact.objects.filter(customer=customer)
        .visible_to(seen_by)
        .kept()
        .order_by("left_at", "-is_decision_maker", "name", "id")
    )
    shares = (
        customer.shares.select_related("person").order_by("person__name")
        if customer.owner_id
        else CustomerShare.objects.none()
    )
    below = Customer.objects.filter(parent=customer).visible_to(seen_by).order_by("name", "id")
    return CustomerPage(
        customer=customer,
        contacts=list(contacts[:MOST_CONTACTS]),
        shares=list(shares),
        subsidiaries=list(below[:20]),
        warnings=_warnings(customer, at=at),
    )


def _warnings(customer: Customer, *, at: datetime) -> list[str]:
    found = []
    if customer.next_contact_at and customer.next_contact_at < at:
        found.append("overdue")
    elif customer.owner_id and not customer.next_contact_at:
        found.append("unplanned")
    spoken = customer.last_interaction_at or customer.created_at
    if customer.owner_id and (at - spoken).days >= SILENT_DAYS:
        found.append("silent")
    return found


def pickable_customers(text: str, *, seen_by: Person) -> list[Customer]:
    """Return at most ten customers that a form may offer for what somebody typed. Never more than two queries."""
    visible = Customer.objects.visible_to(seen_by)
    if not text.strip():
        return list(visible.order_by("-last_interaction_at", "-id")[:MOST_OFFERED])
    hits = find(text, seen_by, kinds=["customer"], limit=MOST_OFFERED)
    found = visible.in_bulk([hit.record_id for hit in hits])
    return [found[hit.record_id] for hit in hits if hit.record_id in found]


def customer_called(text: str, *, seen_by: Person) -> QuerySet[Customer]:
    """Return the customers of exactly this name that somebody may see; `#12` names one by its number."""
    visible = Customer.objects.visible_to(seen_by)
    number = text.rpartition("#")[2].strip()
    if "#" in text and number.isascii() and number.isdigit() and len(number) < 19:
        return visible.filter(pk=int(number))
    return visible.filter(name_key=name_key(text)).filter(name__iexact=text.strip())


def tags_in_use(*, seen_by: Person) -> list[tuple[str, str]]:
    """Return the tags on the newest customers that somebody may see, the most frequent first. One bounded query."""
    counted = Counter(tag for tags in _newest("tags", seen_by) for tag in tags)
    return [(tag, tag) for tag, _count in counted.most_common(50)]


def values_in_use(field: str, *, seen_by: Person) -> list[tuple[Any, Any]]:
    """Return the values of a field among the newest customers, the most frequent first. One bounded query."""
    counted = Counter(value for value in _newest(field, seen_by) if value)
    return [(value, value) for value, _count in counted.most_common(60)]


def _newest(field: str, seen_by: Person) -> QuerySet:
    """Return a field of the newest customers; blank ones are not left out here, which could mean to look at all."""
    newest = Customer.objects.visible_to(seen_by).order_by("-created_at", "-id")
    return newest.values_list(field, flat=True)[:NEWEST]


def files_of(record: Record) -> list[StoredFile]:
    """Return the files attached to a record, newest first."""
    return list(StoredFile.objects.about(record.kind(), record.pk)[:MOST_FILES])
