"""The cast. Ana sells; Bo leads Ana; Cy sells elsewhere and must see nothing of Ana's."""

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings

from salesmode.customers.models import Customer
from salesmode.kernel.models import Company, CurrencyRate
from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Process, Stage

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
PASSWORD = "a long pass phrase for tests"
# The same code gets the same examples, however busy the machine is; a search with more of them gets new ones each time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize="SALESMODE_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def today() -> date:
    """Return the day that the company has: for hours each day it is not the day of UTC."""
    return localdate(timezone=Company.objects.current().zone)


@pytest.fixture(autouse=True)
def _speak_english():
    """Speak one language at the start of each test, whatever the one before asked for."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _no_jobs_left(request):
    """Take along the jobs that a test with real transactions leaves: emptying the tables forgets them."""
    marker = request.node.get_closest_marker("django_db")
    real = (marker is not None and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if real:
        request.getfixturevalue("transactional_db")
    yield
    if real:
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs")


@pytest.fixture
def system(db) -> Person:
    """The system itself, in a company that is set up; a test of a race takes it away when it empties the tables."""
    Company.objects.get_or_create(pk=1, defaults={"set_up_at": MONDAY})
    return Person.objects.filter(role=Person.Role.SYSTEM).first() or Person.objects.create(
        role=Person.Role.SYSTEM,
        email="system@salesmode.invalid",
        name="Salesmode",
        password="!",
        created_at=MONDAY,
        updated_at=MONDAY,
    )


@pytest.fixture
def north(system) -> Team:
    """The team that Bo leads."""
    return people.create_team(name="North", by=system, at=MONDAY)


@pytest.fixture
def south(system) -> Team:
    """Another team."""
    return people.create_team(name="South", by=system, at=MONDAY)


def _join(name: str, role: str, team: Team | None, by: Person) -> Person:
    person = people.create_person(
        email=f"{name.lower()}@example.com", name=name, role=role, team=team, by=by, at=MONDAY
    )
    person.language = "en"
    person.save(update_fields=["language"])
    return person


@pytest.fixture
def bo(system, north) -> Person:
    """Leads Ana's team."""
    person = _join("Bo", "manager", north, system)
    people.amend_team(north, lead=person, by=system, at=MONDAY)
    return person


@pytest.fixture
def ana(system, north, bo) -> Person:
    """Sells in the north."""
    return _join("Ana", "seller", north, system)


@pytest.fixture
def cy(system, south) -> Person:
    """Sells in the south and must see nothing of Ana's."""
    return _join("Cy", "seller", south, system)


@pytest.fixture
def di(system) -> Person:
    """Directs all sales."""
    return _join("Di", "director", None, system)


@pytest.fixture
def ed(system) -> Person:
    """Administers."""
    return _join("Ed", "operations", None, system)


@pytest.fixture
def fay(system) -> Person:
    """Audits: reads everything, writes nothing."""
    return _join("Fay", "auditor", None, system)


@pytest.fixture
def gil(system) -> Person:
    """Does the finances."""
    return _join("Gil", "finance", None, system)


@pytest.fixture
def process(system) -> Process:
    """The source's five stages."""
    drafts = [
        selling.StageDraft("Identify", 10),
        selling.StageDraft("Discover", 30),
        selling.StageDraft("Present", 50, Stage.Category.BEST_CASE),
        selling.StageDraft("Objections", 70, Stage.Category.MOST_LIKELY),
        selling.StageDraft("Close", 90, Stage.Category.COMMIT),
    ]
    return selling.define_process(name="Standard", stages=drafts, is_default=True, by=system, at=MONDAY)


@pytest.fixture
def northwind(ana) -> Customer:
    """Ana's customer."""
    from salesmode.customers import operations as customers

    return customers.create_customer(name="Northwind", owner=ana, by=ana, at=MONDAY)


@pytest.fixture
def renewal(ana, northwind, process) -> Deal:
    """Ana's deal with Northwind."""
    return selling.open_deal(
        title="Renewal", customer=northwind, owner=ana, amount=Decimal("1200.00"), by=ana, at=MONDAY
    )


@pytest.fixture
def rates(db) -> None:
    """What yen, dinars and dollars are worth."""
    for currency, rate in (("JPY", "0.05"), ("KWD", "23.5"), ("USD", "7.1")):
        CurrencyRate(currency=currency, valid_from=date(2020, 1, 1), rate=Decimal(rate)).save()


@pytest.fixture
def numbers(db, settings, tmp_path):
    """The warehouse of this test: `numbers("won_amount", "2026-03")` loads what happened so far and measures."""
    from salesmode.analytics import loader
    from salesmode.analytics.measure import measure
    from salesmode.kernel.periods import Period

    settings.WAREHOUSE_DIR = tmp_path / "warehouse"

    def ask(code: str, period: str = "2026-03", **how):
        loader.load_once(own=True)
        return measure(code, Period.parse(period), **how)

    return ask
