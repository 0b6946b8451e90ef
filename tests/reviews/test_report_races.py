"""Two browsers hand the same day in at once: one report is there."""

from datetime import date

import pytest
from django.db import transaction

from salesmode.kernel.refusals import Refusal
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import WorkReport
from tests.conftest import MONDAY
from tests.kernel.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50
DAY = date(2026, 3, 2)


def _outcomes(results) -> list[str]:
    return sorted(
        "refused" if isinstance(one, Refusal) else "failed" if isinstance(one, Exception) else "done" for one in results
    )


class TestSubmittingTwice:
    def test_reports_the_day_once(self, ana):
        for _round in range(ROUNDS):
            results = race(
                2, lambda one: reviews.submit_report(kind="daily", day=DAY, done=f"{one}", by=ana, at=MONDAY)
            )

            assert _outcomes(results) == ["done", "refused"]
            assert WorkReport.objects.count() == 1
            WorkReport.objects.all().delete()

    def test_looking_first_is_not_enough(self, ana):
        """The control: who looks before writing, as without the constraint, runs into the database."""

        def look_and_write(one: int) -> None:
            with transaction.atomic():
                if WorkReport.objects.filter(owner=ana, type="daily", first=DAY).exists():
                    raise Refusal("late")
                WorkReport.objects.create(
                    owner=ana,
                    type="daily",
                    first=DAY,
                    due_at=MONDAY,
                    submitted_at=MONDAY,
                    created_at=MONDAY,
                    updated_at=MONDAY,
                )

        clashes = 0
        for _round in range(ROUNDS):
            clashes += "failed" in _outcomes(race(2, look_and_write))
            WorkReport.objects.all().delete()

        assert clashes > 0
