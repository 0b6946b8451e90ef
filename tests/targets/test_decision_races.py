"""Two who review a decision, or take care of an alert, at once do it once; and the guard is there for a reason."""

import sys
from datetime import date
from decimal import Decimal

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.targets import operations as targets
from salesmode.targets.models import Alert, Decision
from tests.conftest import MONDAY, TUESDAY
from tests.selling.test_races import ROUNDS, founder, race
from tests.targets.test_alert_races import finding, rule

__all__ = ["founder"]
pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 3


def due(founder) -> Decision:
    """A decision whose review date has come."""
    return targets.take_decision(
        title="Call more",
        why="Too few talks",
        metric="won_amount",
        expected_from=Decimal(1),
        expected_to=Decimal(2),
        review_on=date(2026, 3, 3),
        by=founder,
        at=MONDAY,
    )


def review_together(decision: Decision, founder) -> int:
    """Let the clock and people measure it again at once; return how often that was written down."""
    rows = [Decision.objects.get(pk=decision.pk) for _each in range(THREADS)]
    race(*(lambda row=row: targets.review_decision(row, by=founder, at=TUESDAY) for row in rows))
    return EventRecord.objects.filter(name="decision.reviewed", subject_id=decision.pk).count()


def acknowledge_together(alert: Alert, founder) -> int:
    """Let several take care of it at once; return how often that was written down."""
    rows = [Alert.objects.get(pk=alert.pk) for _each in range(THREADS)]
    race(*(lambda row=row: targets.acknowledge_alert(row, by=founder, at=TUESDAY) for row in rows))
    return EventRecord.objects.filter(name="alert.acknowledged", subject_id=alert.pk).count()


def unlocked(monkeypatch, verb: str) -> None:
    """Take away the lock of an operation; it still reads the newest row."""
    room = sys.modules[f"salesmode.targets.operations.{verb}"]
    monkeypatch.setattr(room, "lock", lambda row, **_how: row.refresh_from_db())


class TestReviewingAtOnce:
    def test_gives_one_verdict(self, founder, numbers):
        for _round in range(ROUNDS):
            assert review_together(due(founder), founder) == 1

    def test_without_its_lock_gives_several(self, founder, numbers, monkeypatch):
        unlocked(monkeypatch, "decisions")

        assert sum(review_together(due(founder), founder) for _round in range(ROUNDS)) > ROUNDS


class TestTakingCareAtOnce:
    def test_is_written_down_once(self, founder):
        watched = rule(founder)
        for number in range(ROUNDS):
            alert = targets.raise_alert(finding(watched, number), by=founder, at=TUESDAY)
            assert acknowledge_together(alert, founder) == 1

    def test_without_its_lock_is_written_down_several_times(self, founder, monkeypatch):
        unlocked(monkeypatch, "alerts")
        watched = rule(founder)
        raised = [targets.raise_alert(finding(watched, number), by=founder, at=TUESDAY) for number in range(ROUNDS)]

        assert sum(acknowledge_together(alert, founder) for alert in raised) > ROUNDS
