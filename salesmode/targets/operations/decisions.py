"""Write down what was decided about a number, measure it again on its date, and what was learned."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.events import record
from salesmode.kernel.here import company
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person
from salesmode.targets import policies
from salesmode.targets.events import DecisionLessonNoted, DecisionReviewed, DecisionTaken
from salesmode.targets.models import Alert, Decision, Whose
from salesmode.targets.models.decision import DecisionNotReviewed
from salesmode.targets.queries.actuals import actual_of


@transaction.atomic
def take_decision(
    *,
    title: str,
    why: str,
    metric: str,
    whose: Whose | None = None,
    expected_to: Decimal,
    expected_from: Decimal | None = None,
    review_on: date,
    alert: Alert | None = None,
    by: Person,
    at: datetime,
) -> Decision:
    """Write down who decided what about a number, why, and what is expected by when.

    What it starts from is measured over as many days before, where it is not given.
    Raises NotAllowed, Invalid at the field that is wrong.
    """
    whose = whose or (alert.whose if alert is not None else Whose())
    whose.ensure_named()
    require(policies.may_take_decision(by, whose))
    zone = company().zone
    decision = Decision(
        title=title.strip(),
        why=why.strip(),
        metric=metric,
        unit=whose.unit,
        team=whose.team if whose.unit == "team" else None,
        person=whose.person if whose.unit == "person" else None,
        owner=by,
        alert=alert,
        decided_on=day_of(at, zone),
        review_on=review_on,
        expected_from=expected_from,
        expected_to=expected_to,
    )
    decision.ensure_valid()
    if expected_from is None:
        decision.expected_from = actual_of(metric, whose.unit, whose.key, decision.span_before(zone))
    fit(decision)
    save(decision, at=at)
    event = DecisionTaken(
        **_facts(decision),
        review_on=review_on,
        expected_from=decision.expected_from,
        expected_to=expected_to,
    )
    record(event, by=by, at=at)
    return decision


@transaction.atomic
def review_decision(decision: Decision, *, by: Person, at: datetime, version: int | None = None) -> Decision:
    """Measure a decision's number again, before it and since, and judge; judged already, nothing changes.

    Raises NotAllowed, Stale, DecisionNotDue.
    """
    lock(decision, version=version)
    require(policies.may_review_decision(by, decision))
    if decision.is_reviewed:
        return decision
    zone = company().zone
    whose = decision.whose
    readings: list[Decimal | None] = [None, None]
    if decision.metric in REGISTRY:
        spans = (decision.span_before(zone), decision.span_after(zone))
        readings = [actual_of(decision.metric, whose.unit, whose.key, span) for span in spans]
    before, after = readings
    decision.mark_reviewed(before=before, after=after, today=day_of(at, zone), at=at)
    save(decision, at=at)
    event = DecisionReviewed(**_facts(decision), verdict=decision.verdict, before=decision.before, after=decision.after)
    record(event, by=by, at=at)
    return decision


@transaction.atomic
def note_lesson(decision: Decision, *, lesson: str, by: Person, at: datetime, version: int | None = None) -> Decision:
    """Write down what was learned from a decision that was reviewed.

    Raises NotAllowed, Stale, DecisionNotReviewed.
    """
    lock(decision, version=version)
    require(policies.may_note_lesson(by, decision))
    if not decision.is_reviewed:
        raise DecisionNotReviewed
    decision.lesson = lesson.strip()
    fit(decision)
    save(decision, at=at)
    record(DecisionLessonNoted(**_facts(decision)), by=by, at=at)
    return decision


def _facts(decision: Decision) -> dict[str, Any]:
    return {
        "decision_id": decision.pk,
        "owner_id": decision.owner_id,
        "metric": decision.metric,
        "unit": decision.unit,
        "team_id": decision.team_id,
        "person_id": decision.person_id,
        "alert_id": decision.alert_id,
    }
