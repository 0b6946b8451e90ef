"""Decide what deals are inspected for."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.forecasts import policies
from salesmode.forecasts.events import InspectionSet, InspectionWithdrawn
from salesmode.forecasts.models import InspectionRule
from salesmode.forecasts.models.inspection import USUAL_LIMITS, USUAL_PRICE_WORDS, USUAL_RED_WORDS
from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team

MOST_WORDS = 50


@transaction.atomic
def set_inspection(
    team: Team | None = None,
    *,
    limits: Mapping[str, int] | None = None,
    off: Iterable[str] = (),
    red_words: Iterable[str] | None = None,
    price_words: Iterable[str] | None = None,
    since: date,
    by: Person,
    at: datetime,
) -> InspectionRule:
    """Decide from a day on which warnings a team (or the company) gets, and from which threshold on each.

    What is not named keeps its usual threshold or words. Raises NotAllowed, Invalid for a warning that does not exist.
    """
    require(policies.may_set_inspection(by))
    chosen, silent = {**USUAL_LIMITS, **(limits or {})}, sorted(set(off))
    if unknown := sorted((set(chosen) | set(silent)) - set(USUAL_LIMITS)):
        raise Invalid({"limits": [_("There is no warning called %(name)s.") % {"name": unknown[0][:40]}]})
    if wrong := [name for name, limit in chosen.items() if not 0 <= limit <= 3650]:
        raise Invalid({wrong[0]: [_("A threshold is between 0 and 3650.")]})
    row = _row(team, since)
    row.is_withdrawn, row.limits, row.off = False, chosen, silent
    row.red_words = _words(USUAL_RED_WORDS if red_words is None else red_words)
    row.price_words = _words(USUAL_PRICE_WORDS if price_words is None else price_words)
    _keep(row, at=at)
    said: dict[str, Any] = {"inspection_id": row.pk, "team_id": row.team_id, "since": since}
    record(InspectionSet(**said, limits=chosen, off=silent), by=by, at=at)
    return row


@transaction.atomic
def withdraw_inspection(team: Team | None = None, *, since: date, by: Person, at: datetime) -> InspectionRule:
    """Take a team's (or the company's) own choice of warnings back from a day on; what holds above holds again.

    Raises NotAllowed.
    """
    require(policies.may_set_inspection(by))
    row = _row(team, since)
    row.is_withdrawn = True
    _keep(row, at=at)
    record(InspectionWithdrawn(inspection_id=row.pk, team_id=row.team_id, since=since), by=by, at=at)
    return row


def _words(given: Iterable[str]) -> list[str]:
    words = list(dict.fromkeys(word.strip().lower() for word in given if word.strip()))
    if len(words) > MOST_WORDS:
        raise Invalid({"red_words": [_("%(most)s words at most.") % {"most": MOST_WORDS}]})
    return words


def _row(team: Team | None, since: date) -> InspectionRule:
    there = InspectionRule.objects.select_for_update().filter(team=team, since=since).first()
    return there or InspectionRule(team=team, since=since)


def _keep(row: InspectionRule, *, at: datetime) -> None:
    fit(row)
    try:
        with transaction.atomic():
            save(row, at=at)
    except IntegrityError:
        raise Invalid({"since": [_("Somebody has just decided this for the same day. Look at it again.")]}) from None
