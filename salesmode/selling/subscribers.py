"""What selling does about things that happen to customers."""

from datetime import datetime

from salesmode.customers.account import (
    on_account_owner_change,
    on_contact_erasure,
    on_contact_request,
    on_customer_merge,
)
from salesmode.customers.events import InteractionLogged
from salesmode.kernel.events import on
from salesmode.people.models import Person
from salesmode.selling import operations, queries
from salesmode.selling.models import Lead

on_account_owner_change(operations.follow_account_owner)
on_customer_merge(operations.move_to_kept_customer)
on_contact_erasure(operations.erase_person)
on_contact_request(queries.held_in_selling)


@on(InteractionLogged)
def note_the_first_response(event: InteractionLogged, *, at: datetime) -> None:
    """A lead that somebody spoke to has been answered; what the lead says by itself is no answer."""
    if event.about_kind != "lead" or event.about_id is None or event.is_inbound:
        return
    lead = Lead.objects.filter(pk=event.about_id, status__in=Lead.OPEN, first_response_at=None).first()
    if lead is not None:
        operations.respond_to_lead(lead, by=Person.objects.system(), at=event.occurred_at)


@on(InteractionLogged)
def note_the_last_interaction(event: InteractionLogged, *, at: datetime) -> None:
    """A deal knows when somebody last spoke about it."""
    if event.about_kind == "deal" and event.about_id is not None:
        operations.note_interaction(event.about_id, at=event.occurred_at)
