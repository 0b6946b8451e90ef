"""Put a scorecard in use for a team or the whole company, and take it out of use again."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person, Team
from salesmode.targets import policies
from salesmode.targets.events import ScorecardStopped, ScorecardUsed
from salesmode.targets.models import Scorecard, ScorecardUse
from salesmode.targets.operations.holding import end_held


class NoScorecardInUse(Refusal):
    """What is not in use cannot be taken out of use."""

    def __init__(self) -> None:
        super().__init__(_("There is no scorecard of its own in use there on that day."))


@transaction.atomic
def use_scorecard(
    card: Scorecard, *, team: Team | None = None, starts_on: date, by: Person, at: datetime
) -> ScorecardUse:
    """Measure a team, or the company, by a scorecard from a day on; what was in use there ends on that day.

    Raises NotAllowed, Invalid for a day before the one in use began.
    """
    lock(card)
    require(policies.may_use_scorecard(by, team))
    current = ScorecardUse.objects.select_for_update().filter(team=team, ends_on=None).first()
    if current is not None:
        if current.scorecard_id == card.pk and current.starts_on <= starts_on:
            return current
        if starts_on < current.starts_on:
            said = {"card": current.scorecard.name, "day": current.starts_on.isoformat()}
            raise Invalid({"starts_on": [_("%(card)s is in use from %(day)s; choose a later day.") % said]})
        end_held(current, starts_on)
    later = ScorecardUse.objects.filter(team=team).filter(Q(ends_on__gt=starts_on) | Q(starts_on=starts_on))
    if later.exists():
        raise Invalid({"starts_on": [_("Another scorecard was in use on that day; choose a later day.")]})
    try:
        with transaction.atomic():
            use = ScorecardUse.objects.create(scorecard=card, team=team, starts_on=starts_on)
    except IntegrityError:
        raise Invalid({"starts_on": [_("Somebody else has just put a scorecard in use there.")]}) from None
    event = ScorecardUsed(scorecard_id=card.pk, team_id=team.pk if team else None, starts_on=starts_on)
    record(event, by=by, at=at)
    return use


@transaction.atomic
def stop_scorecard(*, team: Team | None = None, ends_on: date, by: Person, at: datetime) -> None:
    """Take the scorecard of a team, or the company's, out of use from a day on; what its parent uses holds again.

    Raises NotAllowed, NoScorecardInUse.
    """
    require(policies.may_stop_scorecard(by, team))
    current = ScorecardUse.objects.select_for_update().filter(team=team, ends_on=None).first()
    if current is None or ends_on < current.starts_on:
        raise NoScorecardInUse
    end_held(current, ends_on)
    event = ScorecardStopped(scorecard_id=current.scorecard_id, team_id=team.pk if team else None, ends_on=ends_on)
    record(event, by=by, at=at)
