"""Bring in many leads from elsewhere at once, with their dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import Event, record_many
from salesmode.kernel.locking import fit, require
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LeadCreated, LeadRejected
from salesmode.selling.models import Lead
from salesmode.selling.operations.entries import index_leads
from salesmode.selling.operations.lead_facts import stated_lead_facts


@dataclass(frozen=True)
class LeadRow:
    """One lead as another system knew it: since when, whose, and whether it was given up."""

    name: str
    created_at: datetime
    owner: Person | None = None
    rejected_at: datetime | None = None
    rejected_reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def import_leads(rows: Sequence[LeadRow], *, by: Person, at: datetime) -> list[Lead]:
    """Bring in many leads with their dates, in a few statements.

    Raises NotAllowed, Invalid naming the row that does not fit: then nothing is kept.
    """
    require(policies.may_import_leads(by))
    for owner in {row.owner.pk: row.owner for row in rows if row.owner}.values():
        require(policies.may_create_lead(by, Lead(owner=owner)))
    leads = [_checked(number, row, at=at) for number, row in enumerate(rows, start=1)]
    Lead.objects.bulk_create(leads, batch_size=1_000)
    index_leads(leads)
    happened: list[tuple[Event, datetime]] = []
    for lead, row in zip(leads, rows, strict=True):
        facts = stated_lead_facts(lead, team_id=row.owner.team_id if row.owner else None)
        happened.append((LeadCreated(**facts | {"status": Lead.Status.NEW}), row.created_at))
        if lead.closed_at is not None:
            happened.append((LeadRejected(**facts, reason=lead.rejected_reason), lead.closed_at))
    record_many(sorted(happened, key=lambda moment: moment[1]), by=by)
    return leads


def _checked(number: int, row: LeadRow, *, at: datetime) -> Lead:
    lead = Lead(name=row.name, owner=row.owner, created_at=row.created_at, updated_at=at, **row.details)
    lead.claimed_at = row.created_at if row.owner else None
    try:
        if row.rejected_at is not None:
            lead.mark_rejected(reason=row.rejected_reason, at=max(row.rejected_at, row.created_at))
        fit(lead)
    except Refusal as refusal:
        texts = [text for several in refusal.fields.values() for text in several]
        raise Invalid({f"row {number}": [refusal.message, *texts]}) from None
    return lead
