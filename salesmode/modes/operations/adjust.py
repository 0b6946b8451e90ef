"""Go on with a practice otherwise, and say what was decided about it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.modes import policies, queries
from salesmode.modes.events import PracticeAdjusted, PracticeDecided
from salesmode.modes.models import AdoptedPractice, Effect, NotInForce
from salesmode.modes.operations.adopt import PreviewStale
from salesmode.modes.operations.facts import practice_facts
from salesmode.modes.operations.holding import hold_the_modes
from salesmode.people.models import Person


@transaction.atomic
def adjust_practice(
    row: AdoptedPractice, *, parameters: Mapping[str, Any], from_day: date, seen: str, by: Person, at: datetime
) -> AdoptedPractice:
    """Go on with other parameters from a day on; taking the practice back still restores what was before it.

    Raises NotAllowed, NotInForce, Invalid, PreviewStale.
    """
    hold_the_modes()
    lock(row)
    require(policies.may_adjust(by, row))
    if not row.is_in_force:
        raise NotInForce
    shown = queries.adjustment(row, parameters, from_day)
    if shown.mark != seen:
        raise PreviewStale
    former = dict(row.parameters)
    row.mark_adjusted(shown.parameters)
    for change in shown.changes:
        if not change.is_same:
            change.part.apply(row.team, change.after, from_day, by, at)
        row.changes.filter(part=change.part.code, slot=change.slot).update(
            asked=change.after, after=change.now(row.team, from_day)
        )
    save(row, at=at)
    record(PracticeAdjusted(**practice_facts(row), former_parameters=former), by=by, at=at)
    return row


@transaction.atomic
def decide_on_practice(
    row: AdoptedPractice, *, decision: str, note: str = "", by: Person, at: datetime, version: int | None = None
) -> AdoptedPractice:
    """Say what becomes of a practice, having looked at what it brought: keep, adjust or take back.

    Raises NotAllowed, Stale, NotInForce, Invalid.
    """
    lock(row, version=version)
    require(policies.may_decide(by, row))
    row.mark_decided(decision, note=note, by=by, at=at)
    fit(row)
    save(row, at=at)
    effect = Effect.objects.filter(subject=f"practice:{row.code}").first()
    looked_at: dict[str, Any] = {"verdict": effect.verdict, "effect_id": effect.pk} if effect else {}
    record(PracticeDecided(**practice_facts(row), decision=decision, **looked_at), by=by, at=at)
    return row
