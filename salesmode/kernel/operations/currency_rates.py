"""Enter exchange rates."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel import policies
from salesmode.kernel.events import Actor, record
from salesmode.kernel.locking import require
from salesmode.kernel.models import Company, CurrencyRate
from salesmode.kernel.money import known_currency
from salesmode.kernel.own_events import CurrencyRateSet
from salesmode.kernel.refusals import Invalid

LARGEST = Decimal(10) ** 10


@transaction.atomic
def set_currency_rate(*, currency: str, valid_from: date, rate: Decimal, by: Actor, at: datetime) -> CurrencyRate:
    """Say what one unit of a foreign currency is worth in the company's from a day on; the same day's rate is replaced.

    Raises Invalid, NotAllowed.
    """
    require(policies.may_set_rate(by))
    currency = known_currency(currency)
    if currency == Company.objects.current().currency:
        raise Invalid({"currency": [_("This is the company's own currency; it is always worth one.")]})
    exact = Decimal(rate).quantize(Decimal("1E-10")) if Decimal(rate).is_finite() and rate < LARGEST else Decimal(0)
    if exact <= 0:
        raise Invalid({"rate": [_("A rate is a number above zero.")]})
    row, _new = CurrencyRate.objects.update_or_create(
        currency=currency, valid_from=valid_from, defaults={"rate": exact}
    )
    record(CurrencyRateSet(currency_rate_id=row.pk, currency=currency, valid_from=valid_from, rate=exact), by=by, at=at)
    return row
