"""Two evaluators at once raise one alert, and two who set a rule at once leave one that holds."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.targets import operations as targets
from salesmode.targets.models import Alert, AlertRule
from salesmode.targets.models.alert_judging import judge_threshold
from salesmode.targets.queries.alert_findings import Finding, Spans
from salesmode.targets.queries.alert_rules import Subject
from tests.conftest import MONDAY, TUESDAY
from tests.selling.test_races import ROUNDS, founder, race

__all__ = ["founder"]
pytestmark = pytest.mark.django_db(transaction=True)


def rule(founder, number: int = 0) -> AlertRule:
    """A rule that everything is worth an alert to."""
    more = {"each": "whole", "limit": Decimal(10 + number), "starts_on": date(2026, 1, 1 + number % 28)}
    return targets.set_alert_rule(metric="won_amount", kind_of="threshold", **more, by=founder, at=MONDAY)


def finding(watched: AlertRule, number: int) -> Finding:
    """What two evaluators find at the same time in one of many months."""
    month = Period.containing(date(2000 + number // 12, number % 12 + 1, 1), "month")
    judged = judge_threshold(Decimal(0), limit=Decimal(10), direction="below")
    return Finding(watched, Subject("company"), Spans(month, month, month), Decimal(0), judged, {})


def evaluate_together(watched: AlertRule, founder, number: int) -> list[str]:
    """Let two raise what both have found."""
    found = finding(watched, number)
    return race(*[lambda: targets.raise_alert(found, by=founder, at=TUESDAY)] * 2)


class TestEvaluatingAtOnce:
    def test_raises_one_alert(self, founder):
        watched = rule(founder)
        for number in range(ROUNDS):
            assert evaluate_together(watched, founder, number) == ["done", "done"]

        assert Alert.objects.count() == EventRecord.objects.filter(name="alert.raised").count() == ROUNDS

    def test_without_the_constraint_raises_two(self, founder):
        watched = rule(founder)
        constraint = next(each for each in Alert._meta.constraints if each.name == "alert_is_raised_once")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Alert, constraint)
        try:
            for number in range(ROUNDS):
                evaluate_together(watched, founder, number)
            assert Alert.objects.count() > ROUNDS
        finally:
            Alert.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(Alert, constraint)


class TestSettingAtOnce:
    def test_leaves_one_rule_that_holds(self, founder):
        for number in range(ROUNDS):
            results = race(*(lambda which=number + 100 * more: rule(founder, which) for more in range(2)))
            assert set(results) <= {"done", "refused"}
            assert AlertRule.objects.filter(ends_on=None).count() == 1
            AlertRule.objects.all().delete()
