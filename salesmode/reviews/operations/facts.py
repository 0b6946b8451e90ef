"""What the events of this app say of its records."""

from typing import Any

from salesmode.people.models import Person
from salesmode.reviews.models import Challenge, ImprovementPlan, Review


def review_facts(review: Review) -> dict[str, Any]:
    """Return what every event of a review says; never what anybody thinks of the person."""
    return {
        "review_id": review.pk,
        "person_id": review.owner_id,
        "owner_id": review.owner_id,
        "team_id": _team_of(review.owner_id),
        "review_round_id": review.round_id,
        "first": review.first,
        "until": review.until,
    }


def plan_facts(plan: ImprovementPlan) -> dict[str, Any]:
    """Return what every event of an improvement plan says."""
    return {
        "improvement_plan_id": plan.pk,
        "person_id": plan.owner_id,
        "owner_id": plan.owner_id,
        "team_id": _team_of(plan.owner_id),
        "ends_on": plan.ends_on,
    }


def challenge_facts(challenge: Challenge) -> dict[str, Any]:
    """Return what every event of a challenge says."""
    return {
        "challenge_id": challenge.pk,
        "metric": challenge.metric,
        "first": challenge.first,
        "until": challenge.until,
    }


def _team_of(person_id: int) -> int | None:
    return Person.objects.filter(pk=person_id).values_list("team_id", flat=True).first()
