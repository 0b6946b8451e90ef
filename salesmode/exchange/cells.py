"""What people write into cells, read as what they meant: days, numbers, money, percentages, yes and no."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

Raw = Any
DANGEROUS = frozenset("=+-@\t\r\n\0＝＋－＠")
EXCEL_EPOCH = datetime(1899, 12, 30)
YES = frozenset({"是", "对", "有", "真", "yes", "y", "true", "t", "1", "on", "√", "✓", "x"})
NO = frozenset({"否", "不", "无", "假", "no", "n", "false", "f", "0", "off", "×", "-"})
_CURRENCIES = re.compile(
    r"^(?:rmb|cny|usd|eur|gbp|hkd|jpy|us\$|hk\$|人民币|美元|欧元|港币|[¥￥$€£])\s*|\s*(?:元整?|rmb|cny|usd|eur|gbp|hkd|jpy|人民币|美元|欧元|港币|[¥￥$€£])$",
    re.I,
)
_UNITS = {
    "亿": Decimal(100_000_000),
    "千万": Decimal(10_000_000),
    "百万": Decimal(1_000_000),
    "万": Decimal(10_000),
    "千": Decimal(1_000),
    "k": Decimal(1_000),
    "m": Decimal(1_000_000),
}
_UNIT = re.compile(r"^(.*?[\d.,\s])\s*(亿|千万|百万|万|千|k|m)(?:元)?$", re.I)
_DAY = [
    (re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), (3, 2, 1)),
]
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NAMED = [
    re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*\.?,?[\s-]+(\d{4})"),
    re.compile(r"([A-Za-z]{3})[A-Za-z]*\.?\s+(\d{1,2}),?\s+(\d{4})"),
]
_CLOCK = re.compile(
    r"[T\s]*(?:(上午|下午|am|pm)\s*)?(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?)?秒?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?",
    re.I,
)


class Unreadable(ValueError):
    """A cell that does not say what its column needs; the message is written for a person."""


def protect(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula; `unprotect` gives it back."""
    if text and (
        text[0] in DANGEROUS or (text[0] == "'" and len(text) > 1 and (text[1] in DANGEROUS or text[1] == "'"))
    ):
        return "'" + text
    return text


def unprotect(text: str) -> str:
    """Take away the apostrophe that keeps a text from being a formula."""
    if len(text) > 1 and text[0] == "'" and (text[1] in DANGEROUS or text[1] == "'"):
        return text[1:]
    return text


def as_text(raw: Raw) -> str:
    """Return a cell as the text a person sees in it, without the spaces around."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        text = unprotect(raw) if raw[:1] == "'" else raw
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\0", "").strip() if "\0" in text else text.strip()
    if isinstance(raw, bool):
        return _("Yes") if raw else _("No")
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(sep=" ", timespec="seconds")
    return str(raw).strip()


def as_number(raw: Raw, *, day_first: bool = True) -> Decimal:
    """Return a number however it is written: 1,234.5, 1.234,5, ￥1 200, 3.5万, 12%, (300)."""
    if isinstance(raw, bool | date | time | timedelta):
        raise Unreadable(_("This is not a number."))
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return _finite(Decimal(repr(raw)), repr(raw))
    written = as_text(raw)
    text = unicodedata.normalize("NFKC", written).replace("−", "-").strip()
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    sign = ""
    if text[:1] in "+-" and text:
        sign, text = text[0], text[1:].strip()
    text = _CURRENCIES.sub("", _CURRENCIES.sub("", text)).strip()
    if text[:1] in "+-" and text and not sign:
        sign, text = text[0], text[1:].strip()
    factor = Decimal(1)
    if text.endswith("%"):
        text, factor = text[:-1].strip(), Decimal("0.01")
    elif match := _UNIT.match(text):
        text, factor = match[1].strip(), _UNITS[match[2].lower()]
    plain = _without_separators(text)
    if plain is None:
        raise Unreadable(_('"%(text)s" is not a number.') % {"text": written[:60]})
    number = _finite(Decimal(plain), written) * factor
    return -number if negative != (sign == "-") else number


def _finite(number: Decimal, written: str) -> Decimal:
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Unreadable(_('"%(text)s" is not a number that can be kept.') % {"text": written[:60]})
    return number


def without_noise(number: Decimal) -> Decimal:
    """Return an amount without what a spreadsheet's arithmetic leaves behind it: 0.30000000000000004 is 0.3."""
    if len(number.as_tuple().digits) < 13:
        return number  # what somebody wrote
    # It reckons with fifteen digits; three decimals are kept whatever the amount, for some currencies have them.
    places = max(3, min(6, 14 - number.adjusted()))
    smallest = Decimal(1).scaleb(-places)
    kept = number.quantize(smallest)
    return number if kept == number else kept


def _without_separators(text: str) -> str | None:
    text = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?:\D|$))", "", text)
    if re.fullmatch(r"\d{1,15}(\.\d{0,20})?(e[+-]?\d{1,2})?|\.\d{1,20}", text, re.I):
        return text
    if re.fullmatch(r"\d{1,4}(,\d{3,4})+(\.\d+)?", text):
        return text.replace(",", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"\d+,\d{1,2}", text):
        return text.replace(",", ".")
    return None


def as_integer(raw: Raw) -> int:
    """Return a whole number."""
    number = as_number(raw)
    if number != number.to_integral_value():
        raise Unreadable(_('"%(text)s" is not a whole number.') % {"text": as_text(raw)[:60]})
    return int(number)


def as_percent(raw: Raw) -> Decimal:
    """Return a percentage: 30, 30% and a cell formatted as percent (0.3) are the same."""
    number = as_number(raw)
    written = isinstance(raw, str) and unicodedata.normalize("NFKC", raw).strip().endswith("%")
    if written or (isinstance(raw, float) and 0 < number < 1):
        number *= 100
    return number


def as_date(raw: Raw, *, day_first: bool = True) -> date:
    """Return a day: 2024/1/5, 2024-01-05, 05.01.2024, 2024年1月5日, 5 Jan 2024, or a spreadsheet's day number."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    return as_datetime(raw, zone=UTC, day_first=day_first).date()


@lru_cache(maxsize=20_000)
def _moment(text: str, day_first: bool) -> tuple[datetime, str | None]:
    day, rest = _day_and_rest(text, day_first)
    if day is None:
        raise Unreadable(_('"%(text)s" is not a date.') % {"text": text[:60]})
    if not rest.strip():
        return day, None
    match = _CLOCK.fullmatch(rest.strip())
    if not match:
        raise Unreadable(_('"%(text)s" is not a date.') % {"text": text[:60]})
    hour = int(match[2])
    half = (match[1] or match[5] or "").lower()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    if half in ("上午", "am") and hour == 12:
        hour = 0
    try:
        return day.replace(hour=hour, minute=int(match[3]), second=int(match[4] or 0)), match[6]
    except ValueError:
        raise Unreadable(_('"%(text)s" is not a time of day.') % {"text": text[:60]}) from None


def _day_and_rest(text: str, day_first: bool) -> tuple[datetime | None, str]:
    text = unicodedata.normalize("NFKC", text).strip()
    for pattern, (year, month, day) in _DAY:
        if match := pattern.match(text):
            if pattern is _DAY[1][0] and match.end() < len(text) and text[match.end()].isdigit():
                continue
            return _calendar(int(match[year]), int(match[month]), int(match[day])), text[match.end() :]
    if match := _SLASHED.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
        return _calendar(year, month, day), text[match.end() :]
    for pattern in _NAMED:
        if match := pattern.match(text):
            name, number = (match[2], match[1]) if match[1].isdigit() else (match[1], match[2])
            if name.lower() in _MONTHS:
                return _calendar(int(match[3]), _MONTHS[name.lower()], int(number)), text[match.end() :]
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text)), ""
    return None, text


def _calendar(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _serial(number: float) -> datetime:
    if not 1 <= number < 2_958_466:
        raise Unreadable(_('"%(text)s" is not a date.') % {"text": number})
    moment = EXCEL_EPOCH + timedelta(days=number)
    return moment.replace(microsecond=0)


def as_datetime(raw: Raw, *, zone: tzinfo, day_first: bool = True) -> datetime:
    """Return an instant; what says no zone is in the given one."""
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if isinstance(raw, date):
        return datetime.combine(raw, time(), tzinfo=zone)
    if isinstance(raw, bool):
        raise Unreadable(_("This is not a date."))
    if isinstance(raw, int | float):
        return _serial(float(raw)).replace(tzinfo=zone)
    moment, offset = _moment(as_text(raw), day_first)
    if offset is None:
        return moment.replace(tzinfo=zone)
    return datetime.fromisoformat(f"{moment.isoformat()}{'+00:00' if offset.lower() == 'z' else offset}")


def as_flag(raw: Raw) -> bool:
    """Return yes or no: 是/否, yes/no, true/false, 1/0."""
    if isinstance(raw, bool):
        return raw
    text = as_text(raw).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(_('"%(text)s" is neither yes nor no.') % {"text": text[:60]})


_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"().]{2,}")


def as_email(raw: Raw) -> str:
    """Return an e-mail address; "Name <a@b.cn>" is understood."""
    text = unicodedata.normalize("NFKC", as_text(raw))
    if match := re.fullmatch(r".*<([^<>]+)>", text):
        text = match[1].strip()
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise Unreadable(_('"%(text)s" is not an e-mail address.') % {"text": text[:60]})
    return text


def as_tags(raw: Raw) -> list[str]:
    """Return words separated by commas or semicolons, each once."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,，;；、|]", as_text(raw)) if part.strip()))


def is_readable(read: Callable[[Raw], Any], raw: Raw) -> bool:
    """Whether a cell can be read in a certain way."""
    try:
        read(raw)
    except (Unreadable, InvalidOperation):
        return False
    return True
