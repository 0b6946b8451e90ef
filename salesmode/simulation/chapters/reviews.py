"""How the demonstration company manages people: two quarters of reviews, one begun, badges, a challenge, a plan."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from salesmode.analytics import loader, manifest
from salesmode.kernel.periods import add_months
from salesmode.people.models import Person
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Badge, Challenge, Review, ReviewTemplate
from salesmode.reviews.models.review import period_of
from salesmode.reviews.queries.readings import read_people
from salesmode.reviews.queries.results import standing_result
from salesmode.simulation.story import Story

QUARTER = 3
STRENGTHS = ["客户跟进及时，答应的事都办到了", "对产品熟悉，方案讲得清楚", "主动帮助新同事", "商机判断准，很少错报"]
IMPROVEMENTS = ["拜访前的准备可以更充分", "要更早接触到决策人", "商机的下一步要及时更新", "报价折扣控制得再严一些"]
THANKS = [
    ("周末赶到客户现场，帮我们稳住了项目", 1),
    ("带着新人跑完了整个投标流程", 1),
    ("把丢了半年的老客户重新请了回来", 0),
    ("方案演示准备得非常细，客户当场认可", None),
    ("分享的行业案例对全组都很有用", 1),
    ("连续三个月回款零逾期", 0),
]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Tell all of it in one step near the end, each act at its own time, with the numbers read once."""
    when = story.last_afternoon()
    if (story.until - since).days >= 365:
        story.plan(when, lambda at: _tell(story, random, at))


def _tell(story: Story, random: Random, at: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder, manifest.kept_in(Path(folder)):
        loader.load_once(own=True)
        this = date(at.year, (at.month - 1) // QUARTER * QUARTER + 1, 1)
        badges, template = _badges(story, at), _template(story, add_months(this, -QUARTER * 2), at)
        for back in (3, 2):
            _finished_round(story, random, template, add_months(this, -QUARTER * back))
        _running_round(story, random, template, add_months(this, -QUARTER), at)
        _challenges(story, random, badges, at)
        _thanks(story, random, badges, at)
        _plan(story, at)


def _badges(story: Story, at: datetime) -> list[Badge]:
    director, started = story.cast.by_role["director"], at - timedelta(days=500)
    wanted = [
        ("客户守护者", "把客户的事当成自己的事", "heart-handshake"),
        ("最佳搭档", "主动帮助同事", "award"),
        ("开单先锋", "挑战赛获胜", "rocket"),
    ]
    return [
        reviews.define_badge(name=name, meaning=meaning, icon=icon, by=director, at=started)
        for name, meaning, icon in wanted
    ]


def _template(story: Story, first: date, at: datetime) -> ReviewTemplate:
    """Write the form down, with what the middle seller brought in a quarter as the targets."""
    started, director = at - timedelta(days=600), story.cast.by_role["director"]
    anchors = ["需要督促", "能完成本职", "稳定可靠", "带动他人", "全公司榜样"]
    period = period_of(first, add_months(first, QUARTER))
    sellers = [seller.pk for seller in story.cast.sellers]
    values = read_people(["won_amount", "payments_received"], sellers, period)

    def middle(code: str) -> Decimal:
        found = sorted(values.get((code, key)) or Decimal() for key in sellers)
        return max(Decimal(10_000), found[len(found) // 2] // 10_000 * 10_000)

    cap = Decimal(150)
    lines = [
        reviews.LineDraft(Decimal(40), metric="won_amount", target=middle("won_amount"), cap=cap),
        reviews.LineDraft(Decimal(15), metric="win_rate", target=Decimal("0.35"), cap=cap),
        reviews.LineDraft(Decimal(15), metric="payments_received", target=middle("payments_received"), cap=cap),
        reviews.LineDraft(Decimal(15), name="客户经营", anchors=anchors),
        reviews.LineDraft(Decimal(15), name="团队协作", anchors=anchors),
    ]
    template = reviews.define_review_template(
        name="季度考核", lines=lines, guidance="先看数据，再谈事实；每一项都请举例。", by=director, at=started
    )
    reviews.set_review_cycle(template=template, grain="quarter", starts_on=started.date(), by=director, at=started)
    return template


def _open(story: Story, template: ReviewTemplate, first: date, at: datetime) -> list[Review]:
    until = add_months(first, QUARTER)
    opened = reviews.open_review_round(
        template=template,
        period=period_of(first, until),
        people=[seller for seller in story.cast.sellers if seller.started_on and seller.started_on < first],
        by=story.cast.by_role["director"],
        at=at,
    )
    return list(opened.reviews.select_related("owner", "round").order_by("pk"))


def _view(random: Random, story: Story, review: Review, kindness: float) -> reviews.SideDraft:
    habits = story.cast.habits[review.owner_id]
    competencies = [line.pk for line in review.lines.all() if not line.is_metric]
    level = 3 + 6 * habits.skill + kindness
    return reviews.SideDraft(
        levels={key: min(5, max(1, round(random.gauss(level, 0.7)))) for key in competencies},
        strengths=random.choice(STRENGTHS),
        improvements=random.choice(IMPROVEMENTS),
    )


def _finished_round(story: Story, random: Random, template: ReviewTemplate, first: date) -> None:
    """One round to its end; somebody disagrees, and the director has the last word."""
    zone, director = story.until.tzinfo, story.cast.by_role["director"]
    start = datetime.combine(add_months(first, QUARTER), time(9, 30), tzinfo=zone) + timedelta(days=2)
    for number, review in enumerate(_open(story, template, first, start)):
        manager, owner = story.cast.manager_of(review.owner), review.owner
        sent, judged = start + timedelta(days=3, hours=number % 8), start + timedelta(days=7, hours=number % 8)
        reviews.submit_self_review(review, draft=_view(random, story, review, 0.4), by=owner, at=sent)
        reviews.submit_review(review, draft=_view(random, story, review, 0.0), by=manager, at=judged)
        if number % 9 == 4:
            result = (standing_result(review) or Decimal(80)) + random.choice([-4, 3, 5])
            reason = "与其他大区拉齐尺度"
            reviews.calibrate_review(review, result=result, reason=reason, by=director, at=judged + timedelta(days=2))
        told = judged + timedelta(days=4)
        reviews.tell_review(review, by=manager, at=told)
        if number == 7:
            statement = "本季度有两个大单因客户预算冻结推迟，不应全部算在我身上。"
            reviews.disagree_review(review, statement=statement, by=owner, at=told + timedelta(days=1))
            answer = "预算冻结属实，但风险在上季度就能看到，商机阶段应当及时下调。"
            reviews.answer_disagreement(review, answer=answer, by=manager, at=told + timedelta(days=2))
            opinion = "双方都有道理：推迟的金额按一半计入。"
            second = (review.result or Decimal(70)) + 4
            reviews.give_second_opinion(
                review, opinion=opinion, result=second, by=director, at=told + timedelta(days=4)
            )
        else:
            reviews.agree_review(review, by=owner, at=told + timedelta(days=1))
        reviews.sign_review(review, by=owner, at=told + timedelta(days=5))
        reviews.sign_review(review, by=manager, at=told + timedelta(days=5, hours=2))


def _running_round(story: Story, random: Random, template: ReviewTemplate, first: date, at: datetime) -> None:
    """The round that everybody is in the middle of: some write, some wait, some know."""
    start = max(at - timedelta(days=12), datetime.combine(add_months(first, QUARTER), time(9), tzinfo=at.tzinfo))
    for number, review in enumerate(_open(story, template, first, start)):
        manager = story.cast.manager_of(review.owner)
        if number % 6 == 5:
            continue
        reviews.submit_self_review(review, draft=_view(random, story, review, 0.4), by=review.owner, at=at)
        if number % 6 in (0, 1, 2):
            reviews.submit_review(review, draft=_view(random, story, review, 0.0), by=manager, at=at)
        if number % 6 == 0:
            reviews.tell_review(review, by=manager, at=at)


def _challenges(story: Story, random: Random, badges: Sequence[Badge], at: datetime) -> None:
    director, sellers = story.cast.by_role["director"], story.cast.sellers
    month = date(at.year, at.month, 1)
    former = add_months(month, -1)
    began = datetime.combine(former, time(9, 5), tzinfo=at.tzinfo)
    over = reviews.set_up_challenge(
        name=f"{former.month} 月赢单争先赛",
        metric="won_amount",
        period=period_of(former, month),
        participants=sellers,
        rule=Challenge.Rule.RANKING,
        badge=badges[2],
        reward="团队聚餐",
        by=director,
        at=began,
    )
    counted = datetime.combine(month, time(6, 20), tzinfo=at.tzinfo)
    reviews.finish_challenge(over, by=story.cast.system, at=counted)
    reviews.set_up_challenge(
        name=f"{month.month} 月跟进出成果",
        metric="interactions",
        paired="won_amount",
        period=period_of(month, add_months(month, 1)),
        participants=sellers,
        rule=Challenge.Rule.RANKING,
        badge=badges[2],
        by=director,
        at=datetime.combine(month, time(9, 5), tzinfo=at.tzinfo),
    )


def _thanks(story: Story, random: Random, badges: Sequence[Badge], at: datetime) -> None:
    for number, (text, badge) in enumerate(THANKS):
        owner: Person = story.cast.sellers[(number * 5 + 1) % len(story.cast.sellers)]
        giver = story.cast.manager_of(owner)
        given = at - timedelta(days=5 + number * 9)
        reviews.give_recognition(
            owner=owner, text=text, badge=None if badge is None else badges[badge], by=giver, at=given
        )


def _plan(story: Story, at: datetime) -> None:
    """The beginner of the first team and his manager work on it."""
    owner = min(story.cast.sellers[:6], key=lambda seller: story.cast.habits[seller.pk].skill)
    manager, started = story.cast.manager_of(owner), at - timedelta(days=40)
    agreed = reviews.open_improvement_plan(
        owner=owner,
        reason="连续两个季度赢单率低于团队平均，方案阶段丢单偏多。",
        ends_on=(started + timedelta(days=90)).date(),
        goals=[
            reviews.GoalDraft("win_rate", Decimal("0.35")),
            reviews.GoalDraft("won_amount", Decimal(500_000)),
        ],
        steps=[
            reviews.StepDraft("跟随主管完成两次方案演示", (started + timedelta(days=20)).date()),
            reviews.StepDraft("复盘最近五个输单，写出原因", (started + timedelta(days=35)).date()),
            reviews.StepDraft("独立完成一次关键客户的需求访谈", (started + timedelta(days=70)).date()),
        ],
        by=manager,
        at=started,
    )
    first = agreed.steps.order_by("due_on").first()
    if first is not None:
        reviews.finish_plan_step(agreed, step=first, by=owner, at=started + timedelta(days=18))
    reviews.check_in_on_plan(
        agreed, text="两次演示都跟完了，学到先确认决策流程再报价。", by=owner, at=started + timedelta(days=19)
    )
    reviews.check_in_on_plan(
        agreed, text="进步明显，下一步重点练需求访谈。", by=manager, at=started + timedelta(days=28)
    )
