"""The scorecard in use as a part; absences as excuses."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.modes.queries import excuse
from salesmode.people.models import Person, Team
from salesmode.targets import operations as targets
from salesmode.targets.models import Absence, Scorecard, ScorecardUse


class UseValue(Strict):
    """Which scorecard; 0 stands for the newest."""

    card: int = 0


def _resolve(value: Value) -> Value:
    if value["card"]:
        return value
    newest = Scorecard.objects.order_by("-pk").first()
    return {"card": newest.pk if newest else 0}


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    use = ScorecardUse.objects.filter(team=team, ends_on=None).first()
    return {"card": use.scorecard_id} if use else None


def _describe(value: Value) -> str:
    card = Scorecard.objects.filter(pk=value["card"]).first()
    if card is None:
        return _g("Nothing yet: there is no scorecard")
    return _g("Measured by the scorecard %(card)s") % {"card": card.name}


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    card = Scorecard.objects.filter(pk=value["card"]).first()
    if card is not None:
        targets.use_scorecard(card, team=team, starts_on=day, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    targets.stop_scorecard(team=team, ends_on=day, by=by, at=at)


register(
    Part("targets.scorecard", _("Scorecard in use"), UseValue, _current, _describe, _apply, _remove, resolve=_resolve)
)


@excuse
def away(person_ids: Sequence[int], first: date, until: date) -> dict[int, set[date]]:
    """Return the days on which people are away. One query."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = Absence.objects.filter(owner__in=list(person_ids), first_on__lt=until, last_on__gte=first)
    for owner, begins, ends in rows.values_list("owner", "first_on", "last_on"):
        day = max(begins, first)
        while day <= ends and day < until:
            found[owner].add(day)
            day += timedelta(days=1)
    return found
