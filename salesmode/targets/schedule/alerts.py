"""Every five minutes: look at the rules when new numbers are in, and measure the decisions that are due."""

from datetime import datetime, timedelta

from salesmode.analytics import manifest
from salesmode.kernel.here import in_company
from salesmode.kernel.jobs import every
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person
from salesmode.targets import operations
from salesmode.targets.models import AlertRule, Decision

# Without anything new the passing of time alone can be worth an alert.
AT_LEAST_EVERY = timedelta(hours=1)


@every("minute", count=5)
def look_at_numbers(*, at: datetime) -> None:
    """Evaluate the rules that have not seen the newest numbers, or have not been asked for an hour."""
    loaded = manifest.current().loaded_at
    newest = datetime.fromisoformat(loaded) if loaded else None
    with in_company() as company:
        today = day_of(at, company.zone)
        waiting = [rule for rule in AlertRule.objects.on(today) if _waits(rule, newest, at)]
        if waiting:
            operations.evaluate_alert_rules(rules=waiting, by=Person.objects.system(), at=at)


def _waits(rule: AlertRule, newest: datetime | None, at: datetime) -> bool:
    seen = rule.evaluated_at
    return seen is None or at - seen >= AT_LEAST_EVERY or (newest is not None and newest > seen)


@every("minute", count=15)
def review_decisions(*, at: datetime) -> None:
    """Measure the decisions whose review date has come."""
    with in_company() as company:
        for decision in Decision.objects.due(day_of(at, company.zone)).order_by("pk"):
            operations.review_decision(decision, by=Person.objects.system(), at=at)
