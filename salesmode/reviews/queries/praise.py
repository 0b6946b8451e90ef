"""Thanks as they are shown, and the badges that somebody has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from salesmode.people.models import Person
from salesmode.reviews.models import Badge, Recognition

LATEST = 50


@dataclass(frozen=True)
class Earned:
    """A badge that somebody has, and how often."""

    badge: Badge
    count: int


def praise(*, seen_by: Person, limit: int = LATEST) -> Sequence[Recognition]:
    """Return the latest thanks that somebody may see. One query."""
    rows = Recognition.objects.visible_to(seen_by).select_related("owner", "giver", "badge", "challenge")
    return list(rows.order_by("-given_at", "-id")[:limit])


def badges_of(person: Person) -> list[Earned]:
    """Return the badges that somebody has. Two queries."""
    counted = Recognition.objects.filter(owner=person, badge__isnull=False).values("badge")
    rows = list(counted.annotate(times=Count("pk"), latest=Max("given_at")).order_by("-latest"))
    there = Badge.objects.in_bulk([row["badge"] for row in rows])
    return [Earned(there[row["badge"]], row["times"]) for row in rows]
