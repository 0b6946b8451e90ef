"""Plans on money received and on signed orders held back until money comes; statements settled, one questioned."""

from datetime import date, datetime, timedelta
from random import Random

from salesmode.kernel.periods import add_months
from salesmode.pay import operations as pay
from salesmode.pay.models import LedgerEntry, Statement
from salesmode.simulation.story import Story

MONTHS = 12
TIERS = [
    {"starts_at": 0, "rate": "1.2"},
    {"starts_at": 150_000, "rate": "1.8"},
    {"starts_at": 400_000, "rate": "2.4"},
]
KICKERS = [{"kind": "new_customer", "rate": "0.5"}]
GUARANTEE = {"guarantee": 6000, "guarantee_months": 3}
ON_TARGET = {"base_salary": 96_000, "target_variable": 24_000}
BETTER = [{"starts_at": 0, "rate": "1"}, {"starts_at": 150_000, "rate": "2"}, {"starts_at": 400_000, "rate": "3"}]


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Agree on a plan a year ago, and close every month since on the third."""
    this_month = story.until.date().replace(day=1)
    months = min(MONTHS, (this_month.year - since.year) * 12 + this_month.month - since.month - 1)
    if months < 1:
        return
    first = add_months(this_month, -months)
    story.plan(_noon(first - timedelta(days=6), story), _agree(story, first))
    closed = [add_months(first, number) for number in range(months)]
    for place, month in enumerate(closed):
        story.plan(
            _noon(add_months(month, 1) + timedelta(days=3), story), _close(story, month, last=place == months - 1)
        )
    story.plan(story.last_afternoon(), _bring_up_to_date(story))


def _noon(day: date, story: Story) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=story.until.tzinfo)


def _agree(story: Story, first: date):
    def happen(at: datetime) -> None:
        finance, director = story.cast.by_role["finance"], story.cast.by_role["director"]
        lead = {"measure": "received", "rate": 0, "override_rate": "0.3"}
        led = pay.define_plan(name="销售经理团队提成", terms=lead, by=finance, at=at)
        pay.publish_version(led.versions.get(), valid_from=first, by=director, at=at)
        for manager in story.cast.managers.values():
            pay.assign_plan(led, person=manager, valid_from=first, by=director, at=at)
        _hold_back(story, first, at)
        # The sellers' plan is the newer one: it is what a mode takes that asks for a plan on money received.
        terms = {
            "measure": "received",
            "style": "cumulative",
            "tiers": TIERS,
            "kickers": KICKERS,
            **GUARANTEE,
            **ON_TARGET,
        }
        made = pay.define_plan(
            name="回款提成方案", description="按回款计提，阶梯分段计算。", terms=terms, by=finance, at=at
        )
        pay.publish_version(made.versions.get(), valid_from=first, by=director, at=at)
        pay.assign_plan(made, valid_from=first, by=director, at=at)

    return happen


def _hold_back(story: Story, first: date, at: datetime) -> None:
    """Pay the team of large accounts when an order is signed, half of it only once the customer pays."""
    finance, director = story.cast.by_role["finance"], story.cast.by_role["director"]
    team = list(story.cast.managers.values())[-1].team
    terms = {"measure": "signed", "rate": "1.5", "hold_back": 50, "clawback_days": 180}
    made = pay.define_plan(
        name="大客户签约提成", description="签约计提，一半随客户回款释放。", terms=terms, by=finance, at=at
    )
    pay.publish_version(made.versions.get(), valid_from=first, by=director, at=at)
    pay.assign_plan(made, team=team, valid_from=first, by=director, at=at)


def _close(story: Story, month: date, *, last: bool):
    def happen(at: datetime) -> None:
        finance, director = story.cast.by_role["finance"], story.cast.by_role["director"]
        pay.close_period(month, by=finance, at=at)
        rows = list(Statement.objects.filter(month=month).select_related("owner").order_by("pk"))
        if last:
            _question(story, rows, at)
            return
        for row in rows:
            pay.approve_statement(row, by=director, at=at)
            pay.settle_statement(row, by=finance, at=at)

    return happen


def _question(story: Story, rows: list[Statement], at: datetime) -> None:
    """Let somebody ask about their largest commission of the month; half of the others are approved."""
    paid = LedgerEntry.objects.filter(rule="commission", reversal_of=None)
    for row in rows:
        entry = paid.filter(owner=row.owner, period=row.month).order_by("-amount", "pk").first()
        if entry is not None and row.owner.role == "seller" and row.owner.is_active:
            question = "这笔回款含新客户首单，麻烦核对一下是否按新客户加了奖励。"
            pay.dispute_statement(row, question=question, entry=entry, by=row.owner, at=at)
            break
    for row in rows[len(rows) // 2 :]:
        row.refresh_from_db()
        if not row.questions:
            pay.approve_statement(row, by=story.cast.by_role["director"], at=at)


def _bring_up_to_date(story: Story):
    def happen(at: datetime) -> None:
        people = [*story.cast.sellers, *story.cast.managers.values()]
        pay.post_commission([person.pk for person in people], by=story.cast.system, at=at)
        offer = {"measure": "received", "style": "best_tier", "tiers": BETTER}
        pay.define_plan(
            name="冲刺方案（草案）", description="达到档位后全部回款按该档计提。", terms=offer,
            by=story.cast.by_role["finance"], at=at,
        )  # fmt: skip

    return happen
