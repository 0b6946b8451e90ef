"""How pages about modes say things: verdicts, intervals, weeks, parameters."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesmode.customers.timeline import SENTENCES, Moment
from salesmode.kernel import wording
from salesmode.kernel.templatetags import ui
from salesmode.modes.models import Parameter, Practice
from salesmode.modes.queries import Cell, library

register = template.Library()


def _verdicts() -> dict[str, tuple[str, str]]:
    return {
        "effective": (_("effective"), "good"),
        "not_effective": (_("not effective"), "wrong"),
        "not_enough_evidence": (_("not enough evidence"), "attention"),
        "cannot_be_evaluated": (_("cannot be evaluated"), "info"),
    }


@register.simple_tag
def verdict_word(verdict: str) -> str:
    """Say a verdict."""
    return _verdicts().get(verdict, (verdict, ""))[0]


@register.simple_tag
def verdict_chip(verdict: str) -> SafeString:
    """Say a verdict in a chip."""
    return ui.chip(*_verdicts().get(verdict, (verdict, "")))


def _amount(value: float, result: Mapping[str, Any], metric: Any) -> str:
    value = round(value, 4 if result["scale"] == "share" or metric.unit == "ratio" else 2) or 0.0
    sign = "+" if value > 0 else wording.MINUS if value < 0 else ""
    if result["scale"] == "share":
        return f"{sign}{wording.percent(abs(value))}"
    if metric.unit == "ratio":
        return sign + _("%(n)s pts") % {"n": wording.number(Decimal(str(round(abs(value) * 100, 1))))}
    words = wording.short_money if metric.unit == "money" else wording.short_number
    return f"{sign}{words(abs(value))}"


@register.simple_tag
def effect_said(result: Mapping[str, Any], metric: Any) -> str:
    """Write an effect with its sign: in percent where it is a share, else in the metric's unit."""
    return _amount(result["estimate"]["effect"], result, metric)


@register.simple_tag
def range_said(result: Mapping[str, Any], metric: Any) -> str:
    """Write both ends of the interval, short."""
    return " … ".join(_amount(result["estimate"][name], result, metric) for name in ("low", "high"))


@register.simple_tag
def interval_said(result: Mapping[str, Any], metric: Any) -> str:
    """Write the interval in which the effect probably lies."""
    low, high = (_amount(result["estimate"][name], result, metric) for name in ("low", "high"))
    return _("95%% interval: %(low)s to %(high)s") % {"low": low, "high": high}


@register.simple_tag
def verdict_sentence(result: Mapping[str, Any], metric: Any) -> str:
    """Say in words what a verdict means."""
    return {
        "effective": _("The whole interval lies on the good side of nothing: that this is chance alone is improbable."),
        "not_effective": _(
            "The interval lies below the smallest effect worth having: if there is one, it is too small."
        ),
        "not_enough_evidence": _(
            "The interval holds both nothing and effects worth having. "
            "Nobody can say yet: wait for more months or teams."
        ),
        "cannot_be_evaluated": _("What would be needed for an honest comparison is missing."),
    }.get(result["verdict"], "")


@register.simple_tag
def reason_word(reason: str) -> str:
    """Say why something cannot be evaluated."""
    return {
        "no_adopters": _("No team does it."),
        "too_few_before": _("There are fewer than six whole months before the change."),
        "too_few_after": _("There are fewer than three whole months since the change."),
        "too_much_unknown": _("The number is not known in too many months."),
        "pre_trend": _("The adopting teams moved away from the others, or from their own course, before they changed."),
    }.get(reason, reason)


@register.simple_tag
def method_word(method: str) -> str:
    """Say how an effect was looked for."""
    return {
        "difference_in_differences": _(
            "Difference in differences: adopting teams against the others, before against after, with effects of team "
            "and month; errors clustered by team"
        ),
        "interrupted_series": _(
            "Interrupted time series: the adopting teams' course before and after, less that of the others where there "
            "are any; too few teams for a comparison of many"
        ),
        "none": _("None"),
    }.get(method, method)


@register.simple_tag
def assumption_word(assumption: str) -> str:
    """Say what somebody must believe to believe the effect."""
    return {
        "same_course": _("Without the change, the adopting teams would have gone the way of the others."),
        "no_spill": _(
            "The other teams were not changed by it: nobody copied the practice, nobody lost customers to it."
        ),
        "same_effect": _("The effect is about the same for every adopting team and month."),
        "nothing_else_compared": _(
            "Nothing else happened at the same time that changed the adopting team and not the others."
        ),
        "nothing_else": _("Nothing else happened at the same time: there is no other team to compare with."),
        "trend_goes_on": _("Without the change, the course before would have gone on in a straight line."),
    }.get(assumption, assumption)


@register.simple_tag
def trend_said(p: float) -> str:
    """Say whether the courses ran side by side before the change."""
    values = {"p": wording.number(Decimal(str(round(p, 2))))}
    if p < 0.05:
        return _("they drifted apart (p = %(p)s)") % values
    return _("no drift to be seen (p = %(p)s)") % values


@register.simple_tag
def direction_word(direction: str) -> str:
    """Say which way a number should move."""
    return _("should rise") if direction == "up" else _("should fall")


@register.simple_tag
def decision_word(decision: str) -> str:
    """Say a decision."""
    return {"keep": _("keep"), "adjust": _("adjust"), "take_back": _("take back")}.get(decision, decision)


@register.simple_tag
def practice_name(code: str) -> str:
    """Return what a practice is called."""
    found = library().practices.get(code)
    return str(found.name) if found else code


@register.simple_tag
def event_word(name: str) -> str:
    """Say what an event is, without its details."""
    sentence = SENTENCES.get(name)
    if sentence is None:
        return name
    try:
        return str(sentence.tell(Moment(name, {})))
    except (KeyError, TypeError, ValueError, AttributeError):
        return name


@register.simple_tag
def counted_word(practice: Practice, times: int) -> str:
    """Say how often something is to be done, and by whom."""
    who = {
        "sellers": _("each seller"), "leads": _("each team lead"), "members": _("everybody in the team"),
        "teams": _("each team"),
    }[practice.adoption.who]  # fmt: skip
    often = {
        "workday": ngettext("%(n)s time each working day", "%(n)s times each working day", times),
        "week": ngettext("%(n)s time a week", "%(n)s times a week", times),
        "month": ngettext("%(n)s time a month", "%(n)s times a month", times),
        "quarter": ngettext("%(n)s time a quarter", "%(n)s times a quarter", times),
    }[practice.adoption.each]
    return _("%(who)s, %(often)s") % {"who": who, "often": often % {"n": times}}


@register.simple_tag
def parameter_said(parameter: Parameter, value: Any) -> str:
    """Write a parameter's value."""
    if parameter.kind == "yes_no":
        return _("Yes") if value else _("No")
    return next((str(each.name) for each in parameter.choices if each.value == value), str(value))


@register.simple_tag
def measure_said(unit: str, value: float) -> str:
    """Write what was measured about the company."""
    if unit == "ratio":
        return wording.percent(value)
    if unit == "money":
        return wording.short_money(value)
    return wording.number(Decimal(str(round(value, 2))))


@register.simple_tag
def week_cell(cell: Cell, row: int, label: str) -> SafeString:
    """Show one week: done of expected, coloured and in numbers; a link to the events behind it."""
    says = f"{cell.done}/{cell.expected}" if cell.expected else "·" if cell.tone == "off" else "…"
    title = f"{label} {wording.day(cell.week)}: {says}".strip()
    if cell.excused:
        title += " · " + ngettext("%(n)s day away", "%(n)s days away", cell.excused) % {"n": cell.excused}
    if not row or not cell.expected:
        return format_html('<span class="week {}" title="{}">{}</span>', cell.tone, title, says)
    address = f"{reverse('modes:events')}?row={row}&of={cell.key}&week={cell.week.isoformat()}"
    return format_html(
        '<a class="week {}" href="{}" title="{}" aria-label="{}">{}</a>', cell.tone, address, title, title, says
    )
