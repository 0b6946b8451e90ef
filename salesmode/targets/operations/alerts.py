"""Look whether numbers are where they should be, raise alerts, and take care of them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from salesmode.kernel.events import record
from salesmode.kernel.here import company
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person
from salesmode.targets import policies
from salesmode.targets.events import AlertAcknowledged, AlertRaised
from salesmode.targets.models import Alert, AlertRule
from salesmode.targets.queries.alert_findings import Finding, findings

FINE = Decimal("0.000001")


@transaction.atomic
def evaluate_alert_rules(*, rules: Sequence[AlertRule] | None = None, by: Person, at: datetime) -> list[Alert]:
    """Measure what the rules watch and raise an alert for each number outside of what its rule expects.

    Told twice, or by two at once, one alert is raised for a rule, a subject and a period; the next one after its quiet
    days. Raises NotAllowed.
    """
    require(policies.may_raise_alert(by))
    zone = company().zone
    today = day_of(at, zone)
    holding = list(AlertRule.objects.on(today).select_related("team", "owner").order_by("pk"))
    chosen = holding if rules is None else [rule for rule in holding if rule.pk in {each.pk for each in rules}]
    found = [one for one in findings(chosen, today=today, among=holding) if one.judgement.is_raised]
    latest = _latest(found)
    raised = []
    for finding in found:
        alert = raise_alert(finding, last=latest.get((finding.rule.pk, finding.subject.key)), by=by, at=at)
        if alert is not None:
            raised.append(alert)
    AlertRule.objects.filter(pk__in=[rule.pk for rule in chosen]).update(evaluated_at=at)
    return raised


def _latest(found: Sequence[Finding]) -> dict[tuple[int, str], Alert]:
    """Return the last alert of each rule about each subject. One query."""
    rows = Alert.objects.filter(rule__in={one.rule.pk for one in found}, key__in={one.subject.key for one in found})
    rows = rows.order_by("rule", "key", "-raised_at", "-id").distinct("rule", "key")
    return {(row.rule_id, row.key): row for row in rows}


@transaction.atomic
def raise_alert(finding: Finding, *, last: Alert | None = None, by: Person, at: datetime) -> Alert | None:
    """Raise the alert that a rule found; None while its quiet days run, or when somebody else has just raised it.

    Raises NotAllowed.
    """
    require(policies.may_raise_alert(by))
    times = _times(finding, last, at)
    if times is None:
        return None
    alert = _alert(finding, times, at)
    try:
        with transaction.atomic():
            save(alert, at=at)
    except IntegrityError as error:
        if "alert_is_raised_once" not in str(error):
            raise
        return None
    first = finding.spans.whole.first
    event = AlertRaised(**_facts(alert), value=alert.value, expected=alert.expected, first=first)
    record(event, by=by, at=at)
    return alert


def _times(finding: Finding, last: Alert | None, at: datetime) -> int | None:
    """Return how often this will have been said in the period; None while nothing is to be said."""
    if last is None:
        return 1
    is_same_period = last.first == finding.spans.whole.first
    zone = company().zone
    waited = (day_of(at, zone) - day_of(last.raised_at, zone)).days
    if waited < finding.rule.quiet_days or (is_same_period and not finding.rule.quiet_days):
        return None
    return last.times + 1 if is_same_period else 1


def _alert(finding: Finding, times: int, at: datetime) -> Alert:
    judged, subject, measured = finding.judgement, finding.subject, finding.spans.measured
    today: date = day_of(at, company().zone)
    return Alert(
        rule=finding.rule,
        metric=finding.rule.metric,
        unit=subject.unit,
        key=subject.key,
        team=subject.team,
        owner=subject.person,
        severity=finding.rule.severity,
        first=finding.spans.whole.first,
        measured_from=measured.first,
        measured_until=measured.until,
        times=times,
        value=_fine(finding.value) or Decimal(0),
        expected=_fine(judged.expected),
        low=_fine(judged.low),
        high=_fine(judged.high),
        basis={**finding.basis, "on": f"{today}"},
        raised_at=at,
    )


def _fine(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(FINE)


@transaction.atomic
def acknowledge_alert(alert: Alert, *, by: Person, at: datetime, version: int | None = None) -> Alert:
    """Say that one takes care of an alert; said again, nothing changes.

    Raises NotAllowed, Stale.
    """
    lock(alert, version=version)
    require(policies.may_acknowledge_alert(by, alert))
    if alert.mark_acknowledged(by=by, at=at):
        save(alert, at=at)
        record(AlertAcknowledged(**_facts(alert)), by=by, at=at)
    return alert


def _facts(alert: Alert) -> dict[str, Any]:
    lead = alert.team.lead_id if alert.team is not None else None
    return {
        "alert_id": alert.pk,
        "alert_rule_id": alert.rule_id,
        "metric": alert.metric,
        "unit": alert.unit,
        "team_id": alert.team_id,
        "owner_id": alert.owner_id or lead,
        "severity": alert.severity,
    }
