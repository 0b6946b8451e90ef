"""Calibrate, tell, agree or not, answer, and give a second opinion."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import (
    ReviewAgreed,
    ReviewAnswered,
    ReviewCalibrated,
    ReviewDisagreed,
    ReviewSecondOpinionGiven,
    ReviewTold,
)
from salesmode.reviews.models import Calibration, Review
from salesmode.reviews.models.scoring import grade_for, grades_of
from salesmode.reviews.operations.facts import review_facts
from salesmode.reviews.queries.results import standing_result


@transaction.atomic
def calibrate_review(
    review: Review, *, result: Decimal, reason: str, by: Person, at: datetime, version: int | None = None
) -> Review:
    """Say a result otherwise than the manager did, beside it and with a reason.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, Invalid without a reason.
    """
    lock(review, version=version)
    require(policies.may_calibrate_review(by, review))
    review.must_be(Review.Status.SUBMITTED)
    _say_otherwise(review, Calibration.Cause.CALIBRATION, result, reason, by=by, at=at)
    save(review, at=at)
    record(ReviewCalibrated(**review_facts(review)), by=by, at=at)
    return review


@transaction.atomic
def tell_review(review: Review, *, by: Person, at: datetime, version: int | None = None) -> Review:
    """Let the person know the result: as the manager said it, or as it was calibrated last.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn.
    """
    lock(review, version=version)
    require(policies.may_tell_review(by, review))
    result = standing_result(review)
    review.mark_told(result, grade_for(result, grades_of(review.round.grades)), at=at)
    save(review, at=at)
    record(ReviewTold(**review_facts(review), result=review.result, grade=review.grade), by=by, at=at)
    return review


@transaction.atomic
def agree_review(review: Review, *, by: Person, at: datetime, version: int | None = None) -> Review:
    """Agree with one's review.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn.
    """
    lock(review, version=version)
    require(policies.may_agree_review(by, review))
    review.mark_agreed()
    save(review, at=at)
    record(ReviewAgreed(**review_facts(review)), by=by, at=at)
    return review


@transaction.atomic
def disagree_review(review: Review, *, statement: str, by: Person, at: datetime, version: int | None = None) -> Review:
    """Disagree with one's review, and say why.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, Invalid without a statement.
    """
    lock(review, version=version)
    require(policies.may_disagree_review(by, review))
    review.mark_disagreed(statement)
    fit(review)
    save(review, at=at)
    record(ReviewDisagreed(**review_facts(review)), by=by, at=at)
    return review


@transaction.atomic
def answer_disagreement(review: Review, *, answer: str, by: Person, at: datetime, version: int | None = None) -> Review:
    """Answer somebody who does not agree.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, Invalid without an answer.
    """
    lock(review, version=version)
    require(policies.may_answer_disagreement(by, review))
    review.mark_answered(answer)
    fit(review)
    save(review, at=at)
    record(ReviewAnswered(**review_facts(review)), by=by, at=at)
    return review


@transaction.atomic
def give_second_opinion(
    review: Review,
    *,
    opinion: str,
    result: Decimal | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Review:
    """Say as the next leader what one thinks; with a result of one's own, that one holds.

    Raises NotAllowed for who assessed it, Stale, ReviewLocked, NotYourTurn, Invalid without an opinion.
    """
    lock(review, version=version)
    require(policies.may_give_second_opinion(by, review))
    review.mark_second_opinion(opinion, by=by)
    if result is not None:
        _say_otherwise(review, Calibration.Cause.SECOND_OPINION, result, opinion, by=by, at=at)
        review.result, review.grade = result, grade_for(result, grades_of(review.round.grades))
    fit(review)
    save(review, at=at)
    record(ReviewSecondOpinionGiven(**review_facts(review), result=review.result, grade=review.grade), by=by, at=at)
    return review


def _say_otherwise(review: Review, cause: str, result: Decimal, reason: str, *, by: Person, at: datetime) -> None:
    wrong = {}
    if result < 0:
        wrong["result"] = [_("A result is not below 0.")]
    if not reason.strip():
        wrong["reason"] = [_("Say why.")]
    if wrong:
        raise Invalid(wrong)
    row = Calibration(
        review=review,
        cause=cause,
        former=standing_result(review),
        result=result,
        reason=reason.strip(),
        by=by,
        made_at=at,
    )
    fit(row)
    row.save()
