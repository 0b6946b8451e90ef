"""Ask whether a practice or a mode works, and work it out in the background."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.modes import policies, queries
from salesmode.modes.events import EffectMeasured, EffectRequested
from salesmode.modes.models import Effect
from salesmode.people.models import Person


@transaction.atomic
def request_effect(subject: str, *, by: Person, at: datetime) -> Effect:
    """Ask whether a practice or mode works: `practice:code` or `mode:code`; it is worked out in the background.

    Raises NotAllowed, Invalid when there is no such practice or mode.
    """
    require(policies.may_request_effect(by))
    moves = queries.moved_by(subject)
    Effect.objects.bulk_create(
        [Effect(subject=subject, metric=moves.metric, created_at=at, updated_at=at)], ignore_conflicts=True
    )
    effect = Effect.objects.get(subject=subject)
    lock(effect)
    effect.requested_at, effect.metric = at, moves.metric
    save(effect, at=at)
    record(EffectRequested(effect_id=effect.pk, subject=subject), by=by, at=at)
    return effect


@transaction.atomic
def measure_effect(effect: Effect, *, by: Person, at: datetime) -> Effect:
    """Work out whether a practice or mode works, and keep the answer. Raises NotAllowed."""
    require(policies.may_measure_effect(by))
    lock(effect)
    found = queries.study(effect.subject, until=at)
    effect.metric, effect.verdict, effect.method = found["metric"], found["verdict"], found["method"]
    effect.result, effect.measured_at = found, at
    save(effect, at=at)
    estimate = found.get("estimate") or {}
    record(
        EffectMeasured(
            effect_id=effect.pk, subject=effect.subject, metric=effect.metric, verdict=effect.verdict,
            method=effect.method, effect=estimate.get("effect"), low=estimate.get("low"), high=estimate.get("high"),
        ),
        by=by,
        at=at,
    )  # fmt: skip
    return effect
