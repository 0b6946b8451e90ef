"""What deals and leads do when their customer changes hands or is merged, in the transaction of that change."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from salesmode.customers.models import Customer
from salesmode.selling.models import Deal, Lead
from salesmode.selling.operations.entries import index_deal


def follow_account_owner(customer_ids: Sequence[int], owner_id: int | None, at: datetime) -> None:
    """Let the customer's new owner see its deals, and the former one no longer."""
    deals = Deal.objects.filter(customer__in=customer_ids).exclude(account_owner=owner_id)
    keys = list(deals.select_for_update().order_by("pk").values_list("pk", flat=True))
    Deal.objects.filter(pk__in=keys).update(account_owner=owner_id, version=F("version") + 1, updated_at=at)
    _index(keys)


def move_to_kept_customer(gone_ids: Sequence[int], kept_id: int, at: datetime) -> None:
    """Let the deals and leads of merged customers belong to the one that is kept."""
    deals = Deal.objects.filter(customer__in=gone_ids).select_for_update().order_by("pk")
    keys = list(deals.values_list("pk", flat=True))
    owner_id = Customer.objects.values_list("owner", flat=True).get(pk=kept_id)
    Deal.objects.filter(pk__in=keys).update(
        customer=kept_id, account_owner=owner_id, version=F("version") + 1, updated_at=at
    )
    Lead.objects.filter(customer__in=gone_ids).update(customer=kept_id, version=F("version") + 1, updated_at=at)
    _index(keys)


def _index(keys: Sequence[int]) -> None:
    for deal in Deal.objects.filter(pk__in=keys).select_related("customer"):
        index_deal(deal)
