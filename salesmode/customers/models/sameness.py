"""When two names, phones or websites are the same, however they are written."""

import re
import unicodedata
from functools import lru_cache

HOME = "CN"
_BETWEEN = re.compile(r"[\s\W_]+")
_LEGAL_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|(?<=\w)(co|ltd|inc|llc|corp|gmbh|limited|company|corporation))$"
)
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_IN_NUMBERS = re.compile(r"[\s()-]")
_DIGITS_ENOUGH = 7


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return a name without case, width, spaces, punctuation and legal form: 华为技术有限公司 → 华为技术."""
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", name).casefold())
    while (shorter := _LEGAL_FORMS.sub("", bare)) and shorter != bare:
        bare = shorter
    return bare[:200]


@lru_cache(maxsize=4096)
def phone_key(phone: str) -> str:
    """Return a phone number in its international form, or its digits where it is no known number."""
    if not phone.strip():
        return ""
    written = unicodedata.normalize("NFKC", phone)
    if _MOBILE.fullmatch(plain := _IN_NUMBERS.sub("", written)):
        return f"+86{plain[-11:]}"
    import phonenumbers  # only now: most numbers here are mobile numbers, and its tables take their time

    try:
        parsed = phonenumbers.parse(written, HOME)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is not None and phonenumbers.is_possible_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[:40]
    digits = re.sub(r"\D", "", written)
    return digits[:40] if len(digits) >= _DIGITS_ENOUGH else ""


def site_key(website: str) -> str:
    """Return the host of a website without www."""
    if not website:
        return ""
    host = re.sub(r"^[a-z]+://", "", unicodedata.normalize("NFKC", website).strip().casefold())
    return re.split(r"[/?#:]", host)[0].removeprefix("www.")[:200]
