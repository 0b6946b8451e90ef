"""Set up challenges, call them off, and count them when they are over."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period, day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.recognition import ChallengeCancelled, ChallengeFinished, ChallengeSetUp
from salesmode.reviews.models import Badge, Challenge, ChallengePlace
from salesmode.reviews.models.outcomes import check_ranking
from salesmode.reviews.operations.facts import challenge_facts
from salesmode.reviews.operations.recognition import reward
from salesmode.reviews.queries.challenges import standings


@transaction.atomic
def set_up_challenge(
    *,
    name: str,
    metric: str,
    period: Period,
    participants: Iterable[Person],
    rule: str = Challenge.Rule.TARGET,
    paired: str = "",
    target: Decimal | None = None,
    badge: Badge | None = None,
    reward: str = "",
    by: Person,
    at: datetime,
) -> Challenge:
    """Set up something to win in a period: for everybody who reaches a target, or for the first three.

    Raises NotAllowed for people whom one does not lead, Invalid for an activity without a result beside it.
    """
    people = sorted({person.pk: person for person in participants}.values(), key=lambda person: person.pk)
    require(policies.may_set_up_challenge(by, people))
    wrong: dict[str, list[str]] = {}
    if not name.strip():
        wrong["name"] = [_("Give the challenge a name.")]
    if len(people) < 2:
        wrong["participants"] = [_("A challenge needs at least two people.")]
    if rule not in Challenge.Rule.values:
        wrong["rule"] = [_("Choose who wins.")]
    if rule == Challenge.Rule.TARGET and (target is None or target <= 0):
        wrong["target"] = [_("Say what is to be reached.")]
    if day_of(at, Company.objects.current().zone) >= period.until:
        wrong["period"] = [_("This period is over already.")]
    if wrong:
        raise Invalid(wrong)
    check_ranking(metric, paired)
    challenge = Challenge(
        name=name.strip(),
        owner=by,
        rule=rule,
        metric=metric,
        paired=paired,
        target=target if rule == Challenge.Rule.TARGET else None,
        first=period.first,
        until=period.until,
        badge=badge,
        reward=reward.strip(),
    )
    fit(challenge)
    save(challenge, at=at)
    ChallengePlace.objects.bulk_create(ChallengePlace(challenge=challenge, person=person) for person in people)
    event = ChallengeSetUp(**challenge_facts(challenge), participant_ids=[person.pk for person in people])
    record(event, by=by, at=at)
    return challenge


@transaction.atomic
def cancel_challenge(challenge: Challenge, *, by: Person, at: datetime, version: int | None = None) -> Challenge:
    """Call a challenge off before it is counted.

    Raises NotAllowed, Stale, ChallengeOver.
    """
    lock(challenge, version=version)
    require(policies.may_cancel_challenge(by, challenge))
    challenge.mark_cancelled(at=at)
    save(challenge, at=at)
    record(ChallengeCancelled(**challenge_facts(challenge)), by=by, at=at)
    return challenge


@transaction.atomic
def finish_challenge(challenge: Challenge, *, by: Person, at: datetime) -> Challenge:
    """Count a challenge that is over, for good, and thank who won; equal values share a place and win together.

    Raises NotAllowed, ChallengeOver, ChallengeRunning.
    """
    lock(challenge)
    require(policies.may_finish_challenge(by, challenge))
    counted = standings(challenge)  # Before it is finished: afterwards this answers what was counted.
    challenge.mark_finished(today=day_of(at, Company.objects.current().zone), at=at)
    winners = []
    for place in counted:
        place.save()
        if place.wins:
            winners.append(place.person)
    for person in winners:
        text = challenge.name if not challenge.reward else f"{challenge.name} · {challenge.reward}"
        reward(person, text=text, badge=challenge.badge, challenge_id=challenge.pk, by=by, at=at)
    save(challenge, at=at)
    event = ChallengeFinished(**challenge_facts(challenge), winner_ids=[person.pk for person in winners])
    record(event, by=by, at=at)
    return challenge
