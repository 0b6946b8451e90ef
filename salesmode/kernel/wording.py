"""How values read: money, numbers, percents, differences, days and moments, in the person's language."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_precision
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from salesmode.kernel import here

SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "KRW": "₩",
    "INR": "₹",
    "HKD": "HK$",
    "TWD": "NT$",
}
THIN = "\u202f"
MINUS = "\u2212"
UNKNOWN = "—"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PERIOD = re.compile(r"(\d{4})-([QW]?)(\d{1,2})")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?: – (\d{4}-\d\d-\d\d))?")


def unknown(reason: str = "") -> SafeString:
    """Return the dash that stands for a value nobody knows, with the reason on hover."""
    return _dash(str(reason or _("Not known")))


@lru_cache(maxsize=100)
def _dash(reason: str) -> SafeString:
    return format_html('<span class="unknown" title="{}">—</span>', reason)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError, TypeError):
        return None
    return number if number.is_finite() else None


def in_chinese() -> bool:
    """Say whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


def currency_prefix(currency: str) -> str:
    """Return ¥ or $ for the company's own currency, the code for any other."""
    own = here.company().currency
    code = currency or own
    return SYMBOLS.get(code, f"{code} ") if code == own else f"{code} "


_precision = lru_cache(maxsize=200)(get_currency_precision)


def full_money(amount: Any, currency: str = "") -> str:
    """Write an amount with all its digits: ¥1,285,000.00."""
    number = _decimal(amount)
    if number is None:
        return UNKNOWN
    code = currency or here.company().currency
    text = f"{abs(number):,.{_precision(code)}f}"
    return f"{MINUS if number < 0 else ''}{currency_prefix(code)}{text}"


def full_price(price: Any, currency: str = "") -> str:
    """Write what one piece costs, with all the decimals that it has: ¥0.0125, ¥12.00."""
    number = _decimal(price)
    if number is None:
        return UNKNOWN
    code = currency or here.company().currency
    exponent = number.normalize().as_tuple().exponent
    places = max(_precision(code), -exponent if isinstance(exponent, int) else 0)
    return f"{MINUS if number < 0 else ''}{currency_prefix(code)}{abs(number):,.{places}f}"


def _in_currency(label: Any) -> str:
    own = here.company().currency
    return _("%(what)s, %(currency)s") % {"what": label, "currency": SYMBOLS.get(own, own)}


# What an amount is, with the company's currency: the label of a field, asked for when it is shown.
in_currency = lazy(_in_currency, str)


def short_money(amount: Any, currency: str = "") -> str:
    """Write an amount short enough for a card: ¥128.5 万 in Chinese, ¥1.3M in English."""
    number = _decimal(amount)
    if number is None:
        return UNKNOWN
    return f"{MINUS if number < 0 else ''}{currency_prefix(currency)}{_short(abs(number))}"


def in_capitals(amount: Any, currency: str) -> str:
    """Write yuan as Chinese vouchers do, safe from an added digit: 壹仟零伍元叁角整; nothing for other currencies."""
    number = _decimal(amount)
    if number is None or currency != "CNY":
        return ""
    cents = int((abs(number) * 100).to_integral_value(ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_yuan(yuan)}元" if yuan or not cents else ""
    if jiao:
        text += f"{CAPITALS[jiao]}角"
    elif yuan and fen:
        text += CAPITALS[0]
    text += f"{CAPITALS[fen]}分" if fen else "整"
    return f"{'负' if number < 0 and cents else ''}{text}"


def _yuan(whole: int) -> str:
    groups, text, skipped = [], "", False
    while whole:
        whole, four = divmod(whole, 10000)
        groups.append(four)
    for place in range(len(groups) - 1, -1, -1):
        four = groups[place]
        if not four:
            skipped = bool(text)
            continue
        if text and (skipped or four < 1000):
            text += CAPITALS[0]
        text += _four(four) + ("", "万", "亿", "万亿")[place]
        skipped = False
    return text or CAPITALS[0]


def _four(number: int) -> str:
    text, gap = "", False
    for size, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // size % 10
        if not digit:
            gap = bool(text)
            continue
        text += (CAPITALS[0] if gap else "") + CAPITALS[digit] + unit
        gap = False
    return text


def short_number(value: Any) -> str:
    """Write a number short enough for a card."""
    number = _decimal(value)
    return UNKNOWN if number is None else f"{MINUS if number < 0 else ''}{_short(abs(number))}"


def _short(number: Decimal) -> str:
    if in_chinese():
        steps = [(10**8, 10**8, f"{THIN}亿"), (10**4, 10**4, f"{THIN}万")]
    else:
        steps = [(10**9, 10**9, "B"), (10**6, 10**6, "M"), (10**4, 10**3, "k")]
    for least, unit, word in steps:
        if number >= least:
            return f"{_trimmed(number / unit)}{word}"
    return _trimmed(number)


def _trimmed(number: Decimal) -> str:
    number = number.quantize(Decimal("0.1") if number < 10_000 else Decimal(1), ROUND_HALF_UP)
    text = f"{number:,}"
    return text.removesuffix(".0")


def number(value: Any, places: int | None = None) -> str:
    """Write a number with thousands separated and no needless zeros."""
    figure = _decimal(value)
    if figure is None:
        return UNKNOWN
    if places is not None:
        text = f"{abs(figure):,.{places}f}"
    else:
        text = f"{abs(figure):,.3f}".rstrip("0").rstrip(".")
    return f"{MINUS if figure < 0 else ''}{text}"


def percent(value: Any, places: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage: 0.6315 → 63.2%."""
    figure = _decimal(value)
    return UNKNOWN if figure is None else f"{MINUS if figure < 0 else ''}{abs(figure) * 100:.{places}f}%"


def day(value: Any) -> str:
    """Write a day: 2026年3月2日 or 2 Mar 2026; a moment is read in the company's zone."""
    if value in (None, ""):
        return UNKNOWN
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return _written(value, get_language(), "Y年n月j日" if in_chinese() else "j M Y")


@lru_cache(maxsize=2_000)
def _written(value: date, language: str | None, form: str) -> str:
    # A page says the same few days over and over.
    return date_format(value, form)


def short_day(value: Any) -> str:
    """Write a day without its year when it is this year's."""
    if value in (None, ""):
        return UNKNOWN
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if value.year != timezone.localdate().year:
        return day(value)
    return _written(value, get_language(), "n月j日" if in_chinese() else "j M")


def month(value: date | None) -> str:
    """Write a month: 2026年3月 or Mar 2026."""
    return UNKNOWN if value is None else _written(value, get_language(), "Y年n月" if in_chinese() else "M Y")


def short_month(value: date | None) -> str:
    """Write a month without its year when it is this year's."""
    if value is None or value.year != timezone.localdate().year:
        return month(value)
    return _written(value, get_language(), "n月" if in_chinese() else "M")


def period(code: str) -> str:
    """Write what a period is called: 2026-Q4, 2026-11, 2026-W48, days by day; anything else stays as it is."""
    if days := _DAYS.fullmatch(str(code)):
        return " – ".join(day(date.fromisoformat(each)) for each in days.groups() if each)
    found = _PERIOD.fullmatch(str(code))
    if found is None:
        return str(code)
    year, kind, place = found[1], found[2], int(found[3])
    if kind == "Q":
        return _("Q%(quarter)s %(year)s") % {"quarter": place, "year": year}
    if kind == "W":
        return _("week %(week)s of %(year)s") % {"week": place, "year": year}
    return month(date(int(year), place, 1)) if 1 <= place <= 12 else str(code)


def moment(value: datetime | None) -> str:
    """Write a day and the time of day in the company's zone."""
    if value is None:
        return UNKNOWN
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} {local:%H:%M}"


def ago(value: datetime | date | None, *, at: datetime) -> str:
    """Say how long ago (or in how long) something is, up to seven days; then write the day."""
    if value is None:
        return UNKNOWN
    if not isinstance(value, datetime):
        return _days_away((value - timezone.localdate(at)).days) or short_day(value)
    distance = at - value
    minutes = int(abs(distance).total_seconds() // 60)
    past = distance >= timedelta(0)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        words = (
            ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes)
            if past
            else ngettext("in %(count)d minute", "in %(count)d minutes", minutes)
        )
        return words % {"count": minutes}
    days = (timezone.localdate(value) - timezone.localdate(at)).days
    if days == 0:
        hours = minutes // 60
        words = (
            ngettext("%(count)d hour ago", "%(count)d hours ago", hours)
            if past
            else ngettext("in %(count)d hour", "in %(count)d hours", hours)
        )
        return words % {"count": hours}
    return _days_away(days) or short_day(value)


def _days_away(days: int) -> str:
    if days == 0:
        return _("today")
    if days == -1:
        return _("yesterday")
    if days == 1:
        return _("tomorrow")
    if -7 <= days < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
    if 0 < days <= 7:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ""


def iso(value: datetime | date) -> str:
    """Return a time as machines read it."""
    return (
        value.astimezone(UTC).isoformat()
        if isinstance(value, datetime) and timezone.is_aware(value)
        else value.isoformat()
    )


def safe(text: str) -> SafeString:
    """Mark text that was built from escaped parts."""
    return mark_safe(text)  # noqa: S308
