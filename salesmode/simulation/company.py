"""The demonstration company: who works there, what it sells, and how good each seller is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from salesmode.catalog import operations as catalog
from salesmode.catalog.models import Product
from salesmode.kernel import operations as kernel
from salesmode.kernel.models import Company
from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.selling import operations as selling
from salesmode.selling.models import LossReason, Process
from salesmode.simulation import words

NAME = "云帆智能仓储科技有限公司"
DOMAIN = "yunfan-demo.example"
SELLERS_PER_TEAM = 6


@dataclass(frozen=True)
class Habits:
    """How somebody sells: skill moves the chance to win, diligence how often they follow up, speed how fast."""

    skill: float
    diligence: float
    speed: float
    workload: float


@dataclass
class Cast:
    """Everybody and everything that the story is told with."""

    system: Person
    process: Process
    reasons: list[LossReason]
    products: list[Product]
    sellers: list[Person] = field(default_factory=list)
    managers: dict[int, Person] = field(default_factory=dict)
    by_role: dict[str, Person] = field(default_factory=dict)
    habits: dict[int, Habits] = field(default_factory=dict)
    places: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    heirs: dict[int, Person] = field(default_factory=dict)

    def manager_of(self, seller: Person) -> Person:
        """Return who leads a seller."""
        return self.managers[seller.team_id or 0]

    def acting(self, seller: Person) -> Person:
        """Return who does what a seller was to do: somebody else, once the seller has left."""
        return self.heirs.get(seller.pk, seller)

    def answering(self, seller: Person) -> Person:
        """Return who answers for what a seller has sold: the manager, once the seller has left."""
        return self.manager_of(seller) if seller.pk in self.heirs else seller

    def team_of(self, team_id: int) -> list[Person]:
        """Return who sells in a team at the moment."""
        return [seller for seller in self.sellers if seller.team_id == team_id]


class Names:
    """Invented Chinese names, each once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.taken: set[str] = set()

    def __call__(self) -> str:
        """Return a name that nobody has yet."""
        while True:
            name = self.random.choice(words.SURNAMES) + self.random.choice(words.GIVEN)
            if name not in self.taken:
                self.taken.add(name)
                return name


def email_of(name: str) -> str:
    """Return the address that a name gets in this company: zhang.wei@…"""
    from pypinyin import lazy_pinyin  # 57 MB that only this needs

    return f"{lazy_pinyin(name[0])[0]}.{''.join(lazy_pinyin(name[1:]))}@{DOMAIN}"


def found(*, random: Random, password: str | None, language: str, at: datetime) -> Cast:
    """Found the company: its process and products, and 40 people in six teams, one of each role with the password."""
    system = Person.objects.system()
    if not Company.objects.filter(set_up_at__isnull=False).exists():
        kernel.set_up_company(name=NAME, language=language, currency="CNY", time_zone="Asia/Shanghai", by=system, at=at)
    process = selling.define_standard_process(language=language, by=system, at=at)
    products = [
        catalog.create_product(code=code, name=name, series=series, unit=unit, price=Decimal(price), by=system, at=at)
        for code, name, series, unit, price in words.PRODUCTS
    ]
    reasons = list(LossReason.objects.order_by("id"))
    cast = Cast(system=system, process=process, reasons=reasons, products=products)
    _hire(cast, random=random, password=password, at=at)
    return cast


def _hire(cast: Cast, *, random: Random, password: str | None, at: datetime) -> None:
    names, seen = Names(random), set[str]()

    def hire(role: str, team: Team | None, title: str, started: int = 800) -> Person:
        name = names()
        # Any seller of the first team may become the one whom visitors sign in as: whoever is busiest in the end.
        key = password if role not in seen or (role == "seller" and len(cast.managers) == 1) else None
        seen.add(role)
        details = {"title": title, "started_on": (at + timedelta(days=random.randint(0, 60) - started)).date()}
        return people.create_person(
            email=email_of(name), name=name, role=role, team=team, password=key, by=cast.system, at=at, **details
        )

    cast.by_role["director"] = hire("director", None, "销售总监", 2400)
    for number, (team_name, places) in enumerate(words.REGIONS.items()):
        team = people.create_team(name=team_name, by=cast.system, at=at)
        manager = hire("manager", team, "销售经理", 1800)
        people.amend_team(team, lead=manager, by=cast.system, at=at)
        cast.managers[team.pk] = manager
        for place in range(SELLERS_PER_TEAM - (number == 4)):
            seller = hire("seller", team, "大客户经理" if number == 4 else "销售代表", random.randint(200, 2000))
            cast.sellers.append(seller)
            cast.places[seller.pk] = places
            cast.habits[seller.pk] = _habits(random, team=number, place=place)
    support = people.create_team(name=words.SUPPORT_TEAM, by=cast.system, at=at)
    for role, title in [
        ("operations", "销售运营"),
        ("marketing", "市场专员"),
        ("service", "客户服务"),
        ("trainer", "销售培训"),
    ]:
        cast.by_role[role] = hire(role, support, title)
    cast.by_role["finance"] = hire("finance", support, "应收会计")
    cast.by_role["auditor"] = hire("auditor", None, "内审")
    cast.by_role["manager"], cast.by_role["seller"] = next(iter(cast.managers.values())), cast.sellers[0]


def _habits(random: Random, *, team: int, place: int) -> Habits:
    """Every team has a star, a beginner and people in between; the west follows up worst."""
    skill = {0: 0.16, SELLERS_PER_TEAM - 2: -0.14}.get(place, random.gauss(0.0, 0.05))
    diligence = min(0.98, max(0.35, random.gauss(0.78, 0.12) - (0.2 if team == 3 else 0)))
    return Habits(skill=skill, diligence=diligence, speed=random.uniform(0.75, 1.35), workload=random.uniform(0.7, 1.3))
