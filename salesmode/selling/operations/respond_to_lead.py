"""Note that leads have been spoken to."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LeadResponded
from salesmode.selling.models import Lead
from salesmode.selling.operations.lead_facts import lead_facts


@transaction.atomic
def respond_to_lead(lead: Lead, *, by: Person, at: datetime, version: int | None = None) -> Lead:
    """Note that somebody spoke to a lead; only the first time counts, so told twice it stays as it is.

    Raises LeadAlreadyClosed, NotAllowed, Stale.
    """
    lock(lead, version=version)
    require(policies.may_respond_to_lead(by, lead))
    if lead.first_response_at is not None:
        return lead
    lead.mark_responded(at=at)
    save(lead, at=at)
    record(LeadResponded(**lead_facts(lead)), by=by, at=at)
    return lead
