"""What forecasts do about things that happen to deals: look at them again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.timezone import now

from salesmode.customers.events import ContactCreated, ContactLeft, InteractionLogged
from salesmode.forecasts import operations
from salesmode.forecasts.models import DealWarnings
from salesmode.kernel.events import on
from salesmode.orders.events import OrderDrafted
from salesmode.people.models import Person
from salesmode.selling.events import (
    DealAmended,
    DealEvent,
    DealHandedOver,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealWon,
)
from salesmode.selling.models import Deal

# What was brought in with its history is looked at by the hourly round, all at once.
LONG_AGO = timedelta(days=1)
MOST_DEALS = 50
# A new title or note deals with no warning.
DEALT_WITH = {"closes_on", "amount", "category", "probability", "next_step", "contact"}


@on(DealOpened, DealAmended, DealMoved, DealReopened, DealHandedOver, together=True)
def look_at_the_deals(told: Sequence[tuple[DealEvent, datetime]]) -> None:
    """Deals that changed are warned of what is true of them now, all with one look."""
    recent = [(event, at) for event, at in told if now() - at < LONG_AGO]
    dealt = [
        (event, at)
        for event, at in recent
        if isinstance(event, DealMoved) or (isinstance(event, DealAmended) and DEALT_WITH & set(event.changed))
    ]
    warned = set(
        DealWarnings.objects.filter(deal__in={event.deal_id for event, _at in dealt}).values_list("deal", flat=True)
    )
    for event, at in dealt:
        if event.deal_id in warned:
            operations.attend_to_warnings([event.deal_id], by=Person.objects.system(), at=at)
    if recent:
        operations.refresh_warnings({event.deal_id for event, _at in recent}, at=now())


@on(DealWon, DealLost)
def remember_that_it_was_decided(event: DealEvent, *, at: datetime) -> None:
    """Deciding a deal that was warned about is dealing with it."""
    if now() - at < LONG_AGO:
        operations.attend_to_warnings([event.deal_id], by=Person.objects.system(), at=at)


@on(InteractionLogged)
def look_at_what_was_spoken_about(event: InteractionLogged, *, at: datetime) -> None:
    """A contact may end a silence, name a price or raise a flag."""
    if now() - at < LONG_AGO:
        keys = [event.about_id] if event.about_kind == "deal" and event.about_id else _open_deals(event.customer_id)
        operations.attend_to_warnings(keys, by=Person.objects.system(), at=at)
        operations.refresh_warnings(keys, at=now())


@on(ContactCreated, ContactLeft)
def look_at_the_customers_deals(event: ContactCreated | ContactLeft, *, at: datetime) -> None:
    """Who comes or goes at a customer may be the one who decides."""
    if now() - at < LONG_AGO:
        operations.refresh_warnings(_open_deals(event.customer_id), at=now())


@on(OrderDrafted)
def look_at_the_offered_deal(event: OrderDrafted, *, at: datetime) -> None:
    """An offer names a price."""
    if event.deal_id is not None and now() - at < LONG_AGO:
        operations.refresh_warnings([event.deal_id], at=now())


def _open_deals(customer_id: int | None) -> list[int]:
    if customer_id is None:
        return []
    return list(Deal.objects.open().filter(customer=customer_id).values_list("pk", flat=True)[:MOST_DEALS])
