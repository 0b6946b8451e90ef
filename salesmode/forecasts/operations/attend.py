"""Remember that somebody dealt with a deal that was warned about: moved, rescheduled, decided, or spoken about."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from salesmode.forecasts import policies
from salesmode.forecasts.events import DealAttended
from salesmode.forecasts.models import DealWarnings, WarningAttention
from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.people.models import Person


@transaction.atomic
def attend_to_warnings(deals: Collection[int], *, by: Person, at: datetime) -> list[int]:
    """Remember which of some deals stood under a warning when they were dealt with: once a day, however often told.

    Returns the deals remembered now. Raises NotAllowed.
    """
    require(policies.may_attend_to_warnings(by))
    warned = DealWarnings.objects.filter(deal__in=list(deals)).select_related("deal").order_by("deal")
    found = []
    for kept in warned:
        attention, is_new = WarningAttention.objects.get_or_create(
            deal=kept.deal, day=timezone.localdate(at), defaults={"codes": kept.codes}
        )
        if is_new:
            found.append(kept.deal_id)
            record(DealAttended(deal_id=kept.deal_id, owner_id=kept.deal.owner_id, codes=attention.codes), by=by, at=at)
    return found
