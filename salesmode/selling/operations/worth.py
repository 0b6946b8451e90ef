"""Keep what deals are worth: in their own currency and, for sums and sorting, in the company's."""

from datetime import datetime

from salesmode.kernel.models import Company
from salesmode.kernel.money import in_company_currency, known_currency, rounded
from salesmode.selling.models import Deal


def value(deal: Deal, *, at: datetime) -> None:
    """Round a deal's amount to what can be paid, and work out the same in the company's currency on that day.

    Raises Invalid for an unknown currency, or one without a rate.
    """
    currency = known_currency(deal.currency) if deal.currency else Company.objects.current().currency
    deal.amount = rounded(deal.amount, currency)
    deal.currency, deal.company_amount = in_company_currency(deal.amount, currency, on=at)
