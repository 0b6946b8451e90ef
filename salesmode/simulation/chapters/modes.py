"""How the demonstration company changed its mode: one team by figures, one by tradition, the others as they were."""

import tempfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salesmode.analytics import loader, manifest
from salesmode.kernel.periods import add_months
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import AdoptedPractice
from salesmode.people.models import Person, Team
from salesmode.simulation.story import Story
from salesmode.targets import operations as targets
from salesmode.targets.models import Whose
from salesmode.targets.queries import sheet_due

MONTHS_AGO, QUARTERS = 9, 5
# The weekly habits came later than the rest of a mode: the first months were for targets and figures.
LATER = {"daily_report", "weekly_report", "pipeline_review", "one_to_one", "scorecard", "pace_alerts"}
LATER_WEEKS, DAILY_WEEKS = 8, 4
DECISION_DAYS = 40
DAILY = {"daily_report", "one_to_one"}
FIRST_NOTE = "先在一个团队试行，年底看效果再决定是否推广。"
LATER_NOTE = "数据和目标已经跑顺，第二步把每周的会议和汇报固定下来。"
NOTES = {
    "deal_care": ("keep", "盘点时商机都是新的，会议时间少了一半，继续。"),
    "new_customers": ("adjust", "每周一个偏少，下季度提到两个看看。"),
}


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Adopt two modes nine months ago, and look near the end at what they brought."""
    if (story.until - since).days < 365:
        return
    began = (story.until - timedelta(days=MONTHS_AGO * 30.5)).replace(day=1, hour=9, minute=30)
    for number, mode in enumerate(("performance", "traditional")):
        first = [code for code in queries.library().modes[mode].practices if code not in LATER]
        story.plan(began + timedelta(minutes=number), partial(_adopt, story, number, mode, first, FIRST_NOTE))
    for weeks, codes in ((LATER_WEEKS, LATER - DAILY), (DAILY_WEEKS, DAILY)):
        monday = _monday(story, weeks)
        for number, mode in enumerate(("performance", "traditional")):
            more = [code for code in queries.library().modes[mode].practices if code in codes]
            if more:
                step = partial(_adopt, story, number, mode, more, LATER_NOTE)
                story.plan(monday + timedelta(minutes=number), step)
    for quarter in range(QUARTERS):
        checked = add_months(date(began.year, (began.month - 1) // 3 * 3 + 1, 1), 3 * quarter) + timedelta(days=9)
        when = datetime.combine(checked, time(10), tzinfo=began.tzinfo)
        if began < when < story.until:
            story.plan(when, partial(_go_over_the_targets, story))
    story.plan(story.until - timedelta(days=DECISION_DAYS), partial(_spread_the_work, story))
    story.plan(story.last_afternoon(time(17, 30)), partial(_look_back, story))


def _monday(story: Story, weeks: int) -> datetime:
    """Return the morning of a Monday, so many weeks ago, after what the company as a whole asks for is said."""
    monday = story.until - timedelta(days=story.until.weekday(), weeks=weeks - 1)
    return monday.replace(hour=9, minute=2, second=0, microsecond=0)


def _adopt(story: Story, number: int, mode: str, practices: list[str], note: str, at: datetime) -> None:
    team = Team.objects.get(pk=list(story.cast.managers)[number])
    wanted: dict[str, Any] = {"team": team, "mode": mode, "practices": practices, "from_day": at.date()}
    director = story.cast.by_role["director"]
    modes.adopt(**wanted, seen=queries.preview(**wanted).mark, note=note, by=director, at=at)


def _go_over_the_targets(story: Story, at: datetime) -> None:
    """Let the leads who are asked to go over their team's targets for the quarter, where nobody lacks one."""
    for team in Team.objects.filter(pk__in=list(story.cast.managers)[:2]).select_related("lead").order_by("pk"):
        due = sheet_due(team, at.date())
        if due is not None and not due.missing and team.lead is not None:
            targets.confirm_target_sheet(team, by=team.lead, at=at)


def _spread_the_work(story: Story, at: datetime) -> None:
    """Let the traditional team's lead decide what to do about its best seller."""
    team = Team.objects.select_related("lead").get(pk=list(story.cast.managers)[1])
    targets.take_decision(
        title="头号销售的三个大客户各安排一名副手",
        why="近一年三成以上业绩来自一个人，人一走客户就断了。",
        metric="top_seller_share",
        whose=Whose("team", team=team),
        expected_from=Decimal("0.34"),
        expected_to=Decimal("0.28"),
        review_on=at.date() + timedelta(days=180),
        by=team.lead or story.cast.by_role["director"],
        at=at,
    )


def _look_back(story: Story, at: datetime) -> None:
    """Evaluate everything that some team does, from a warehouse of this moment, and decide on two practices."""
    system = Person.objects.system()
    known = queries.library()
    subjects = [*(f"mode:{code}" for code in known.modes), *(f"practice:{code}" for code in known.practices)]
    with tempfile.TemporaryDirectory() as folder, manifest.kept_in(Path(folder)):
        loader.load_once(own=True)
        for subject in subjects:
            if queries.adopted_by(subject):
                effect = modes.request_effect(subject, by=story.cast.by_role["director"], at=at)
                modes.measure_effect(effect, by=system, at=at)
    for row in AdoptedPractice.objects.in_force().filter(code__in=NOTES).select_related("team").order_by("pk"):
        decision, note = NOTES[row.code]
        if row.team is not None and row.team.lead is not None:
            modes.decide_on_practice(row, decision=decision, note=note, by=row.team.lead, at=at)
