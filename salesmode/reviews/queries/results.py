"""Which result of a review holds: the latest that was said beside the manager's, else the manager's."""

from decimal import Decimal

from salesmode.reviews.models import Calibration, Review, ReviewSide


def standing_result(review: Review) -> Decimal | None:
    """Return the result that would be told now. Two queries at most; for leaders' eyes until it is told."""
    latest = Calibration.objects.filter(review=review).order_by("-made_at", "-id").first()
    if latest is not None:
        return latest.result
    view = ReviewSide.objects.filter(review=review, side=ReviewSide.Side.MANAGER).first()
    return view.result if view else None
