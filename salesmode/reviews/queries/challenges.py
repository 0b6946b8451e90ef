"""How a challenge stands: while it runs as it is now, afterwards as it was counted."""

from datetime import timedelta

from salesmode.analytics.metrics import REGISTRY
from salesmode.reviews.models import Challenge, ChallengePlace
from salesmode.reviews.models.scoring import attainment
from salesmode.reviews.queries.boards import Board, ranking

FIRST = 3


def standings(challenge: Challenge) -> list[ChallengePlace]:
    """Return the places, first ones first; worked out anew while nobody has counted.

    Who wins: with a target whoever reaches it (beside an activity, with a result above nought, too); without one the
    first three, together with all who share their places. Nobody wins with nothing.
    """
    places = list(challenge.places.select_related("person", "person__team"))
    if not challenge.is_running:
        return sorted(places, key=lambda each: (each.place is None, each.place or 0, each.person.name))
    board = _board(challenge, places)
    by_person = {rank.key: rank for rank in board.ranks}
    for place in places:
        rank = by_person[place.person_id]
        place.value, place.paired_value, place.points = rank.value, rank.paired_value, rank.points
        place.place, place.is_tied = rank.place, rank.is_tied
        place.wins = _wins(challenge, place)
    return sorted(places, key=lambda each: (each.place is None, each.place or 0, each.person.name))


def _board(challenge: Challenge, places: list[ChallengePlace]) -> Board:
    people = [place.person for place in places]
    last = challenge.until - timedelta(days=1)
    return ranking(challenge.metric, challenge.period, people, paired=challenge.paired, today=last)


def _wins(challenge: Challenge, place: ChallengePlace) -> bool:
    if place.value is None or place.place is None or (challenge.paired and not place.paired_value):
        return False
    known = REGISTRY.get(challenge.metric)
    less = known is not None and known.direction == "lower"
    if challenge.rule == Challenge.Rule.TARGET:
        points = attainment(place.value, challenge.target, less_is_better=less)
        return points is not None and points >= 100
    return place.place <= FIRST and (less or place.value > 0)
