"""Load the demonstration company: Chinese, some 40 people in six teams, two years of history, from a seed."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import now

from salesmode.kernel.here import in_company
from salesmode.kernel.one_piece import one_piece
from salesmode.people.models import Person
from salesmode.selling.models import Deal
from salesmode.simulation import chapters, company, story

SEED = 20_240_601
PASSWORD = "yunfan demo 2026 salesmode"  # noqa: S105
ROLES = ("director", "manager", "seller", "operations", "marketing", "service", "trainer", "finance", "auditor")
LEADS, ACCOUNTS = 1_000, 120
DAYS = 730
Progress = Callable[[float], None]


def load(
    *,
    progress: Progress = lambda share: None,
    seed: int = SEED,
    until: datetime | None = None,
    days: int = DAYS,
    leads: int = LEADS,
    accounts: int = ACCOUNTS,
    language: str = "zh-hans",
    password: str | None = PASSWORD,
    keep: Callable[[list[dict[str, str]]], None] = lambda people: None,
) -> list[dict[str, str]]:
    """Tell the company's story up to now, all of it or nothing, and return one sign-in for each role.

    `progress` hears how much of the time has passed, from 0 to 1. `keep` is given the sign-ins before the company is
    there for good, so that there is never one that nobody can sign in to.
    """
    until = (until or now()).astimezone(ZoneInfo("Asia/Shanghai"))
    since = (until - timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
    random = Random(seed)
    with transaction.atomic():
        with one_piece(), _long_breath():
            cast = company.found(random=random, password=password, language=language, at=since)
            tale = story.Story(cast=cast, random=random, until=until)
            story.fill(tale, since=since, leads=leads, accounts=accounts)
            chapters.plan(tale, since=since, seed=seed)
            with in_company():
                for told, when in enumerate(tale.told()):
                    if told % 100 == 0:
                        progress((when - since) / (until - since))
        cast.by_role["seller"] = _busiest(cast.by_role["manager"], since=since)
        people = [{"role": role, "email": cast.by_role[role].email, "password": password or ""} for role in ROLES]
        keep(people)
    progress(1.0)
    return people


@contextmanager
def _long_breath() -> Iterator[None]:
    """Look for cycles in memory seldom: a story makes many objects, and lets nearly all of them go by itself."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _busiest(manager: Person, *, since: datetime) -> Person:
    """Return who of a manager's first sellers has most to do: whoever looks at the company sees a full board."""
    there = Person.objects.filter(team=manager.team_id, role=Person.Role.SELLER)
    sellers = there.filter(is_active=True, started_on__lt=since.date())
    return sellers.annotate(busy=Count("deals", filter=Q(deals__outcome=Deal.Outcome.OPEN))).order_by("-busy", "pk")[0]
