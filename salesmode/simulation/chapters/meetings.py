"""The weeks of the demonstration company: reports, pipeline reviews, one-to-ones, and what is agreed there."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from salesmode.kernel.holidays import is_workday
from salesmode.people.models import Person
from salesmode.reviews import operations as reviews
from salesmode.reviews import queries
from salesmode.reviews.models import Action, DealDecision, Meeting, WorkReport
from salesmode.reviews.models.rhythm import due_day
from salesmode.selling.models import Deal
from salesmode.simulation.story import Step, Story

WEEKS = 8
# One-to-ones and daily reports came later; daily ones in two teams only, so that the demonstration stays quick.
LATER_WEEKS = 4
MONDAY, THURSDAY, FRIDAY = 0, 3, 4
PROBLEMS = [
    "客户预算要到下月才能批下来",
    "方案演示需要售前支持",
    "竞争对手报价比我们低一成",
    "联系不上分管副总，请帮忙引荐",
    "有一笔回款逾期，需要财务配合对账",
]
COMMENTS = [
    "收到，方案的事我来协调售前。",
    "先确认决策链，再谈价格。",
    "这周跟进得扎实，继续。",
    "报价之前先找我过一遍。",
]
ACTIONS = [
    "约客户分管副总见一次面",
    "核实预算和采购流程",
    "请售前一起再拜访一次",
    "补齐需求确认书",
    "把下一步和时间写进商机",
]
NOTES = [
    "过了金额最大的几个商机，风险主要在决策人没有见到。",
    "两个商机推迟到下月，其余按计划推进。",
    "本周重点：把没有下一步的商机补齐。",
]
TALKS = ["本月进度比上月好，新客户开拓还不够。", "客户关系维护得不错，报价节奏要再稳一点。", "拜访准备明显更充分了。"]
SKILLS = ["提问与倾听", "方案价值呈现", "报价与谈判", "决策链梳理"]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Plan the weeks one after the other: what is to happen first, then what did."""
    today = story.until.date()
    first = max(since.date(), today - timedelta(weeks=WEEKS))
    monday = first + timedelta(days=(MONDAY - first.weekday()) % 7)
    later = max(monday, today - timedelta(days=today.weekday()) - timedelta(weeks=LATER_WEEKS - 1))
    daily = sorted(story.cast.managers)[:2]
    _plan_at(story, monday, time(9), _habits(story, monday, later, daily))
    while monday <= today:
        _plan_at(story, monday, time(9, 1), _begin_week(story, monday, later, daily, random))
        monday += timedelta(days=7)


def _begin_week(story: Story, monday: date, later: date, daily: list[int], random: Random) -> Step:
    """Plan a week with whoever is there when it begins."""

    def happen(at: datetime) -> None:
        for team_id, lead in sorted(story.cast.managers.items()):
            sellers = story.cast.team_of(team_id)
            _week(story, monday, lead, sellers, random, talks=monday >= later)
            for seller in sellers:
                _report(story, seller, lead, "weekly", _on(monday, FRIDAY), random)
        days = [monday + timedelta(days=number) for number in range(5)] if monday >= later else []
        for day in days:
            for seller in story.cast.sellers:
                if seller.team_id in daily and is_workday(day, "CN"):
                    _report(story, seller, story.cast.manager_of(seller), "daily", day, random)

    return happen


def _plan_at(story: Story, day: date, clock: time, step: Step) -> None:
    story.plan(datetime.combine(day, clock, tzinfo=story.until.tzinfo), step)


def _on(monday: date, weekday: int) -> date | None:
    return due_day(monday, weekly=True, weekday=weekday, country="CN")


def _habits(story: Story, monday: date, later: date, daily: list[int]) -> Step:
    def happen(at: datetime) -> None:
        by: dict[str, Any] = {"by": story.cast.by_role["operations"], "at": at}
        reviews.set_rhythm("weekly_report", weekday=FRIDAY, starts_on=monday, **by)
        reviews.set_rhythm("pipeline_review", weekday=MONDAY, starts_on=monday, **by)
        reviews.set_rhythm("one_to_one", weekday=THURSDAY, starts_on=later, **by)
        for team_id in daily:
            reviews.set_rhythm("daily_report", team=story.cast.managers[team_id].team, starts_on=later, **by)

    return happen


def _report(story: Story, seller: Person, lead: Person, kind: str, day: date | None, random: Random) -> None:
    """Report in time, late or not at all, as diligent as somebody is; the manager reads it the next morning."""
    if day is None:
        return
    diligence, chance = story.cast.habits[seller.pk].diligence, random.random()
    morning = day + timedelta(days=1)
    while not is_workday(morning, "CN"):
        morning += timedelta(days=1)
    problem = random.choice(PROBLEMS) if random.random() < 0.3 else ""
    comment = random.choice(COMMENTS) if random.random() < 0.15 else ""
    is_read = random.random() < 0.85

    def write(at: datetime) -> None:
        if seller.pk in story.cast.heirs:
            return
        first = queries.first_of(kind, day)
        until = first + timedelta(days=1 if kind == "daily" else 7)
        draft = queries.report_draft(seller, first=first, until=until)
        draft["done"] = draft["done"] or "整理客户资料，准备下一次拜访。"
        report = reviews.submit_report(kind=kind, day=day, problems=problem, **draft, by=seller, at=at)
        if is_read:
            _plan_at(story, morning, time(9, 40), read(report))

    def read(report: WorkReport) -> Step:
        def happen(at: datetime) -> None:
            reviews.acknowledge_report(report, by=lead, at=at)
            if comment:
                reviews.comment_on_report(report, content=comment, by=lead, at=at)

        return happen

    if chance < diligence:
        _plan_at(story, day, time(17, random.randint(20, 59)), write)
    elif chance < diligence + 0.15:
        _plan_at(story, morning, time(9, random.randint(5, 30)), write)


def _week(story: Story, monday: date, lead: Person, sellers: list[Person], random: Random, *, talks: bool) -> None:
    """Plan the meetings of a team's week, and hold most of them."""

    def review(at: datetime) -> None:
        meeting = reviews.plan_meeting(
            kind="pipeline_review", team=lead.team, planned_on=at.date(), owner=lead, by=story.cast.system, at=at
        )
        _hold(story, meeting, sellers, random)

    def talk(seller: Person, day: date) -> Step:
        def happen(at: datetime) -> None:
            meeting = reviews.plan_meeting(kind="one_to_one", person=seller, planned_on=day, owner=lead, by=lead, at=at)
            _hold(story, meeting, [seller], random)

        return happen

    if not is_workday(monday, "CN"):
        return
    _plan_at(story, monday, time(9, 5), review)
    if talks and (day := _on(monday, THURSDAY)) is not None:
        for seller in sellers:
            _plan_at(story, monday, time(9, 20), talk(seller, day))


def _hold(story: Story, meeting: Meeting, sellers: list[Person], random: Random) -> None:
    lead, is_talk = meeting.owner, meeting.person is not None

    def hold(at: datetime) -> None:
        deals = list(Deal.objects.open().filter(owner__in=sellers).order_by("-company_amount", "id")[:6])
        chosen = random.sample(deals, min(len(deals), 1 if is_talk else 3))
        said: dict[str, Any] = {"notes": random.choice(TALKS if is_talk else NOTES)}
        if is_talk:
            said |= {"deal": chosen[0] if chosen else None, "skill": random.choice(SKILLS)}
        reviews.amend_meeting(meeting, **said, by=lead, at=at)
        for deal in chosen:
            if not is_talk:
                choice = random.choice(DealDecision.Choice.values[:4])
                reviews.decide_deal_in_meeting(meeting, deal=deal, choice=choice, by=lead, at=at)
            if random.random() < 0.6:
                agree(deal, at)
        reviews.hold_meeting(meeting, minutes=random.randint(20, 60), by=lead, at=at)

    def agree(deal: Deal, at: datetime) -> None:
        due_on = _on(at.date() + timedelta(days=7), FRIDAY) or at.date() + timedelta(days=7)
        action = reviews.agree_action(
            meeting, text=random.choice(ACTIONS), owner=deal.owner, due_on=due_on, deal=deal, by=lead, at=at
        )
        if random.random() < story.cast.habits[deal.owner_id].diligence:
            _plan_at(story, due_on - timedelta(days=random.randint(0, 3)), time(16, 30), finish(action, deal.owner))

    def finish(action: Action, owner: Person) -> Step:
        def happen(at: datetime) -> None:
            reviews.finish_action(action, by=story.cast.answering(owner), at=at)

        return happen

    def miss(at: datetime) -> None:
        reviews.miss_meeting(meeting, reason="临时有客户来访", by=lead, at=at)

    clock = time(14, random.randint(0, 59)) if is_talk else time(10, 30)
    _plan_at(story, meeting.planned_on, clock, hold if random.random() < 0.88 else miss)
