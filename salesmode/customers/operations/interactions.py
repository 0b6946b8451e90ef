"""Write down contacts with customers, and plan the next ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import FollowUpScheduled, InteractionAmended, InteractionLogged
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.customers.models.interaction import A_LIFETIME
from salesmode.customers.operations.facts import (
    interaction_entry,
    interaction_facts,
    overdue_days,
    viewers_of,
)
from salesmode.kernel import search
from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.models import Record
from salesmode.kernel.operations import attach_file
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def log_interaction(
    customer: Customer | None = None,
    *,
    about: Record | None = None,
    contact: Contact | None = None,
    channel: str = Interaction.Channel.CALL,
    content: str = "",
    happened_at: datetime | None = None,
    next_contact_at: datetime | None = None,
    author: Person | None = None,
    attachments: Sequence[tuple[str, BinaryIO]] = (),
    by: Person,
    at: datetime,
    **details: Any,
) -> Interaction:
    """Write down a contact with a customer, possibly about a deal or a lead, and when to speak again.

    Somebody else's contact is written down in the author's name by whoever may correct it, as an import does.

    Raises NotAllowed, Invalid, CustomerAlreadyMerged.
    """
    customer = customer or getattr(about, "customer", None) or (contact.customer if contact else None)
    if customer is not None:
        lock(customer)
        customer.ensure_valid()
    require(policies.may_log_interaction(by, customer, about))
    require(author is None or author == by or policies.may_write_for(by, author))
    require(author is None or author.pk == by.pk or policies.may_log_for(by, author))
    details["custom"] = clean_custom("interaction", details.get("custom"))
    interaction = Interaction(
        customer=customer,
        contact=contact,
        subject_kind=about.kind() if about else "",
        subject_id=about.pk if about else None,
        by=author or by,
        owner_id=customer.owner_id if customer else getattr(about, "owner_id", None),
        channel=channel,
        content=content.strip(),
        happened_at=happened_at or at,
        next_contact_at=next_contact_at,
        **details,
    )
    _settle(interaction, at=at)
    due_at = _note_on_the_customer(customer, interaction)
    save(interaction, at=at)
    if interaction.content:
        search.index_record(**interaction_entry(interaction, viewers_of(interaction.customer)))
    late = overdue_days(due_at, interaction.happened_at)
    logged = InteractionLogged(**interaction_facts(interaction), due_at=due_at, days_overdue=late)
    record(logged, by=by, at=interaction.happened_at)
    for name, content_of_file in attachments:
        attach_file(interaction, name=name, content=content_of_file, by=by, at=at)
    return interaction


@transaction.atomic
def amend_interaction(
    interaction: Interaction, *, by: Person, at: datetime, version: int | None = None, **changes: Any
) -> Interaction:
    """Correct what was written about a contact with a customer; with whom and by whom it was stays.

    Raises NotAllowed, Stale, Invalid.
    """
    lock(interaction, version=version)
    require(policies.may_amend_interaction(by, interaction))
    if fixed := {"customer", "by", "owner", "subject_kind", "subject_id"} & set(changes):
        raise Invalid({name: [_("This stays as it was written down.")] for name in sorted(fixed)})
    if "custom" in changes:
        changes["custom"] = clean_custom("interaction", changes["custom"], former=interaction.custom)
    names = changed(interaction, changes)
    if not names:
        return interaction
    _settle(interaction, at=at)
    if interaction.customer is not None and {"happened_at", "next_contact_at"} & set(names):
        lock(interaction.customer)
        _note_on_the_customer(interaction.customer, interaction)
    save(interaction, at=at)
    search.index_record(**interaction_entry(interaction, viewers_of(interaction.customer)))
    record(InteractionAmended(**interaction_facts(interaction), changed=names), by=by, at=at)
    return interaction


@transaction.atomic
def schedule_follow_up(
    customer: Customer, *, next_contact_at: datetime | None, by: Person, at: datetime, version: int | None = None
) -> Customer:
    """Plan when to speak with a customer next, move that, or call it off with None.

    Raises NotAllowed, Stale, Invalid when it lies in the past, CustomerAlreadyMerged.
    """
    lock(customer, version=version)
    require(policies.may_schedule_follow_up(by, customer))
    customer.ensure_valid()
    due_at = customer.next_contact_at
    if next_contact_at == due_at:
        return customer
    if next_contact_at is not None and next_contact_at <= at:
        raise Invalid({"next_contact_at": [_("Choose a time that is still to come.")]})
    if next_contact_at is not None and next_contact_at - at > A_LIFETIME:
        raise Invalid({"next_contact_at": [_("This is too far in the future.")]})
    customer.next_contact_at = next_contact_at
    save(customer, at=at)
    scheduled = FollowUpScheduled(
        follow_up_id=customer.pk,
        customer_id=customer.pk,
        owner_id=customer.owner_id,
        team_id=customer.owner.team_id if customer.owner else None,
        next_contact_at=next_contact_at,
        due_at=due_at,
        days_overdue=overdue_days(due_at, at),
    )
    record(scheduled, by=by, at=at)
    return customer


def _note_on_the_customer(customer: Customer | None, interaction: Interaction) -> datetime | None:
    """Bring the customer's last and next contact up to date; return the appointment that this contact kept."""
    if customer is None:
        return None
    due_at = customer.next_contact_at
    customer.was_spoken_with(happened_at=interaction.happened_at, next_contact_at=interaction.next_contact_at)
    # Whoever edits the customer's details meanwhile looked at nothing that changes here: the version stays.
    Customer.objects.filter(pk=customer.pk).update(
        last_interaction_at=customer.last_interaction_at, next_contact_at=customer.next_contact_at
    )
    return due_at if due_at != customer.next_contact_at else None


def _settle(interaction: Interaction, *, at: datetime) -> None:
    """Bring an interaction into the shape it is kept in, or refuse it."""
    contact = interaction.contact
    if contact is not None and contact.customer_id != interaction.customer_id:
        raise Invalid({"contact": [_("%(contact)s is not with this customer.") % {"contact": contact.name}]})
    if contact is not None and interaction.pk is None:
        contact.ensure_kept()
    interaction.ensure_valid(at=at)
    fit(interaction)
