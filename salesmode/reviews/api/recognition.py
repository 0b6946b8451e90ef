"""Leaderboards, challenges and thanks for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    Paging,
    RecordOut,
    Text,
    answer,
    caller,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import NotFound
from salesmode.people.models import Person
from salesmode.reviews import operations
from salesmode.reviews.models import Badge, Challenge, Recognition
from salesmode.reviews.models.scoring import plainly
from salesmode.reviews.queries.boards import boards_of, leaderboard
from salesmode.reviews.queries.challenge_page import challenge_page

leaderboards = Router(tags=["leaderboards"])
challenges = Router(tags=["challenges"])
recognitions = Router(tags=["recognitions"])

Code = Annotated[str, Field(max_length=60), *Text.__metadata__]
Value = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=6, allow_inf_nan=False)]


class BoardAsked(Schema):
    """Which leaderboard: a number, a period, a team, and what decides."""

    metric: Code = "won_amount"
    period: Annotated[str, Field(max_length=40)] = "this-quarter"
    team: Id | None = None
    by: Literal["value", "target", "improvement"] = "value"
    paired: Code = ""


class RankOut(Schema):
    """One line of a board; who would rather not be named has no person_id."""

    place: int | None
    is_tied: bool
    person_id: int | None
    is_me: bool
    value: str | None
    paired_value: str | None
    compared: str | None
    points: str | None
    records: str


class BoardOut(Schema):
    """A leaderboard."""

    metric: str
    paired: str
    by: str
    first: date
    until: date
    total: str | None
    ranks: list[RankOut]


class ChallengeIn(In):
    """A challenge to be."""

    name: Annotated[str, Field(min_length=1, max_length=120), *Text.__metadata__]
    metric: Code
    paired: Code = ""
    rule: Challenge.Rule = Challenge.Rule.TARGET
    target: Value | None = None
    period: Annotated[str, Field(max_length=40)]
    participant_ids: Annotated[list[Id], Field(min_length=2, max_length=500)]
    badge_id: Id | None = None
    reward: Annotated[str, Field(max_length=200), *Text.__metadata__] = ""


class StandingOut(Schema):
    """One line of a challenge's table."""

    place: int | None
    is_tied: bool
    person_id: int | None
    is_me: bool
    value: str | None
    paired_value: str | None
    points: str | None
    wins: bool


class ChallengeOut(RecordOut):
    """A challenge."""

    name: str
    metric: str
    paired: str
    rule: str
    target: str | None
    first: date
    until: date
    status: str
    badge_id: int | None
    reward: str
    finished_at: datetime | None
    custom: dict[str, Any]


class WholeChallengeOut(ChallengeOut):
    """A challenge with its table."""

    standings: list[StandingOut]


class ChallengeList(Schema):
    """One page of challenges."""

    items: list[ChallengeOut]
    next: str | None


class RecognitionIn(In):
    """Whom to thank, and what for."""

    owner_id: Id
    text: Annotated[str, Field(min_length=1, max_length=500), *Text.__metadata__]
    badge_id: Id | None = None


class RecognitionOut(RecordOut):
    """Thanks."""

    owner_id: int
    giver_id: int
    text: str
    badge_id: int | None
    challenge_id: int | None
    given_at: datetime
    custom: dict[str, Any]


class RecognitionList(Schema):
    """One page of thanks."""

    items: list[RecognitionOut]
    next: str | None


@leaderboards.get("", response=responses(BoardOut), operation_id="get_leaderboard")
def get_leaderboard(request: HttpRequest, asked: Query[BoardAsked]) -> HttpResponse:
    """Read a leaderboard of a team of yours, or of the company."""
    person = caller(request)
    team = next((each for each in boards_of(person) if each.pk == asked.team), None)
    if asked.team is not None and team is None:
        raise NotFound
    period = Period.parse(asked.period, today=localdate())
    board = leaderboard(
        asked.metric, period, team=team, kind=asked.by, paired=asked.paired, seen_by=person, today=localdate()
    )
    return answer(
        {
            "metric": board.metric.code,
            "paired": board.paired.code if board.paired else "",
            "by": board.kind,
            "first": board.period.first,
            "until": board.period.until,
            "total": plainly(board.total),
            "ranks": [
                {
                    "place": rank.place,
                    "is_tied": rank.is_tied,
                    "person_id": rank.person.pk if rank.person else None,
                    "is_me": rank.is_me,
                    "value": plainly(rank.value),
                    "paired_value": plainly(rank.paired_value),
                    "compared": plainly(rank.compared),
                    "points": plainly(rank.points),
                    "records": rank.url,
                }
                for rank in board.ranks
            ],
        }
    )


def _challenge(challenge: Challenge) -> dict[str, Any]:
    return record_fields(challenge) | {
        "name": challenge.name,
        "metric": challenge.metric,
        "paired": challenge.paired,
        "rule": challenge.rule,
        "target": plainly(challenge.target),
        "first": challenge.first,
        "until": challenge.until,
        "status": challenge.status,
        "badge_id": challenge.badge_id,
        "reward": challenge.reward,
        "finished_at": challenge.finished_at,
    }


def _whole(challenge: Challenge, person: Person) -> dict[str, Any]:
    page = challenge_page(challenge, seen_by=person, today=localdate())
    return _challenge(challenge) | {
        "standings": [
            {
                "place": line.place,
                "is_tied": line.is_tied,
                "person_id": line.person.pk if line.person else None,
                "is_me": line.is_me,
                "value": plainly(line.value),
                "paired_value": plainly(line.paired_value),
                "points": plainly(line.points),
                "wins": line.wins,
            }
            for line in page.standings
        ]
    }


@challenges.get("", response=responses(ChallengeList), operation_id="list_challenges")
def list_challenges(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the challenges that you may see."""
    return listed(request, "challenge", _challenge)


@challenges.post("", response=responses(WholeChallengeOut, status=201), operation_id="set_up_challenge")
def set_up_challenge(request: HttpRequest, payload: ChallengeIn) -> HttpResponse:
    """Set up a challenge."""
    person = caller(request)
    given = payload.model_dump(exclude={"period", "participant_ids", "badge_id"})
    people = [
        visible(Person.objects.all(), key, f"participant_ids.{place}", person)
        for place, key in enumerate(payload.participant_ids)
    ]
    challenge = operations.set_up_challenge(
        **given,
        period=Period.parse(payload.period, today=localdate()),
        participants=people,
        badge=visible(Badge.objects.all(), payload.badge_id, "badge_id", person),
        by=person,
        at=now(),
    )
    return answer(_whole(challenge, person), status=201)


@challenges.get("/{int:challenge_id}", response=responses(WholeChallengeOut), operation_id="get_challenge")
def get_challenge(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """Read one challenge with its table: as it stands, or as it was counted."""
    person = caller(request)
    return answer(_whole(load(Challenge.objects.all(), challenge_id, person), person))


@challenges.post("/{int:challenge_id}/cancel", response=responses(ChallengeOut), operation_id="cancel_challenge")
def cancel_challenge(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """Call a challenge off."""
    person = caller(request)
    challenge = load(Challenge.objects.all(), challenge_id, person)
    return answer(_challenge(operations.cancel_challenge(challenge, by=person, at=now())))


def _recognition(row: Recognition) -> dict[str, Any]:
    return record_fields(row) | {
        "owner_id": row.owner_id,
        "giver_id": row.giver_id,
        "text": row.text,
        "badge_id": row.badge_id,
        "challenge_id": row.challenge_id,
        "given_at": row.given_at,
    }


@recognitions.get("", response=responses(RecognitionList), operation_id="list_recognitions")
def list_recognitions(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the thanks that you may see."""
    return listed(request, "recognition", _recognition)


@recognitions.get("/{int:recognition_id}", response=responses(RecognitionOut), operation_id="get_recognition")
def get_recognition(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Read thanks that you may see."""
    return answer(_recognition(load(Recognition.objects.all(), recognition_id, caller(request))))


@recognitions.post("", response=responses(RecognitionOut, status=201), operation_id="give_recognition")
def give_recognition(request: HttpRequest, payload: RecognitionIn) -> HttpResponse:
    """Thank somebody."""
    person = caller(request)
    row = operations.give_recognition(
        owner=visible(Person.objects.all(), payload.owner_id, "owner_id", person),
        text=payload.text,
        badge=visible(Badge.objects.all(), payload.badge_id, "badge_id", person),
        by=person,
        at=now(),
    )
    return answer(_recognition(row), status=201)
