"""How the company watches its numbers: a few rules, and decisions of the last year that met their review date."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Sum

from salesmode.people.models import Team
from salesmode.selling.models import Deal
from salesmode.simulation.story import Step, Story
from salesmode.targets import operations as targets
from salesmode.targets.models import Whose

# How many days ago, for how many days, by how much the won amount is to grow, what was decided, and why.
DECISIONS = [
    (300, 60, 12, "每周一早会复盘本周必赢商机", "季度末集中成交，月中缺少推进。"),
    (210, 60, 25, "A 级客户改为每月两次拜访", "老客户复购下降，拜访间隔过长。"),
    (130, 45, 10, "报价 48 小时内必须回访", "报价后客户流失明显。"),
    (75, 45, 30, "重点行业组建方案小组", "大单方案准备周期太长。"),
    (20, 45, 15, "新线索当天联系", "线索响应慢，转化率走低。"),
]
RULES: list[tuple[str, str, str, Decimal, dict[str, Any]]] = [
    ("won_amount", "pace", "person", Decimal(20), {"severity": "attention"}),
    ("won_amount", "pace", "team", Decimal(10), {"severity": "urgent", "receivers": ["owner", "director"]}),
    ("overdue_follow_ups", "threshold", "person", Decimal(25), {"direction": "above", "severity": "info"}),
    ("new_customers", "anomaly", "team", Decimal(3), {"direction": "either", "severity": "info"}),
]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Plan the rules two months ago, and the decisions each on its day."""
    story.plan(max(since, story.until - timedelta(days=60)), _rules(story))
    for number, (ago, days, more, title, why) in enumerate(DECISIONS):
        when = story.until - timedelta(days=ago)
        if when - timedelta(days=days) > since:
            story.plan(when, _decision(story, number, days, more, title, why))


def _rules(story: Story) -> Step:
    def happen(at: datetime) -> None:
        by = story.cast.by_role["director"]
        for code, kind, each, limit, how in RULES:
            targets.set_alert_rule(
                metric=code, kind_of=kind, each=each, limit=limit, starts_on=at.date(), by=by, at=at, **how
            )

    return happen


def _decision(story: Story, number: int, days: int, more: int, title: str, why: str) -> Step:
    def happen(at: datetime) -> None:
        teams = list(Team.objects.filter(members__role="seller").distinct().select_related("lead").order_by("pk"))
        team = teams[number % len(teams)]
        won = Deal.objects.won().filter(owner__team=team, decided_at__gte=at - timedelta(days=days), decided_at__lt=at)
        before = won.aggregate(whole=Sum("company_amount"))["whole"] or Decimal(0)
        targets.take_decision(
            title=title,
            why=why,
            metric="won_amount",
            whose=Whose("team", team=team),
            expected_from=before.quantize(Decimal(1)),
            expected_to=(before * (100 + more) / 100).quantize(Decimal(1000)) or Decimal(100_000),
            review_on=at.date() + timedelta(days=days),
            by=team.lead or story.cast.by_role["director"],
            at=at,
        )

    return happen
