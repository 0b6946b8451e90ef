"""Words that every template knows: money, numbers, days, people, icons, addresses."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesmode.kernel import wording
from salesmode.kernel.panels import panels_for

register = template.Library()
DISC_COLOURS = 10


@register.filter
def money(amount: Any, currency: str = "") -> str | SafeString:
    """Write an amount with all its digits; in the company's currency unless told otherwise."""
    return wording.unknown() if amount in (None, "") else wording.full_money(amount, currency)


@register.filter
def unit_price(price: Any, currency: str = "") -> str | SafeString:
    """Write what one piece costs with all its decimals; in the company's currency unless told otherwise."""
    return wording.unknown() if price in (None, "") else wording.full_price(price, currency)


@register.filter
def money_short(amount: Any, currency: str = "") -> str | SafeString:
    """Write an amount for a card, the whole of it on hover."""
    if amount in (None, ""):
        return wording.unknown()
    full = wording.full_money(amount, currency)
    return format_html('<span title="{}">{}</span>', full, wording.short_money(amount, currency))


@register.filter
def number(value: Any, places: int | None = None) -> str | SafeString:
    """Write a number."""
    return wording.unknown() if value in (None, "") else wording.number(value, places)


@register.filter
def number_short(value: Any) -> str | SafeString:
    """Write a number for a card."""
    return wording.unknown() if value in (None, "") else wording.short_number(value)


@register.filter
def percent(value: Any, places: int = 1) -> str | SafeString:
    """Write a share of one as a percentage."""
    return wording.unknown() if value in (None, "") else wording.percent(value, places)


@register.filter
def points(value: Any, places: int = 0) -> str | SafeString:
    """Write a value that is a percentage already: 30 → 30%."""
    return wording.unknown() if value in (None, "") else f"{wording.number(value, places)}%"


@register.simple_tag
def figure_of(unit: str, value: Any) -> str | SafeString:
    """Write a metric's number by its unit, short for money; unknown is a dash."""
    if value is None:
        return wording.unknown()
    if unit == "ratio":
        return percent(value)
    if unit in ("money", "money_per_day"):
        return money_short(value)
    # A count that was worked out, as of a pace, needs no more than tenths.
    return wording.number(round(Decimal(value), 1) if unit == "count" else value)


@register.simple_tag
def delta(value: Any, unit: str = "percent", better: str = "up") -> SafeString:
    """Show a change with its sign and arrow; `unit` is percent, number or money, `better` up, down or none."""
    if value is None:
        return wording.unknown(_("There is nothing to compare with"))
    known: dict[str, Callable[..., str]] = {"percent": wording.percent, "money": wording.short_money}
    words = known.get(unit, wording.short_number)
    if not value:
        return format_html('<span class="delta">{}</span>', words(0))
    rises = value > 0
    tone = "" if better == "none" else ("good" if rises == (better == "up") else "bad")
    return format_html(
        '<span class="delta {}">{}{}{}</span>',
        tone,
        icon("arrow-up-right" if rises else "arrow-down-right"),
        "+" if rises else wording.MINUS,
        words(abs(value)),
    )


@register.filter
def ago(value: datetime | date | None) -> SafeString:
    """Say how long ago, the exact moment on hover."""
    if not value:
        return wording.unknown()
    exact = wording.moment(value) if isinstance(value, datetime) else wording.day(value)
    words = wording.ago(value, at=timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', wording.iso(value), exact, words)


@register.filter
def day(value: datetime | date | None) -> SafeString:
    """Write a day."""
    if not value:
        return wording.unknown()
    return format_html('<time datetime="{}">{}</time>', wording.iso(value), wording.day(value))


@register.filter
def short_day(value: datetime | date | None) -> SafeString:
    """Write a day, without its year when it is this year's."""
    if not value:
        return wording.unknown()
    iso, whole, short = wording.iso(value), wording.day(value), wording.short_day(value)
    return wording.safe(f'<time datetime="{iso}" title="{whole}">{short}</time>')


@register.filter
def month(value: date | None) -> str | SafeString:
    """Write a month."""
    return wording.month(value) if value else wording.unknown()


@register.filter
def short_month(value: date | None) -> str | SafeString:
    """Write a month, without its year when it is this year's."""
    return wording.short_month(value) if value else wording.unknown()


@register.filter
def period(code: Any) -> str:
    """Write what a period is called by its code: 2026-Q4 → Q4 2026."""
    return wording.period(str(code))


@register.filter
def moment(value: datetime | None) -> SafeString:
    """Write a day and time."""
    if not value:
        return wording.unknown()
    return format_html('<time datetime="{}">{}</time>', wording.iso(value), wording.moment(value))


@register.simple_tag
def unknown(reason: str = "") -> SafeString:
    """Show the dash for what nobody knows."""
    return wording.unknown(reason)


# Pages draw the same few icons, people and chips hundreds of times.
@register.simple_tag
@lru_cache(maxsize=1_000, typed=True)
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; with a label it speaks, without one screen readers pass over it."""
    address = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}" viewBox="0 0 24 24"><use href="{}#{}"/></svg>',
            label,
            address,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><use href="{}#{}"/></svg>', address, name
    )


@lru_cache(maxsize=1_000, typed=True)
def disc(name: str, initials: str, key: int | None, size: str = "") -> SafeString:
    """Draw a person's disc: initials on a colour that stays theirs."""
    return format_html(
        '<span class="disc disc-{} {}" title="{}" aria-hidden="true">{}</span>',
        (key or 0) % DISC_COLOURS,
        size,
        name,
        initials,
    )


@register.simple_tag
def person(who: Any, show: str = "name", size: str = "") -> SafeString:
    """Show a person: disc and name; `show="disc"` for the disc alone."""
    if who is None:
        return wording.unknown(_("Nobody"))
    return _person(who.name, who.initials, who.pk, show, size)


@lru_cache(maxsize=1_000, typed=True)
def _person(name: str, initials: str, key: int | None, show: str, size: str) -> SafeString:
    drawn = disc(name, initials, key, size)
    if show == "disc":
        return format_html('{}<span class="visually-hidden">{}</span>', drawn, name)
    return format_html('<span class="who">{}<span>{}</span></span>', drawn, name)


@register.simple_tag
def chip(text: Any, tone: str = "") -> SafeString:
    """Show a word in a chip; tones: good, attention, wrong, info, accent, or none."""
    return _chip(text if isinstance(text, SafeString) else str(text), tone)


@lru_cache(maxsize=1_000, typed=True)
def _chip(text: str, tone: str) -> SafeString:
    return format_html('<span class="chip {}">{}</span>', tone, text)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """Return choices as options of a select, those chosen marked. Written in Python because there may be hundreds."""
    marked = {str(each) for each in chosen} if isinstance(chosen, list | tuple | set) else {str(chosen)}
    written = []
    for value, label in choices:
        key = str(value)
        written.append(
            f'<option value="{escape(key)}"{" selected" if key in marked else ""}>{escape(str(label))}</option>'
        )
    return wording.safe("".join(written))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], onto: str = "", **changes: Any) -> str:
    """Return this page's query string with some names changed (None removes one); cursors never survive a change.

    `onto` is the address of another page that is asked the same.
    """
    params = context["request"].GET.copy()
    for name in ("after", "before", "part"):
        params.pop(name, None)
    for name, value in changes.items():
        if value is None:
            params.pop(name, None)
        else:
            params[name] = value
    return f"{onto}?{params.urlencode()}" if params else onto or context["request"].path


@register.simple_tag
def once() -> SafeString:
    """Give a form a key of its own, by which the same sent twice is known (kernel.middleware.SentOnce)."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(12))


@register.simple_tag(takes_context=True)
def slot(context: dict[str, Any], name: str, record: Any = None) -> list[dict[str, Any]]:
    """Return the panels that apps put into a slot: {% slot "deal.side" deal as panels %}."""
    return panels_for(name, context["request"], record)


@register.filter
def undo_address(message: Any) -> str:
    """Return where a message's undo is posted; empty when it has none."""
    tags = getattr(message, "extra_tags", "") or ""
    return tags.removeprefix("undo=") if tags.startswith("undo=/") else ""


@register.filter
def field_kind(field: Any) -> str:
    """Return what kind of widget a form field has, so that templates can lay it out."""
    return type(field.field.widget).__name__.lower()


@register.filter
def in_unit(value: Any, unit: str) -> str | SafeString:
    """Write a measured number in its unit: money, a share, days, hours or a count."""
    if value in (None, ""):
        return wording.unknown()
    if unit in ("money", "money_per_day"):
        text = wording.full_money(value)
        return _("%(n)s a day") % {"n": text} if unit == "money_per_day" else text
    if unit == "ratio":
        return wording.percent(value)
    figure = wording.number(round(float(value), 1) if unit in ("days", "hours") else value)
    words = {"days": ngettext("%(n)s day", "%(n)s days", round(float(value)))}
    words["hours"] = ngettext("%(n)s hour", "%(n)s hours", round(float(value)))
    return words[unit] % {"n": figure} if unit in words else figure
