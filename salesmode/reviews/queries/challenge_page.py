"""A challenge as its page shows it; who would rather not be named stays nobody to others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesmode.analytics.links import records_url
from salesmode.analytics.metrics import REGISTRY
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.reviews import policies
from salesmode.reviews.models import Challenge, DisplayChoice
from salesmode.reviews.queries.boards import amounts_open_to
from salesmode.reviews.queries.challenges import standings


@dataclass(frozen=True)
class Standing:
    """One line of a challenge's table."""

    person: Person | None
    place: int | None
    is_tied: bool
    value: Decimal | None
    paired_value: Decimal | None
    points: Decimal | None
    wins: bool
    is_me: bool
    is_outside: bool
    url: str


@dataclass(frozen=True)
class ChallengePage:
    """Everything that a challenge's page shows."""

    standings: Sequence[Standing]
    paired_label: str
    paired_unit: str
    days_left: int
    has_ties: bool
    may_cancel: bool


def challenge_page(challenge: Challenge, *, seen_by: Person, today: date) -> ChallengePage:
    """Return a challenge's table, as it stands or as it was counted. Five queries, one measurement while it runs.

    Of people beyond the viewer's own team and records only the place is shown, and whether they win.
    """
    hidden = set(DisplayChoice.objects.filter(hides_rank=True).values_list("owner", flat=True))
    owners, amounts = seen_owner_ids(seen_by), amounts_open_to(seen_by)
    known = REGISTRY.get(challenge.metric)
    lines = []
    there = standings(challenge)
    outside = set() if amounts is None else {place.person_id for place in there} - amounts
    for place in there:
        is_me = place.person_id == seen_by.pk
        is_outside = place.person_id in outside
        is_hidden = place.person_id in hidden and not is_me
        opens = known is not None and not is_hidden and (owners is None or place.person_id in owners)
        url = records_url(known, challenge.period, {"person": (place.person_id,)}) if known and opens else ""
        lines.append(
            Standing(
                person=None if is_hidden else place.person,
                place=place.place,
                is_tied=place.is_tied,
                value=None if is_outside else place.value,
                paired_value=None if is_outside else place.paired_value,
                points=None if outside else place.points,
                wins=place.wins,
                is_me=is_me,
                is_outside=is_outside,
                url=url,
            )
        )
    second = REGISTRY.get(challenge.paired)
    return ChallengePage(
        standings=lines,
        paired_label=str(second.label) if second else "",
        paired_unit=second.unit if second else "count",
        days_left=max(0, (challenge.until - today).days),
        has_ties=any(line.is_tied for line in lines),
        may_cancel=challenge.is_running and policies.may_cancel_challenge(seen_by, challenge),
    )
