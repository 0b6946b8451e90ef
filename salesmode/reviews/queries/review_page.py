"""A review as somebody may see it: what each side thinks stays with that side until it is sent, and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.models import Calibration, Review, ReviewLine, ReviewScore, ReviewSide, Signature
from salesmode.reviews.models.scoring import grade_for, grades_of
from salesmode.reviews.queries.readings import Measured, levels_of, measured_lines, result_of

STATUS = Review.Status


@dataclass(frozen=True)
class View:
    """One side's view, with its scores by line."""

    side: ReviewSide
    scores: Mapping[int, ReviewScore]


@dataclass(frozen=True)
class Competency:
    """One competency with what both sides say of it, as far as the viewer may know."""

    line: ReviewLine
    own: ReviewScore | None
    manager: ReviewScore | None

    @property
    def differs(self) -> bool:
        """Whether the two sides are apart: something to talk about."""
        levels = [score.level for score in (self.own, self.manager) if score is not None and score.level is not None]
        return len(set(levels)) > 1

    def anchor(self, level: int) -> str:
        """Return what a level stands for."""
        return self.line.anchors[level - 1] if 0 < level <= len(self.line.anchors) else ""


@dataclass(frozen=True)
class ReviewPage:
    """Everything that a review's page shows to one person."""

    review: Review
    measured: Sequence[Measured]
    competencies: Sequence[Competency]
    own: View | None
    manager: View | None
    own_result: Decimal | None
    calibrations: Sequence[Calibration]
    signatures: Sequence[Signature]
    standing: Decimal | None
    grade: str
    may: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_told(self) -> bool:
        """Whether the person knows the result."""
        return self.review.is_told

    @property
    def signed_by(self) -> dict[str, Signature]:
        """Return who signed for which side."""
        return {signature.role: signature for signature in self.signatures}


def knows_the_managers_view(review: Review, person: Person) -> bool:
    """Say whether somebody may know what the manager thinks: the person only once it was told."""
    if review.owner_id == person.pk:
        return review.is_told
    view = review.sides.filter(side=ReviewSide.Side.MANAGER, submitted_at__isnull=False)
    return policies.may_assess_review(person, review) or view.exists()


def knows_the_own_view(review: Review, person: Person) -> bool:
    """Say whether somebody may know what the person thinks of themselves: others only once it was sent."""
    sent = review.sides.filter(side=ReviewSide.Side.SELF, submitted_at__isnull=False)
    return review.owner_id == person.pk or sent.exists()


def view_of(review: Review, side: str) -> View | None:
    """Return one side's view. Two queries."""
    found = review.sides.filter(side=side).select_related("by").first()
    if found is None:
        return None
    return View(found, {score.line_id: score for score in found.scores.all()})


def review_page(review: Review, *, seen_by: Person) -> ReviewPage:
    """Return a review as somebody may see it. About ten queries, and one measurement while the numbers move."""
    lines = list(review.lines.order_by("position", "id"))
    own = view_of(review, ReviewSide.Side.SELF) if knows_the_own_view(review, seen_by) else None
    knows = knows_the_managers_view(review, seen_by)
    manager = view_of(review, ReviewSide.Side.MANAGER) if knows else None
    calibrations = list(review.calibrations.select_related("by").order_by("made_at", "id")) if knows else []
    measured = measured_lines(review, lines)
    standing = calibrations[-1].result if calibrations else manager.side.result if manager else None
    return ReviewPage(
        review=review,
        measured=measured,
        competencies=[
            Competency(line, own.scores.get(line.pk) if own else None, manager.scores.get(line.pk) if manager else None)
            for line in lines
            if not line.is_metric
        ],
        own=own,
        manager=manager,
        own_result=result_of(lines, measured, levels_of(own.side)).value if own and own.side.submitted_at else None,
        calibrations=calibrations,
        signatures=list(review.signatures.select_related("by")),
        standing=standing,
        grade=grade_for(standing, grades_of(review.round.grades)),
        may=what_may(review, seen_by),
    )


def what_may(review: Review, person: Person) -> dict[str, bool]:
    """Return which steps somebody may take with a review now."""
    here = review.status
    role = Signature.Role.PERSON if person.pk == review.owner_id else Signature.Role.LEADER
    signed = review.signatures.filter(role=role).exists()
    return {
        "score_self": here == STATUS.DRAFT and policies.may_score_self(person, review),
        "assess": here in (STATUS.DRAFT, STATUS.SELF) and policies.may_assess_review(person, review),
        "calibrate": here == STATUS.SUBMITTED and policies.may_calibrate_review(person, review),
        "tell": here == STATUS.SUBMITTED and policies.may_tell_review(person, review),
        "agree": here in (STATUS.TOLD, STATUS.ANSWERED) and policies.may_agree_review(person, review),
        "disagree": here == STATUS.TOLD and policies.may_disagree_review(person, review),
        "answer": here == STATUS.DISAGREED and policies.may_answer_disagreement(person, review),
        "second_opinion": here == STATUS.ANSWERED and policies.may_give_second_opinion(person, review),
        "sign": here in Review.TO_BE_SIGNED and not signed and policies.may_sign_review(person, review),
    }
