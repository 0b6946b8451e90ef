"""What a lead's page shows, and which customers a lead might be already."""

from dataclasses import dataclass

from salesmode.customers.queries import PossibleDuplicates, find_possible_duplicates
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.models import Lead


@dataclass(frozen=True)
class LeadPage:
    """A lead, and what the viewer may do with it."""

    lead: Lead
    may: dict[str, bool]


def lead_page(lead: Lead, *, seen_by: Person) -> LeadPage:
    """Return what a lead's page shows besides its timeline and panels."""
    is_open = lead.is_open
    return LeadPage(
        lead=lead,
        may={
            "amend": is_open and policies.may_amend_lead(seen_by, lead),
            "claim": lead.waits_for_owner and policies.may_claim_lead(seen_by),
            "respond": is_open and not lead.first_response_at and policies.may_respond_to_lead(seen_by, lead),
            "release": is_open and lead.owner_id is not None and policies.may_release_lead(seen_by, lead),
            "convert": is_open and policies.may_convert_lead(seen_by, lead),
            "reject": is_open and policies.may_reject_lead(seen_by, lead),
            "hand_over": is_open and policies.may_hand_over_lead(seen_by, lead),
        },
    )


def likely_customers(lead: Lead, *, seen_by: Person) -> PossibleDuplicates:
    """Return the customers that a lead might be already, by name, phone or e-mail. Three queries."""
    name = lead.company_name or lead.name
    return find_possible_duplicates(name=name, phone=lead.phone, email=lead.email, seen_by=seen_by)
