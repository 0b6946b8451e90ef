"""How numbers are said to a person: with their unit, unknown as a dash."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesmode.kernel.wording import full_money

UNKNOWN = "—"


def spoken(unit: str, value: int | float | Decimal | None) -> str:
    """Return a number with its unit, exact to what its unit needs."""
    if value is None:
        return UNKNOWN
    if unit == "ratio":
        return f"{float(value):.1%}" if abs(float(value)) < 10 else f"{float(value):,.1f} ×"
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", round(value)) % {"n": f"{float(value):,.1f}"}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", round(value)) % {"n": f"{float(value):,.1f}"}
    if unit == "money_per_day":
        return _("%(n)s a day") % {"n": full_money(value)}
    if unit == "money":
        return full_money(value)
    return f"{value:,}"
