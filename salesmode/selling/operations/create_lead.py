"""Bring leads in, and change what we know of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LeadAmended, LeadCreated
from salesmode.selling.models import Lead
from salesmode.selling.models.lead import LeadAlreadyClosed
from salesmode.selling.models.owners import CannotOwn
from salesmode.selling.operations.entries import index_lead
from salesmode.selling.operations.lead_facts import lead_facts

DETAILS = frozenset(
    {"name", "company_name", "title", "phone", "email", "source", "industry", "province", "city", "notes", "custom"}
    | {"external_key"}
)


@transaction.atomic
def create_lead(*, name: str, owner: Person | None = None, by: Person, at: datetime, **details: Any) -> Lead:
    """Bring in somebody who might become a customer; without an owner they wait to be claimed.

    Raises NotAllowed, CannotOwn, Invalid for a value that does not fit.
    """
    _refuse_unknown(details)
    lead = Lead(name=name.strip(), owner=owner, claimed_at=at if owner else None, **details)
    require(policies.may_create_lead(by, lead))
    if owner is not None and not policies.may_own_deals(owner):
        raise CannotOwn(owner)
    lead.custom = clean_custom("lead", lead.custom)
    fit(lead)
    save(lead, at=at)
    index_lead(lead)
    record(LeadCreated(**lead_facts(lead)), by=by, at=at)
    return lead


@transaction.atomic
def amend_lead(lead: Lead, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Lead:
    """Change what we know of an open lead.

    Raises LeadAlreadyClosed, NotAllowed, Stale, Invalid for a value that does not fit.
    """
    lock(lead, version=version)
    require(policies.may_amend_lead(by, lead))
    _refuse_unknown(changes)
    if not lead.is_open:
        raise LeadAlreadyClosed(lead)
    if "custom" in changes:
        changes["custom"] = clean_custom("lead", changes["custom"], former=lead.custom)
    names = changed(lead, changes)
    if not names:
        return lead
    fit(lead)
    save(lead, at=at)
    index_lead(lead)
    record(LeadAmended(**lead_facts(lead), changed=names), by=by, at=at)
    return lead


def _refuse_unknown(details: dict[str, Any]) -> None:
    if unknown := set(details) - DETAILS:
        raise Invalid({name: [_("This cannot be changed here.")] for name in sorted(unknown)})
