"""The demonstration company has reviews, a plan, thanks and challenges to look at."""

from datetime import UTC, datetime

import pytest

from salesmode.reviews.models import Challenge, ImprovementPlan, Recognition, Review
from salesmode.simulation import demo


@pytest.mark.django_db
def test_the_demonstration_shows_two_finished_rounds_and_one_begun(system, settings, tmp_path):
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"

    demo.load(until=datetime(2026, 11, 26, 8, 0, tzinfo=UTC), days=400, leads=60, accounts=10)

    rounds: dict[str, list[str]] = {}
    for review in Review.objects.select_related("round"):
        rounds.setdefault(review.round.label, []).append(review.status)
    assert set(rounds["2026-Q1"]) == set(rounds["2026-Q2"]) == {"locked"}
    assert {"draft", "submitted", "told"} <= set(rounds["2026-Q3"])
    assert Review.objects.filter(status="locked", result__isnull=False).count() > 50
    assert sorted(Challenge.objects.values_list("status", flat=True)) == ["finished", "running"]
    assert Recognition.objects.exclude(badge=None).exists()
    assert ImprovementPlan.objects.get().goals.count() == 2
