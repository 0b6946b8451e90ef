"""Whoever is told something reads it in their own language, else in the company's."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.timezone import now

from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period
from salesmode.people import operations as people
from salesmode.targets import operations as targets
from salesmode.targets.models import AlertRule
from salesmode.targets.models.alert_judging import judge_threshold
from salesmode.targets.queries.alert_findings import Finding, Spans
from salesmode.targets.queries.alert_rules import Subject
from salesmode.workspace.models import Notification

LABELS = {"zh-hans": "赢单金额", "en": "Won amount"}


@pytest.mark.parametrize(
    ("own", "companys", "read"), [("", "zh-hans", "zh-hans"), ("", "en", "en"), ("en", "zh-hans", "en")]
)
def test_an_alert_is_told_in(ana, ed, system, own, companys, read):
    Company.objects.update(language=companys)
    people.amend_person(ana, language=own, by=ed, at=now())
    rule = targets.set_alert_rule(
        metric="won_amount",
        kind_of=AlertRule.Kind.THRESHOLD,
        limit=Decimal(10),
        starts_on=date(2026, 3, 1),
        by=ed,
        at=now(),
    )
    month = Period.containing(date(2026, 3, 2), "month")
    judged = judge_threshold(Decimal(0), limit=Decimal(10), direction="below")
    finding = Finding(rule, Subject("person", person=ana), Spans(month, month, month), Decimal(0), judged, {})

    targets.raise_alert(finding, by=system, at=now())
    with translation.override("de"):  # the worker's language is nobody's
        run_waiting_jobs()

    assert LABELS[read] in Notification.objects.get(person=ana).title
