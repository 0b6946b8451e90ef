"""Reviews for programs: what somebody may know, and a verb for each step."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import In, Paging, RecordOut, Text, answer, caller, listed, load, record_fields, responses
from salesmode.people.models import Person
from salesmode.reviews import operations
from salesmode.reviews.models import Review
from salesmode.reviews.models.scoring import plainly
from salesmode.reviews.queries.review_page import View, review_page

reviews = Router(tags=["reviews"])

Long = Annotated[str, Field(max_length=10_000), *Text.__metadata__]
Words = Annotated[str, Field(min_length=1, max_length=10_000), *Text.__metadata__]
Points = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=1, le=5)]


class LevelIn(In):
    """The level of one competency, and why."""

    line_id: Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]
    level: Level
    comment: Annotated[str, Field(max_length=2_000), *Text.__metadata__] = ""


class SideIn(In):
    """What one side says; sent as it is, it replaces what was kept as a draft."""

    levels: Annotated[list[LevelIn], Field(max_length=50)] = []
    strengths: Long = ""
    improvements: Long = ""
    comment: Long = ""


class CalibrateIn(In):
    """Another result, and why."""

    result: Points
    reason: Words


class DisagreeIn(In):
    """Why somebody does not agree."""

    statement: Words


class ReviewAnswerIn(In):
    """What the manager says to that."""

    answer: Words


class OpinionIn(In):
    """What the next leader thinks, and the result that is to hold, if another."""

    opinion: Words
    result: Points | None = None


class LineOut(Schema):
    """One line of a review; a number with its reading, a competency with the levels that may be known."""

    id: int
    kind: str
    metric: str
    name: str
    weight: str
    target: str | None
    cap: str | None
    reading: str | None
    points: str | None
    records: str
    own_level: int | None
    own_comment: str
    manager_level: int | None
    manager_comment: str


class SideOut(Schema):
    """What one side says."""

    by_id: int
    strengths: str
    improvements: str
    comment: str
    result: str | None
    submitted_at: datetime | None


class CalibrationOut(Schema):
    """A result said otherwise."""

    former: str | None
    result: str
    reason: str
    by_id: int
    made_at: datetime


class ReviewOut(RecordOut):
    """A review as lists show it; result and grade are null until they are told."""

    round_id: int
    template_id: int
    owner_id: int
    leader_id: int | None
    first: date
    until: date
    status: str
    result: str | None
    grade: str | None
    told_at: datetime | None
    locked_at: datetime | None
    custom: dict[str, Any]


class WholeReviewOut(ReviewOut):
    """A review with everything in it that its reader may know."""

    lines: list[LineOut]
    own_view: SideOut | None
    managers_view: SideOut | None
    calibrations: list[CalibrationOut]
    disagreement: str
    answer: str
    opinion: str


class ReviewList(Schema):
    """One page of reviews."""

    items: list[ReviewOut]
    next: str | None


def _review(review: Review) -> dict[str, Any]:
    return record_fields(review) | {
        "round_id": review.round_id,
        "template_id": review.template_id,
        "owner_id": review.owner_id,
        "leader_id": review.leader_id,
        "first": review.first,
        "until": review.until,
        "status": review.status,
        "result": plainly(review.result),
        "grade": review.grade or None,
        "told_at": review.told_at,
        "locked_at": review.locked_at,
    }


def _side(view: View | None, result: Decimal | None) -> dict[str, Any] | None:
    if view is None:
        return None
    side = view.side
    return {
        "by_id": side.by_id,
        "strengths": side.strengths,
        "improvements": side.improvements,
        "comment": side.comment,
        "result": plainly(result),
        "submitted_at": side.submitted_at,
    }


def _whole(review: Review, person: Person) -> dict[str, Any]:
    page = review_page(review, seen_by=person)
    lines = [
        _line(one.line)
        | {"reading": plainly(one.reading), "points": plainly(one.points), "target": plainly(one.target)}
        | {"records": str(one.source.get("url", ""))}
        for one in page.measured
    ]
    for one in page.competencies:
        own = {"own_level": one.own.level, "own_comment": one.own.comment} if one.own else {}
        manager = {"manager_level": one.manager.level, "manager_comment": one.manager.comment} if one.manager else {}
        lines.append(_line(one.line) | own | manager)
    return _review(review) | {
        "lines": lines,
        "own_view": _side(page.own, page.own_result),
        "managers_view": _side(page.manager, page.manager.side.result if page.manager else None),
        "calibrations": [
            {
                "former": plainly(row.former),
                "result": plainly(row.result),
                "reason": row.reason,
                "by_id": row.by_id,
                "made_at": row.made_at,
            }
            for row in page.calibrations
        ],
        "disagreement": review.disagreement,
        "answer": review.answer,
        "opinion": review.opinion,
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "id": line.pk,
        "kind": line.kind,
        "metric": line.metric,
        "name": line.label,
        "weight": plainly(line.weight),
        "target": None,
        "cap": plainly(line.cap),
        "reading": None,
        "points": None,
        "records": "",
        "own_level": None,
        "own_comment": "",
        "manager_level": None,
        "manager_comment": "",
    }


def _draft(payload: SideIn | None) -> operations.SideDraft | None:
    if payload is None:
        return None
    return operations.SideDraft(
        levels={one.line_id: one.level for one in payload.levels},
        comments={one.line_id: one.comment for one in payload.levels},
        strengths=payload.strengths,
        improvements=payload.improvements,
        comment=payload.comment,
    )


def _loaded(request: HttpRequest, review_id: int) -> Review:
    return load(Review.objects.select_related("round"), review_id, caller(request))


@reviews.get("", response=responses(ReviewList), operation_id="list_reviews")
def list_reviews(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the reviews that you may see."""
    return listed(request, "review", _review)


@reviews.get("/{int:review_id}", response=responses(WholeReviewOut), operation_id="get_review")
def get_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Read one review, as far as you may know it: the manager's view only once it was told."""
    person = caller(request)
    return answer(_whole(_loaded(request, review_id), person))


@reviews.post("/{int:review_id}/submit-self", response=responses(WholeReviewOut), operation_id="submit_self_review")
def submit_self_review(request: HttpRequest, review_id: int, payload: SideIn | None = None) -> HttpResponse:
    """Send your own view."""
    person, review = caller(request), _loaded(request, review_id)
    operations.submit_self_review(review, draft=_draft(payload), by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/submit", response=responses(WholeReviewOut), operation_id="submit_review")
def submit_review(request: HttpRequest, review_id: int, payload: SideIn | None = None) -> HttpResponse:
    """Send the manager's view; the numbers stay as they are read now."""
    person, review = caller(request), _loaded(request, review_id)
    operations.submit_review(review, draft=_draft(payload), by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/calibrate", response=responses(WholeReviewOut), operation_id="calibrate_review")
def calibrate_review(request: HttpRequest, review_id: int, payload: CalibrateIn) -> HttpResponse:
    """Say a result otherwise, beside the manager's and with a reason."""
    person, review = caller(request), _loaded(request, review_id)
    operations.calibrate_review(review, result=payload.result, reason=payload.reason, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/tell", response=responses(WholeReviewOut), operation_id="tell_review")
def tell_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let the person know the result."""
    person, review = caller(request), _loaded(request, review_id)
    operations.tell_review(review, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/agree", response=responses(WholeReviewOut), operation_id="agree_review")
def agree_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Agree with your review."""
    person, review = caller(request), _loaded(request, review_id)
    operations.agree_review(review, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/disagree", response=responses(WholeReviewOut), operation_id="disagree_review")
def disagree_review(request: HttpRequest, review_id: int, payload: DisagreeIn) -> HttpResponse:
    """Disagree with your review, and say why."""
    person, review = caller(request), _loaded(request, review_id)
    operations.disagree_review(review, statement=payload.statement, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/answer", response=responses(WholeReviewOut), operation_id="answer_disagreement")
def answer_disagreement(request: HttpRequest, review_id: int, payload: ReviewAnswerIn) -> HttpResponse:
    """Answer a disagreement."""
    person, review = caller(request), _loaded(request, review_id)
    operations.answer_disagreement(review, answer=payload.answer, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/second-opinion", response=responses(WholeReviewOut), operation_id="give_second_opinion")
def give_second_opinion(request: HttpRequest, review_id: int, payload: OpinionIn) -> HttpResponse:
    """Say as the next leader what you think."""
    person, review = caller(request), _loaded(request, review_id)
    operations.give_second_opinion(review, opinion=payload.opinion, result=payload.result, by=person, at=now())
    return answer(_whole(review, person))


@reviews.post("/{int:review_id}/sign", response=responses(WholeReviewOut), operation_id="sign_review")
def sign_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Sign; the second signature locks the review."""
    person, review = caller(request), _loaded(request, review_id)
    operations.sign_review(review, by=person, at=now())
    return answer(_whole(review, person))
