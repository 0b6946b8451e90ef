"""What every event about a customer, contact or interaction says, and how search finds them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from salesmode.customers.models import Contact, Customer, CustomerShare, Interaction
from salesmode.kernel import search


def customer_facts(customer: Customer) -> dict[str, Any]:
    """Return the facts shared by all events of a customer."""
    return {
        "customer_id": customer.id,
        "owner_id": customer.owner_id,
        "team_id": customer.owner.team_id if customer.owner_id and customer.owner else None,
        "type": customer.type,
        "source": customer.source,
        "industry": customer.industry,
        "province": customer.province,
        "grade": customer.grade,
        "next_contact_at": customer.next_contact_at,
    }


def contact_facts(contact: Contact) -> dict[str, Any]:
    """Return the facts shared by all events of a contact."""
    return {
        "contact_id": contact.pk,
        "customer_id": contact.customer_id,
        "owner_id": contact.owner_id,
        "team_id": contact.owner.team_id if contact.owner else None,
        "is_decision_maker": contact.is_decision_maker,
    }


def interaction_facts(interaction: Interaction) -> dict[str, Any]:
    """Return the facts shared by all events of an interaction; the team is that of whoever had it."""
    return {
        "interaction_id": interaction.pk,
        "customer_id": interaction.customer_id,
        "contact_id": interaction.contact_id,
        "about_kind": interaction.subject_kind,
        "about_id": interaction.subject_id,
        "by_id": interaction.by_id,
        "owner_id": interaction.owner_id,
        "team_id": interaction.by.team_id,
        "channel": interaction.channel,
        "is_inbound": interaction.is_inbound,
        "occurred_at": interaction.happened_at,
        "minutes": interaction.minutes,
        "next_contact_at": interaction.next_contact_at,
        "customer_source": interaction.customer.source if interaction.customer else "",
        "planned_at": interaction.customer.next_contact_at if interaction.customer else None,
    }


def overdue_days(due_at: datetime | None, at: datetime) -> int | None:
    """Return how many whole days late an appointment was kept; 0 when in time, None when there was none."""
    return None if due_at is None else max((at - due_at).days, 0)


def customer_entry(customer: Customer, shared_with: Sequence[int] = ()) -> dict[str, Any]:
    """Return how search finds a customer."""
    return {
        "kind": "customer",
        "id": customer.id,
        "title": customer.name,
        "subtitle": " · ".join(part for part in (customer.industry, customer.place) if part),
        "text": " ".join(
            part for part in (customer.phone, customer.email, customer.website, customer.tax_number) if part
        ),
        "owner_id": customer.owner_id,
        "shared_with": shared_with,
        "is_for_everyone": customer.is_in_pool,
        "url": f"/customers/{customer.id}",
    }


def contact_entry(contact: Contact, shared_with: Sequence[int] = ()) -> dict[str, Any]:
    """Return how search finds a contact."""
    parts = (contact.title, contact.customer.name if contact.customer else "")
    return {
        "kind": "contact",
        "id": contact.pk,
        "title": contact.name,
        "subtitle": " · ".join(part for part in parts if part),
        "text": " ".join(part for part in (contact.phone, contact.mobile, contact.email, contact.wechat) if part),
        "owner_id": contact.owner_id,
        "shared_with": shared_with,
        "url": f"/contacts/{contact.pk}",
    }


def interaction_entry(interaction: Interaction, shared_with: Sequence[int] = ()) -> dict[str, Any]:
    """Return how search finds what was said to a customer."""
    return {
        "kind": "interaction",
        "id": interaction.pk,
        "title": interaction.content[:120] or interaction.get_channel_display(),
        "subtitle": interaction.customer.name if interaction.customer else "",
        "text": interaction.content[:2000],
        "owner_id": interaction.by_id,
        "account_owner_id": interaction.owner_id,
        "shared_with": shared_with,
        "url": f"/interactions/{interaction.pk}",
        "has_name": False,
    }


def viewers_of(customer: Customer | None) -> list[int]:
    """Return who else looks at a customer."""
    return list(customer.shares.values_list("person_id", flat=True)) if customer is not None else []


def index_account(customer_ids: Sequence[int]) -> None:
    """Let search know again who may find these customers, their contacts and their interactions."""
    viewers: dict[int | None, list[int]] = {}
    for customer_id, person_id in CustomerShare.objects.filter(customer__in=customer_ids).values_list(
        "customer_id", "person_id"
    ):
        viewers.setdefault(customer_id, []).append(person_id)
    customers = Customer.objects.filter(pk__in=customer_ids, merged_into=None)
    search.index_many(customer_entry(each, viewers.get(each.pk, ())) for each in customers)
    contacts = Contact.objects.filter(customer__in=customer_ids).select_related("customer")
    search.index_many(contact_entry(each, viewers.get(each.customer_id, ())) for each in contacts)
    spoken = Interaction.objects.filter(customer__in=customer_ids).exclude(content="").select_related("customer")
    search.index_many(interaction_entry(each, viewers.get(each.customer_id, ())) for each in spoken.iterator())
