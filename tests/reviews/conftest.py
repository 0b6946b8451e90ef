"""A form, a round over the first quarter, and everybody who has something to do with Ana's review."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from salesmode.kernel.periods import Period
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Review, ReviewTemplate
from tests.conftest import MONDAY

APRIL = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def warehouse(settings, tmp_path):
    """A warehouse of this test's own."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"


@pytest.fixture
def form(ed, warehouse) -> ReviewTemplate:
    """60 for the won amount against 1,000, 40 for teamwork."""
    lines = [
        reviews.LineDraft(Decimal(60), metric="won_amount", target=Decimal(1000)),
        reviews.LineDraft(Decimal(40), name="Teamwork", anchors=["Alone", "Asks", "Helps", "Leads", "Lifts all"]),
    ]
    return reviews.define_review_template(name="Quarter", lines=lines, by=ed, at=MONDAY)


@pytest.fixture
def quarter() -> Period:
    """The first quarter of 2026."""
    return Period.parse("2026-Q1")


@pytest.fixture
def amy(system, north, ana) -> Person:
    """Sells beside Ana and must see nothing of Ana's review."""
    return people.create_person(
        email="amy@example.com", name="Amy", role="seller", team=north, by=system, at=MONDAY, language="en"
    )


@pytest.fixture
def review(form, quarter, ana, bo, ed) -> Review:
    """Ana's review."""
    reviews.open_review_round(template=form, period=quarter, by=ed, at=APRIL)
    return Review.objects.get(owner=ana)


def competency(review: Review) -> int:
    """The line that is about teamwork."""
    return review.lines.get(kind="competency").pk


def view(review: Review, level: int | None, **said: str) -> reviews.SideDraft:
    """What a side says."""
    return reviews.SideDraft(levels={competency(review): level}, **said)


@pytest.fixture
def sent(review, ana) -> Review:
    """Ana has sent her own view."""
    return reviews.submit_self_review(review, draft=view(review, 4, strengths="Listens"), by=ana, at=APRIL)


@pytest.fixture
def assessed(sent, bo) -> Review:
    """Bo has sent his."""
    said = {"strengths": "SECRETSTRENGTH", "improvements": "SECRETADVICE", "comment": "SECRETCOMMENT"}
    return reviews.submit_review(sent, draft=view(sent, 3, **said), by=bo, at=APRIL)


@pytest.fixture
def told(assessed, bo) -> Review:
    """Ana knows."""
    return reviews.tell_review(assessed, by=bo, at=APRIL)
