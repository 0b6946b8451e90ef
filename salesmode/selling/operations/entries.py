"""Keep the search entries of deals and leads."""

from collections.abc import Iterable

from salesmode.kernel.search import Entry, index_many
from salesmode.selling.models import Deal, Lead


def index_deal(deal: Deal) -> None:
    """Make a deal findable by its title, its customer and its notes, by whoever may see it."""
    index_many([_deal_entry(deal)])


def index_deals(deals: Iterable[Deal]) -> None:
    """Make many deals findable at once."""
    index_many(_deal_entry(deal) for deal in deals)


def index_lead(lead: Lead) -> None:
    """Make a lead findable by its name, company, phone and e-mail, by whoever may see it."""
    index_many([_lead_entry(lead)])


def index_leads(leads: Iterable[Lead]) -> None:
    """Make many leads findable at once."""
    index_many(_lead_entry(lead) for lead in leads)


def _deal_entry(deal: Deal) -> Entry:
    return Entry(
        kind="deal",
        id=deal.pk,
        title=deal.title,
        subtitle=deal.customer.name if deal.customer else "",
        text=deal.notes,
        owner_id=deal.owner_id,
        account_owner_id=deal.account_owner_id,
        url=f"/deals/{deal.pk}",
    )


def _lead_entry(lead: Lead) -> Entry:
    return Entry(
        kind="lead",
        id=lead.pk,
        title=lead.name,
        subtitle=lead.company_name,
        text=" ".join(filter(None, (lead.phone, lead.email, lead.notes))),
        owner_id=lead.owner_id,
        url=f"/leads/{lead.pk}",
    )
