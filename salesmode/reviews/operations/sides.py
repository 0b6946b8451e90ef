"""Write and send what each side thinks; the manager's sending freezes the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import ReviewDrafted, ReviewSelfSubmitted, ReviewSubmitted
from salesmode.reviews.models import Review, ReviewLine, ReviewScore, ReviewSide
from salesmode.reviews.models.scoring import LEVELS
from salesmode.reviews.operations.facts import review_facts
from salesmode.reviews.queries.readings import levels_of, measured_lines, result_of

SELF, MANAGER = ReviewSide.Side.SELF, ReviewSide.Side.MANAGER


@dataclass(frozen=True)
class SideDraft:
    """What one side says: levels and comments by line, strengths, what to improve, a comment."""

    levels: Mapping[int, int | None] = field(default_factory=dict)
    comments: Mapping[int, str] = field(default_factory=dict)
    strengths: str = ""
    improvements: str = ""
    comment: str = ""


@transaction.atomic
def score_self(review: Review, *, draft: SideDraft, by: Person, at: datetime, version: int | None = None) -> Review:
    """Keep a person's own view as a draft that nobody else reads.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, Invalid.
    """
    lock(review, version=version)
    require(policies.may_score_self(by, review))
    review.must_be(Review.Status.DRAFT)
    _keep(review, SELF, draft, by=by)
    save(review, at=at)
    record(ReviewDrafted(**review_facts(review), side=SELF), by=by, at=at)
    return review


@transaction.atomic
def submit_self_review(
    review: Review, *, draft: SideDraft | None = None, by: Person, at: datetime, version: int | None = None
) -> Review:
    """Send a person's own view to the manager, with what is written now or what was kept.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, Invalid while a competency has no level.
    """
    lock(review, version=version)
    require(policies.may_submit_self_review(by, review))
    review.mark_self_submitted()
    _send(review, SELF, draft, by=by, at=at)
    save(review, at=at)
    record(ReviewSelfSubmitted(**review_facts(review)), by=by, at=at)
    return review


@transaction.atomic
def assess_review(review: Review, *, draft: SideDraft, by: Person, at: datetime, version: int | None = None) -> Review:
    """Keep the manager's view as a draft.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, SelfReviewMissing, Invalid.
    """
    lock(review, version=version)
    require(policies.may_assess_review(by, review))
    review.may_be_assessed(today=_today(at))
    _keep(review, MANAGER, draft, by=by)
    save(review, at=at)
    record(ReviewDrafted(**review_facts(review), side=MANAGER), by=by, at=at)
    return review


@transaction.atomic
def submit_review(
    review: Review, *, draft: SideDraft | None = None, by: Person, at: datetime, version: int | None = None
) -> Review:
    """Send the manager's view: from now on the numbers stay as they are read at this moment.

    Raises NotAllowed, Stale, ReviewLocked, NotYourTurn, SelfReviewMissing, Invalid while a competency has no level.
    """
    lock(review, version=version)
    require(policies.may_submit_review(by, review))
    review.mark_submitted(today=_today(at))
    lines = _lines(review)
    measured = measured_lines(review, lines)
    for one in measured:
        line = one.line
        line.reading, line.target, line.points, line.source = one.reading, one.target, one.points, dict(one.source)
        line.read_at = at
        line.save(update_fields=["reading", "target", "points", "source", "read_at"])
    side = _send(review, MANAGER, draft, by=by, at=at)
    worked_out = result_of(lines, measured, levels_of(side))
    side.result, side.covered = worked_out.value, worked_out.covered
    side.save(update_fields=["result", "covered"])
    save(review, at=at)
    record(ReviewSubmitted(**review_facts(review)), by=by, at=at)
    return review


def _today(at: datetime) -> date:
    return day_of(at, Company.objects.current().zone)


def _lines(review: Review) -> list[ReviewLine]:
    return list(review.lines.order_by("position", "id"))


def _keep(review: Review, side: str, draft: SideDraft, *, by: Person) -> ReviewSide:
    view, _is_new = ReviewSide.objects.get_or_create(review=review, side=side, defaults={"by": by})
    view.by, view.strengths, view.improvements, view.comment = by, draft.strengths, draft.improvements, draft.comment
    fit(view)
    view.save()
    competencies = {line.pk: line for line in _lines(review) if not line.is_metric}
    if strange := (set(draft.levels) | set(draft.comments)) - set(competencies):
        raise Invalid({f"levels.{key}": [_("This review has no such competency.")] for key in sorted(strange)})
    wrong = {key for key, level in draft.levels.items() if level is not None and level not in LEVELS}
    if wrong:
        raise Invalid({f"levels.{key}": [_("A level is a number from 1 to 5.")] for key in sorted(wrong)})
    for key in competencies:
        score, _is_new = ReviewScore.objects.get_or_create(side=view, line=competencies[key])
        score.level, score.comment = draft.levels.get(key), draft.comments.get(key, "")
        fit(score)
        score.save()
    return view


def _send(review: Review, side: str, draft: SideDraft | None, *, by: Person, at: datetime) -> ReviewSide:
    view = _keep(review, side, draft, by=by) if draft is not None else review.sides.filter(side=side).first()
    levels = levels_of(view)
    missing = [line for line in _lines(review) if not line.is_metric and levels.get(line.pk) is None]
    if missing:
        raise Invalid({f"levels.{line.pk}": [_("Give %(name)s a level.") % {"name": line.name}] for line in missing})
    if view is None:
        view = ReviewSide(review=review, side=side)
    view.by, view.submitted_at = by, at
    view.save()
    return view
