"""A round side by side: results, grades as they come out, and as they were meant to be shared out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesmode.people.models import Person, Team
from salesmode.reviews.models import Calibration, Review, ReviewRound, ReviewSide
from salesmode.reviews.models.scoring import Grade, grade_for, grades_of, headcounts
from salesmode.reviews.queries.teams import below


@dataclass(frozen=True)
class Row:
    """One person in a round: the manager's result, what was said beside it, and the grade."""

    review: Review
    numbers: Decimal | None
    own_level: Decimal | None
    manager_level: Decimal | None
    result: Decimal | None
    calibrated: Calibration | None
    standing: Decimal | None
    grade: str


@dataclass(frozen=True)
class GradeCount:
    """One grade: how many have it, which share that is, and how many it is meant for."""

    grade: Grade
    count: int
    meant: int
    share: float | None

    @property
    def difference(self) -> int:
        """Return how many more have it than it is meant for."""
        return self.count - self.meant


@dataclass(frozen=True)
class Comparison:
    """A round as one compares it."""

    round: ReviewRound
    rows: Sequence[Row]
    counts: Sequence[GradeCount]
    graded: int
    teams: Sequence[Team]


def comparison(opened: ReviewRound, *, team: Team | None = None, seen_by: Person) -> Comparison:
    """Return the reviews of a round that somebody leads or answers for, their own left out. About six queries."""
    reviews = Review.objects.visible_to(seen_by).filter(round=opened).exclude(owner=seen_by)
    teams = Team.objects.filter(pk__in=reviews.values("owner__team")).order_by("name")
    if team is not None:
        reviews = reviews.filter(owner__team__in=below(team))
    found = list(reviews.select_related("owner", "owner__team", "leader").prefetch_related("lines"))
    scale = grades_of(opened.grades)
    sides = {
        (side.review_id, side.side): side
        for side in ReviewSide.objects.filter(review__in=found, submitted_at__isnull=False).prefetch_related("scores")
    }
    latest = {row.review_id: row for row in Calibration.objects.filter(review__in=found).order_by("made_at", "id")}
    rows = []
    for review in found:
        own, manager = sides.get((review.pk, "self")), sides.get((review.pk, "manager"))
        calibrated = latest.get(review.pk)
        result = manager.result if manager else None
        standing = calibrated.result if calibrated else result
        rows.append(
            Row(
                review=review,
                numbers=_numbers(review),
                own_level=_mean(own),
                manager_level=_mean(manager),
                result=result,
                calibrated=calibrated,
                standing=standing,
                grade=grade_for(standing, scale),
            )
        )
    rows.sort(key=lambda row: (row.standing is None, -(row.standing or 0), row.review.owner.name))
    there = Counter(row.grade for row in rows if row.grade)
    graded = sum(there.values())
    counts = [
        GradeCount(grade, there[grade.code], meant, there[grade.code] / graded if graded else None)
        for grade, meant in zip(scale, headcounts(graded, scale), strict=True)
    ]
    return Comparison(opened, rows, counts, graded, list(teams))


def _numbers(review: Review) -> Decimal | None:
    lines = [line for line in review.lines.all() if line.is_metric and line.points is not None]
    weight = sum((line.weight for line in lines), Decimal())
    if not weight:
        return None
    return (sum((line.weight * (line.points or 0) for line in lines), Decimal()) / weight).quantize(Decimal("0.1"))


def _mean(side: ReviewSide | None) -> Decimal | None:
    levels = [score.level for score in side.scores.all() if score.level is not None] if side else []
    return (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.1")) if levels else None
