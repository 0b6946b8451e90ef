"""What customers do about their own changes: visits to come go with the customer."""

from datetime import datetime

from salesmode.customers import operations
from salesmode.customers.events import CustomerClaimed, CustomerHandedOver, CustomerMerged, CustomerReleased
from salesmode.customers.models import Customer
from salesmode.kernel.events import on
from salesmode.people.models import Person


@on(CustomerHandedOver, CustomerReleased)
def pass_on_what_was_planned(event: CustomerHandedOver | CustomerReleased, *, at: datetime) -> None:
    """The visits that the former owner had planned are the new owner's, or nobody's."""
    _pass_on(event.customer_id, former_owner_id=event.former_owner_id, at=at)


@on(CustomerClaimed, CustomerMerged)
def pass_on_what_others_planned(event: CustomerClaimed | CustomerMerged, *, at: datetime) -> None:
    """The visits of whoever sees the customer no longer are its owner's."""
    _pass_on(event.customer_id, former_owner_id=None, at=at)


def _pass_on(customer_id: int, *, former_owner_id: int | None, at: datetime) -> None:
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None or customer.merged_into_id is not None:
        return
    operations.pass_visits_on(customer, former_owner_id=former_owner_id, by=Person.objects.system(), at=at)
