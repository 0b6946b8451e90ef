"""How the company works from week to week: visits with check-ins, for the last three months."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer, Visit, VisitType
from salesmode.kernel.holidays import is_workday
from salesmode.people.models import Person
from salesmode.simulation import words
from salesmode.simulation.story import Step, Story

DAYS = 92
# Where the cities are in which the company sells.
CITIES = {
    "上海市": (31.2304, 121.4737),
    "苏州市": (31.2990, 120.5853),
    "南京市": (32.0603, 118.7969),
    "杭州市": (30.2741, 120.1551),
    "宁波市": (29.8683, 121.5440),
    "深圳市": (22.5431, 114.0579),
    "广州市": (23.1291, 113.2644),
    "东莞市": (23.0207, 113.7518),
    "厦门市": (24.4798, 118.0894),
    "北京市": (39.9042, 116.4074),
    "天津市": (39.3434, 117.3616),
    "青岛市": (36.0671, 120.3826),
    "石家庄市": (38.0428, 114.5149),
    "成都市": (30.5728, 104.0668),
    "重庆市": (29.5630, 106.5516),
    "西安市": (34.3416, 108.9398),
    "武汉市": (30.5928, 114.3055),
}
STEPS = {
    "例行拜访": [("与决策人见面", "check"), ("了解近期需求", "check"), ("竞品动态", "text"), ("确认下一步", "check")],
    "仓库考察": [("查看作业流程", "check"), ("日均出库单量", "number"), ("库位数量", "number"), ("现场照片", "check")],
    "回款拜访": [("核对应收账款", "check"), ("承诺付款金额", "number"), ("承诺付款日期", "text")],
}
PURPOSES = ["了解新仓规划", "演示分拣方案", "跟进报价", "例行回访", "确认上线时间", "拜访新任负责人", "商务条款沟通"]
RIVALS = ["", "", "正在比较另一家的报价", "对手上周做过演示", "暂无"]
# How many customers a seller visits by plan; the more of the year's work would only make the demonstration slow.
TARGETS = 6


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Plan the visits of three months: kinds and rules first, then each seller's months."""
    begin = max(since, story.until - timedelta(days=DAYS)).replace(hour=9, minute=0)
    # On a workday, so that the rules stand before the first month is laid out.
    while not is_workday(begin.date(), "CN"):
        begin += timedelta(days=1)
    story.plan(begin, _rules(story))
    first = begin.date().replace(day=1)
    while first <= story.until.date():
        month_begins = datetime.combine(first, time(9, 30), tzinfo=story.until.tzinfo)
        story.plan(max(month_begins, begin + timedelta(minutes=30)), _months(story, first, random))
        first = (first + timedelta(days=32)).replace(day=1)


def _rules(story: Story) -> Step:
    def happen(at: datetime) -> None:
        by = story.cast.by_role["operations"]
        customers.set_visit_rules(per_month={"A": 2, "B": 1, "C": 1, "D": 0}, radius_m=500, by=by, at=at)
        for name, steps in STEPS.items():
            drafts = [{"label": label, "kind": kind} for label, kind in steps]
            customers.define_visit_type(name=name, steps=drafts, by=by, at=at)

    return happen


def _months(story: Story, first: date, random: Random) -> Step:
    def happen(at: datetime) -> None:
        for seller in story.cast.sellers:
            story.plan(at + timedelta(minutes=random.randint(0, 60)), _month(story, seller, first, random))

    return happen


def _month(story: Story, seller: Person, first: date, random: Random) -> Step:
    def happen(at: datetime) -> None:
        kinds = list(VisitType.objects.order_by("id"))
        graded = Customer.objects.filter(owner=seller, merged_into=None, grade__in=["A", "B", "C"])
        for customer in graded.order_by("grade", "id")[:TARGETS]:
            if customer.position is None and random.random() < 0.9:
                latitude, longitude = _near(CITIES.get(customer.city, CITIES["上海市"]), random, 9_000)
                customers.locate_customer(customer, latitude=latitude, longitude=longitude, by=seller, at=at)
            often = 2 if customer.grade == "A" else 1
            made = customers.set_visit_plan(customer, owner=seller, month=first, planned=often, by=seller, at=at)
            for visit in made.visits.filter(status=Visit.Status.PLANNED):
                about: dict[str, Any] = {"purpose": random.choice(PURPOSES), "type": random.choice(kinds)}
                customers.amend_visit(visit, **about, by=seller, at=at)
                _day_of(story, visit, seller, random)

    return happen


def _day_of(story: Story, visit: Visit, seller: Person, random: Random) -> None:
    """Put the visit itself on the agenda; the less diligent leave more of them out."""
    diligence = story.cast.habits[seller.pk].diligence
    clock = time(random.choice([9, 10, 11, 14, 15]), random.randint(0, 59))
    when = datetime.combine(visit.planned_on, clock, tzinfo=story.until.tzinfo)
    if random.random() < diligence:
        story.plan(when, _arrive(story, visit, random))
    elif random.random() < 0.4:
        story.plan(when, _call_off(visit))


def _call_off(visit: Visit) -> Step:
    def happen(at: datetime) -> None:
        visit.refresh_from_db()
        if visit.is_planned:
            customers.call_off_visit(visit, reason="客户临时出差", by=visit.owner, at=at)

    return happen


def _arrive(story: Story, visit: Visit, random: Random) -> Step:
    def happen(at: datetime) -> None:
        visit.refresh_from_db(from_queryset=Visit.objects.select_related("owner", "customer"))
        by = visit.owner
        elsewhere = Visit.objects.filter(owner=by, status=Visit.Status.UNDER_WAY)
        seen = Customer.objects.visible_to(by).filter(pk=visit.customer_id)
        if not visit.is_planned or elsewhere.exists() or not seen.exists():
            return
        where = visit.customer.position
        place: dict[str, Any] = {}
        if where is not None and random.random() < 0.95:
            metres = random.choices([60, 300, 2_500], [84, 12, 4])[0]
            latitude, longitude = _near(where, random, metres)
            place = {"latitude": latitude, "longitude": longitude, "accuracy_m": round(random.uniform(6, 45), 1)}
        customers.check_in_visit(visit, **place, by=by, at=at)
        story.plan(at + timedelta(minutes=random.randint(20, 75)), leave)

    def leave(at: datetime) -> None:
        visit.refresh_from_db(from_queryset=Visit.objects.select_related("owner", "type"))
        steps = visit.type.steps if visit.type else []
        answers = {step["label"]: _answer(step["kind"], random) for step in steps}
        result = random.choice(words.TALK["visit"])
        customers.check_out_visit(visit, result=result, answers=answers, by=visit.owner, at=at)

    return happen


def _answer(kind: str, random: Random) -> object:
    if kind == "check":
        return random.random() < 0.88
    return random.randint(2, 90) * 100 if kind == "number" else random.choice(RIVALS)


def _near(place: tuple[float, float], random: Random, metres: float) -> tuple[float, float]:
    """Return a place within so many metres, with the digits that a phone gives."""
    north, east = random.uniform(-metres, metres) / 111_320, random.uniform(-metres, metres) / 95_000
    return round(place[0] + north, 6), round(place[1] + east, 6)
