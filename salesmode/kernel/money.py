"""Money: exact decimals with a currency that knows its own smallest unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pycountry
from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from salesmode.kernel.models import Company, CurrencyRate
from salesmode.kernel.refusals import Invalid

# ISO 4217 where the language data, which follows habit, says otherwise.
_ISO_UNITS = {"IQD": 3, "LYD": 3, "CLF": 4, "UYW": 4, "ISK": 0, "CLP": 0, "PYG": 0, "UGX": 0, "VND": 0, "RWF": 0}
# What one piece costs may be less than the smallest coin (a screw, a gram, a call), and sums of it are rounded: six
# decimals in every currency, in forms, files and programs alike. The limits of the columns and fields that keep it.
UNIT_PRICE: dict[str, Any] = {"max_digits": 21, "decimal_places": 6}
_BY_HABIT_WHOLE = frozenset({"AFN", "ALL", "COP", "IDR", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "PKR", "RSD", "SOS"})
# Weighted by its chance, to five decimals, an amount must fit into the eighteen digits that the warehouse adds up.
WHOLE_DIGITS = 12
_TOO_MUCH = Decimal(10) ** WHOLE_DIGITS


@dataclass(frozen=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{rounded(self.amount, self.currency)} {self.currency}"

    def rounded(self) -> "Money":
        """Return the same money in whole smallest units."""
        return Money(rounded(self.amount, self.currency), self.currency)


@cache
def currencies() -> dict[str, str]:
    """Return every currency there is: code and English name."""
    return {each.alpha_3: each.name for each in sorted(pycountry.currencies, key=lambda each: each.alpha_3)}


def known_currency(code: str) -> str:
    """Return a currency's code in capitals.

    Raises Invalid when there is no such currency.
    """
    code = str(code).strip().upper()
    if code not in currencies():
        raise Invalid({"currency": [_("%(code)s is no currency; use one like CNY or USD.") % {"code": code[:10]}]})
    return code


@cache
def exponent(currency: str) -> int:
    """Return how many decimals a currency has: 2 for CNY, 0 for JPY, 3 for KWD."""
    if currency in _ISO_UNITS:
        return _ISO_UNITS[currency]
    return 2 if currency in _BY_HABIT_WHOLE else int(get_currency_precision(currency))


@cache
def smallest_unit(currency: str) -> Decimal:
    """Return the smallest amount that can be paid in a currency."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, currency: str, *, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Round an amount to the currency's smallest unit, halves away from zero unless told otherwise."""
    return Decimal(amount).quantize(smallest_unit(currency), rounding=rounding)


def payable(amount: Decimal, currency: str, *, name: str = "amount") -> Decimal:
    """Return an amount as it is kept.

    Raises Invalid, at the field of that name, when it is too large or has more decimals than its currency: nobody's
    amount is rounded.
    """
    kept = rounded(in_reach(amount, name=name), currency)
    if kept != amount:
        raise Invalid({name: [too_many_decimals(currency)]})
    return kept


def in_reach(amount: Decimal, *, name: str = "amount") -> Decimal:
    """Return an amount as it is; raises Invalid, at the field of that name, when it is larger than any amount here."""
    if not -_TOO_MUCH < amount < _TOO_MUCH:
        raise Invalid(
            {name: [_("Give at most %(whole_digits)s digits before the point.") % {"whole_digits": WHOLE_DIGITS}]}
        )
    return amount


def too_many_decimals(currency: str) -> str:
    """Say how many decimals a currency has."""
    return _("%(currency)s has at most %(count)s decimals.") % {"currency": currency, "count": exponent(currency)}


def unit_price(price: Decimal, *, name: str = "price") -> Decimal:
    """Return what one piece costs as it is kept.

    Raises Invalid, at the field of that name, when it is too large or has more decimals than a unit price can have.
    """
    decimals = UNIT_PRICE["decimal_places"]
    if in_reach(price, name=name) != Decimal(price).quantize(Decimal(1).scaleb(-decimals)):
        raise Invalid({name: [_("A unit price has at most %(count)s decimals.") % {"count": decimals}]})
    return price


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Share an amount out by weight so that the shares add up to it; who lost most by rounding gets the odd units.

    Raises ValueError when there is nobody to share with.
    """
    return share_out(rounded(amount, currency), weights, smallest_unit(currency))


def share_out(amount: Decimal, weights: Sequence[Decimal | int], unit: Decimal) -> list[Decimal]:
    """Share out a whole number of units by weight: the shares add up, who lost most by rounding gets the odd units.

    Raises ValueError when there is nobody to share with.
    """
    total = sum((Decimal(weight) for weight in weights), Decimal())
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("Weights must be positive, and one at least above zero.")
    units = abs(amount) / unit
    exact = [units * Decimal(weight) / total for weight in weights]
    shares = [share.to_integral_value(rounding=ROUND_FLOOR) for share in exact]
    left = int(units - sum(shares))
    most_lost = sorted(range(len(shares)), key=lambda place: (shares[place] - exact[place], -exact[place], place))
    for place in most_lost[:left]:
        shares[place] += 1
    sign = -1 if amount < 0 else 1
    return [(sign * share * unit).quantize(unit) for share in shares]


def in_company_currency(amount: Decimal, currency: str, *, on: date | datetime) -> tuple[str, Decimal]:
    """Return the currency (the company's when none is given) and the amount in the company's currency on that day.

    Raises Invalid for an unknown currency, for one without a rate on that day, and for an amount that is too large.
    """
    company = Company.objects.current()
    currency = known_currency(currency) if currency else company.currency
    if currency == company.currency:
        return currency, in_reach(amount)
    day = on.astimezone(company.zone).date() if isinstance(on, datetime) else on
    worth = in_reach(amount * rate_of(currency, on=day))
    return currency, rounded(worth, company.currency)


def rate_of(currency: str, *, on: date) -> Decimal:
    """Return what one unit of a foreign currency was worth in the company's on a day.

    Raises Invalid when nobody has entered a rate yet.
    """
    rates = CurrencyRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from")
    rate = rates.values_list("rate", flat=True).first()
    if rate is None:
        raise Invalid(
            {
                "currency": [
                    _("There is no exchange rate for %(currency)s on %(day)s. Enter one in the settings.")
                    % {"currency": currency, "day": on.isoformat()}
                ]
            }
        )
    return rate
