"""What a rule sees today: each number with what is expected of it, and where there is too little to judge by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.analytics.wording import spoken
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.targets.models import AlertRule
from salesmode.targets.models.alert_judging import LEAST_HISTORY
from salesmode.targets.models.whose import teams_led_by
from salesmode.targets.queries.alert_findings import Finding, findings

MOST_SHOWN = 100


@dataclass(frozen=True)
class Seen:
    """One subject of a rule: its number, what is expected, and what the rule makes of it."""

    label: str
    value: str
    expected: str
    fine: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class RuleToday:
    """What a rule sees today, those outside first; how many it cannot judge, and which days it looked at."""

    rows: list[Seen]
    unknown: int
    more: int
    first: date | None = None
    last: date | None = None


def rule_today(rule: AlertRule, *, seen_by: Person, today: date) -> RuleToday:
    """Return what a rule that holds finds now about those whose numbers the viewer sees.

    One measurement for each span of days that the rule compares.
    """
    if (
        rule.metric not in REGISTRY
        or not rule.starts_on <= today
        or (rule.ends_on is not None and rule.ends_on <= today)
    ):
        return RuleToday([], 0, 0)
    holding = list(AlertRule.objects.on(today).select_related("team", "owner").order_by("pk"))
    found = _those_seen(list(findings([rule], today=today, among=holding)), seen_by)
    found.sort(key=lambda one: (not one.judgement.is_raised, not one.judgement.is_known, _label(one)))
    measured = found[0].spans.measured if found else None
    return RuleToday(
        [_seen(one) for one in found[:MOST_SHOWN]],
        sum(1 for one in found if not one.judgement.is_known),
        max(0, len(found) - MOST_SHOWN),
        measured.first if measured else None,
        measured.last if measured else None,
    )


def _those_seen(found: list[Finding], person: Person) -> list[Finding]:
    if person.sees_all:
        return found
    owners, teams = set(seen_owner_ids(person) or ()), set(teams_led_by(person))
    return [
        one
        for one in found
        if (one.subject.person is not None and one.subject.person.pk in owners)
        or (one.subject.team is not None and one.subject.team.pk in teams)
    ]


def _label(one: Finding) -> str:
    return str(one.subject.person or one.subject.team or _("Company"))


def _seen(one: Finding) -> Seen:
    judged, unit = one.judgement, one.rule.asked.unit
    verdict, tone = _verdict(one)
    return Seen(_label(one), _said(unit, one.value), _said(unit, judged.expected), _fine(one), verdict, tone)


def _said(unit: str, value: Decimal | None) -> str:
    if value is None:
        return spoken(unit, None)
    short = value.quantize(Decimal("0.0001") if unit == "ratio" else Decimal("0.1"))
    return spoken(unit, short.quantize(Decimal(1)) if short == short.to_integral_value() else short.normalize())


def _fine(one: Finding) -> str:
    judged, unit = one.judgement, one.rule.asked.unit
    if not judged.is_known:
        return "—"
    low, high = _said(unit, judged.low), _said(unit, judged.high)
    if judged.low is None:
        return _("at most %(high)s") % {"high": high}
    if judged.high is None:
        return _("at least %(low)s") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _verdict(one: Finding) -> tuple[str, str]:
    if one.judgement.is_raised:
        return _("Outside"), "wrong"
    if one.judgement.is_known:
        return _("Fine"), "good"
    return _why_unknown(one), ""


def _why_unknown(one: Finding) -> str:
    """Say what is missing to judge by."""
    kind = one.rule.kind_of
    if one.value is None:
        return _("Nothing is known yet")
    if kind == AlertRule.Kind.ANOMALY:
        said = {"known": one.judgement.periods, "least": LEAST_HISTORY}
        return _("Not enough history: %(known)s of at least %(least)s earlier periods") % said
    if kind == AlertRule.Kind.CHANGE:
        return _("Not enough history: nothing to compare with")
    if kind == AlertRule.Kind.PACE:
        return _("The period has just begun") if one.basis.get("goal") else _("No target")
    return _("Nothing is known yet")
