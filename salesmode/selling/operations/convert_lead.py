"""Close leads: make customers of them, or give them up."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer
from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LeadConverted, LeadRejected
from salesmode.selling.models import Deal, Lead, Process
from salesmode.selling.models.lead import LeadAlreadyClosed
from salesmode.selling.operations.entries import index_lead
from salesmode.selling.operations.lead_facts import lead_facts
from salesmode.selling.operations.open_deal import open_deal


@dataclass(frozen=True)
class DealDraft:
    """The deal that a lead is to become: what it is called, how much it may bring, and by when."""

    title: str
    amount: Decimal = Decimal(0)
    currency: str = ""
    closes_on: date | None = None
    process: Process | None = None


@transaction.atomic
def convert_lead(
    lead: Lead,
    *,
    customer: Customer | None = None,
    customer_name: str = "",
    deal: DealDraft | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Lead:
    """Make a customer of a lead, with its contact and perhaps a deal; or add them to a customer we have.

    Raises LeadAlreadyClosed, NotAllowed, Stale, Invalid for a customer that this person may not see.
    """
    lock(lead, version=version)
    require(policies.may_convert_lead(by, lead))
    if not lead.is_open:
        raise LeadAlreadyClosed(lead)
    if customer is not None and not Customer.objects.visible_to(by).filter(pk=customer.pk).exists():
        raise Invalid({"customer": [_("There is no such customer, or you may not see it.")]})
    lead.customer = customer or _customer_of(lead, customer_name, by=by, at=at)
    lead.contact = _contact_of(lead, by=by, at=at)
    lead.deal = _deal_of(lead, deal, by=by, at=at) if deal else None
    lead.mark_converted(at=at)
    save(lead, at=at)
    index_lead(lead)
    record(LeadConverted(**lead_facts(lead)), by=by, at=at)
    return lead


@transaction.atomic
def reject_lead(lead: Lead, *, reason: str, by: Person, at: datetime, version: int | None = None) -> Lead:
    """Give a lead up, and say why.

    Raises LeadAlreadyClosed, NotAllowed, Stale, Invalid without a reason.
    """
    lock(lead, version=version)
    require(policies.may_reject_lead(by, lead))
    if not reason.strip():
        raise Invalid({"reason": [_("Say why this lead is given up.")]})
    lead.mark_rejected(reason=reason.strip(), at=at)
    fit(lead)
    save(lead, at=at)
    record(LeadRejected(**lead_facts(lead), reason=lead.rejected_reason), by=by, at=at)
    return lead


def _customer_of(lead: Lead, name: str, *, by: Person, at: datetime) -> Customer:
    known = {"source": lead.source, "industry": lead.industry, "province": lead.province, "city": lead.city}
    return customers.create_customer(
        name=name or lead.company_name or lead.name, owner=lead.owner or by, phone=lead.phone, by=by, at=at, **known
    )


def _contact_of(lead: Lead, *, by: Person, at: datetime) -> Contact:
    known = {"title": lead.title, "phone": lead.phone, "email": lead.email}
    return customers.create_contact(customer=lead.customer, name=lead.name[:120], by=by, at=at, **known)


def _deal_of(lead: Lead, draft: DealDraft, *, by: Person, at: datetime) -> Deal:
    return open_deal(
        title=draft.title,
        owner=lead.owner or by,
        customer=lead.customer,
        contact=lead.contact,
        process=draft.process,
        amount=draft.amount,
        currency=draft.currency,
        closes_on=draft.closes_on,
        source=lead.source,
        by=by,
        at=at,
    )
