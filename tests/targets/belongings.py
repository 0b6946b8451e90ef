"""Ana's target, her team's scorecard, and when she is away."""

from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.kernel.periods import Period
from salesmode.targets import operations as targets
from salesmode.targets.models import Alert, Whose
from salesmode.targets.models.alert_judging import judge_threshold
from salesmode.targets.queries.alert_findings import Finding, Spans
from salesmode.targets.queries.alert_rules import Subject
from tests.conftest import MONDAY
from tests.targets.cards import ACTIVITY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a draft target of Ana's, a scorecard of Bo's, and an absence of Ana's."""
    ana, bo = cast["ana"], cast["bo"]
    target = targets.set_target(
        metric="won_amount", year=2026, whose=Whose("person", person=ana), base=Decimal(1200), by=bo, at=MONDAY
    )
    card = targets.define_scorecard(name="North", lines=ACTIVITY, by=bo, at=MONDAY)
    targets.use_scorecard(card, team=cast["north"], starts_on=date(2026, 3, 2), by=bo, at=MONDAY)
    away = targets.note_absence(person=ana, first_on=date(2026, 4, 1), last_on=date(2026, 4, 3), by=bo, at=MONDAY)
    alert = _alert(cast)
    decision = targets.take_decision(
        title="Call more",
        why="Too few talks",
        metric="won_amount",
        whose=Whose("person", person=ana),
        expected_from=Decimal(1),
        expected_to=Decimal(2),
        review_on=date(2026, 4, 1),
        by=bo,
        at=MONDAY,
    )
    line = card.lines.first()
    return {
        "alert_id": alert.pk,
        "alert_rule_id": alert.rule_id,
        "decision_id": decision.pk,
        "target_id": target.pk,
        "scorecard_id": card.pk,
        "absence_id": away.pk,
        "line_id": line.pk if line else None,
        "targets:score.person_id": ana.pk,
    }


def _alert(cast: dict[str, Any]) -> Alert:
    """Return an alert about Ana, by a rule of Bo's team."""
    how = {"kind_of": "threshold", "limit": Decimal(10), "starts_on": date(2026, 3, 1)}
    rule = targets.set_alert_rule(metric="won_amount", team=cast["north"], **how, by=cast["bo"], at=MONDAY)
    month = Period.containing(date(2026, 3, 2), "month")
    judged = judge_threshold(Decimal(0), limit=Decimal(10), direction="below")
    subject = Subject("person", person=cast["ana"])
    found = Finding(rule, subject, Spans(month, month, month), Decimal(0), judged, {})
    alert = targets.raise_alert(found, by=cast["system"], at=MONDAY)
    assert alert is not None
    return alert
