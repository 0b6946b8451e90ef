"""How the cockpit says numbers: short on cards, whole on hover and in tables."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesmode.analytics.measure import Reading
from salesmode.kernel import wording
from salesmode.kernel.templatetags import ui

register = template.Library()


def _short(unit: str, value: Any) -> str:
    if unit == "ratio":
        return wording.percent(value)
    if unit in ("days", "hours"):
        figure = round(float(value), 1)
        words = ngettext("%(n)s day", "%(n)s days", round(figure)) if unit == "days" else ""
        words = words or ngettext("%(n)s hour", "%(n)s hours", round(figure))
        return words % {"n": wording.number(Decimal(str(figure)))}
    if unit == "money_per_day":
        return _("%(n)s a day") % {"n": wording.short_money(value)}
    return wording.short_money(value) if unit == "money" else wording.short_number(value)


def _whole(unit: str, value: Any) -> str:
    if unit in ("money", "money_per_day"):
        return wording.full_money(value)
    return wording.number(value) if unit == "count" else _short(unit, value)


@register.simple_tag
def said(unit: str, value: Any, whole: bool = False) -> str:
    """Write a number with its unit."""
    if value is None:
        return wording.UNKNOWN
    return _whole(unit, value) if whole else _short(unit, value)


@register.simple_tag
def figure(reading: Reading) -> SafeString:
    """Write a reading's value short, the whole of it on hover; unknown is a dash that says why."""
    if reading.value is None:
        return wording.unknown(_("Nothing to count in this period"))
    unit = reading.metric.unit
    return format_html('<span title="{}">{}</span>', _whole(unit, reading.value), _short(unit, reading.value))


@register.simple_tag
def figure_change(reading: Reading) -> SafeString:
    """Write how a reading changed, with sign and arrow, and what it is compared with."""
    change = reading.change
    if reading.compared is None:
        return SafeString("")
    before = said(reading.metric.unit, reading.previous)
    against = _("%(period)s: %(value)s") % {"period": reading.compared.label, "value": before}
    if change is None and reading.previous is None:
        return SafeString("")
    if change is None:
        return format_html(
            '<span class="quiet" title="{}">{}</span>', against, _("Before: %(value)s") % {"value": before}
        )
    if reading.metric.unit == "ratio":
        words = _("%(n)s pts") % {"n": wording.number(Decimal(str(round(abs(change) * 100, 1))))}
    else:
        words = wording.percent(abs(change))
    tone = {True: "good", False: "bad", None: ""}[reading.is_better]
    sign = "+" if change > 0 else wording.MINUS if change < 0 else ""
    arrow = ui.icon("arrow-up-right" if change > 0 else "arrow-down-right") if change else ""
    return format_html('<span class="delta {}" title="{}">{}{}{}</span>', tone, against, arrow, sign, words)
