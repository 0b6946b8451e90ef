"""Keep what deals are worth: in their own currency and, for sums and sorting, in the company's."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from salesmode.kernel.models import Company
from salesmode.kernel.money import in_company_currency, known_currency, payable
from salesmode.kernel.refusals import Invalid
from salesmode.selling.models import Deal


def value(deal: Deal, *, at: datetime) -> None:
    """Settle a deal's amount in its own currency, and work out the same in the company's currency on that day.

    Raises Invalid for a negative amount or one with too many decimals, an unknown currency, or one without a rate.
    """
    ensure_not_negative(deal.amount)
    currency = known_currency(deal.currency) if deal.currency else Company.objects.current().currency
    deal.amount = payable(deal.amount, currency)
    deal.currency, deal.company_amount = in_company_currency(deal.amount, currency, on=at)


def ensure_not_negative(amount: Decimal) -> None:
    """Refuse an amount below zero; raises Invalid."""
    if amount < 0:
        raise Invalid({"amount": [_("An amount is not negative.")]})
