"""Sign a review; when both have signed, it is locked."""

from datetime import datetime

from django.db import IntegrityError, transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import ReviewLockedForGood, ReviewSigned
from salesmode.reviews.models import Review, Signature, SignedAlready
from salesmode.reviews.operations.facts import review_facts


@transaction.atomic
def sign_review(review: Review, *, by: Person, at: datetime, version: int | None = None) -> Review:
    """Sign for oneself, or as the leader; the second of the two signatures locks the review.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, SignedAlready.
    """
    lock(review, version=version)
    require(policies.may_sign_review(by, review))
    review.must_be(*Review.TO_BE_SIGNED)
    role = Signature.Role.PERSON if by.pk == review.owner_id else Signature.Role.LEADER
    try:
        with transaction.atomic():
            Signature.objects.create(review=review, role=role, by=by, signed_at=at)
    except IntegrityError:
        raise SignedAlready from None
    record(ReviewSigned(**review_facts(review), role=role), by=by, at=at)
    is_last = review.signatures.count() == len(Signature.Role)
    if is_last:
        review.mark_locked(at=at)
    save(review, at=at)
    if is_last:
        facts = review_facts(review)
        record(ReviewLockedForGood(**facts, result=review.result, grade=review.grade), by=by, at=at)
    return review
