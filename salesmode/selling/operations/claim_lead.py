"""Decide whose leads are: claim, release, hand over."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LeadClaimed, LeadHandedOver, LeadReleased
from salesmode.selling.models import Lead
from salesmode.selling.models.lead import LeadAlreadyOwned
from salesmode.selling.models.owners import CannotOwn
from salesmode.selling.operations.entries import index_lead
from salesmode.selling.operations.lead_facts import lead_facts


@transaction.atomic
def claim_lead(lead: Lead, *, by: Person, at: datetime) -> Lead:
    """Take a lead that waits for somebody; of many who try, the database lets exactly one.

    Raises LeadAlreadyOwned, NotAllowed.
    """
    require(policies.may_claim_lead(by))
    waiting = Lead.objects.unclaimed().filter(pk=lead.pk)
    taken = waiting.update(owner=by, claimed_at=at, version=F("version") + 1, updated_at=at)
    if not taken:
        raise LeadAlreadyOwned
    lead.refresh_from_db()
    index_lead(lead)
    record(LeadClaimed(**lead_facts(lead)), by=by, at=at)
    return lead


@transaction.atomic
def release_lead(lead: Lead, *, by: Person, at: datetime, version: int | None = None) -> Lead:
    """Let a lead wait for somebody else; one that waits already stays as it is.

    Raises LeadAlreadyClosed, NotAllowed, Stale.
    """
    lock(lead, version=version)
    require(policies.may_release_lead(by, lead))
    if lead.waits_for_owner:
        return lead
    former_owner_id = lead.owner_id
    lead.give_to(None, at=None)
    save(lead, at=at)
    index_lead(lead)
    record(LeadReleased(**lead_facts(lead), former_owner_id=former_owner_id), by=by, at=at)
    return lead


@transaction.atomic
def hand_over_lead(lead: Lead, *, to: Person, by: Person, at: datetime, version: int | None = None) -> Lead:
    """Give a lead to somebody else.

    Raises LeadAlreadyClosed, CannotOwn, NotAllowed, Stale.
    """
    lock(lead, version=version)
    require(policies.may_hand_over_lead(by, lead))
    if not policies.may_own_deals(to):
        raise CannotOwn(to)
    if lead.owner_id == to.pk:
        return lead
    former_owner_id = lead.owner_id
    lead.give_to(to, at=at)
    save(lead, at=at)
    index_lead(lead)
    record(LeadHandedOver(**lead_facts(lead), former_owner_id=former_owner_id), by=by, at=at)
    return lead
