"""What leads and deals do when a contact's personal data is erased, in the transaction of the erasure."""

from collections.abc import Sequence
from datetime import datetime

from salesmode.customers.models import veiled
from salesmode.kernel import search
from salesmode.kernel.locking import save
from salesmode.selling.models import Deal, Lead
from salesmode.selling.operations.entries import index_deal

# What people write into a deal.
WRITTEN = ("title", "next_step", "notes")


def erase_person(contact_id: int, words: Sequence[str], at: datetime) -> None:
    """Forget who the lead was that became this contact, and hide them in what was written into their deals."""
    for lead in Lead.objects.filter(contact=contact_id).select_for_update(of=("self",)).order_by("pk"):
        lead.name = f"#{lead.pk}"
        lead.title = lead.phone = lead.email = lead.notes = lead.external_key = ""
        lead.custom = {}
        save(lead, at=at)
        search.forget_record("lead", lead.pk)
    for deal in Deal.objects.filter(contact=contact_id).select_for_update(of=("self",)).order_by("pk"):
        hidden = {name: veiled(getattr(deal, name), words) for name in WRITTEN}
        if any(getattr(deal, name) != text for name, text in hidden.items()):
            for name, text in hidden.items():
                setattr(deal, name, text)
            save(deal, at=at)
            index_deal(deal)
