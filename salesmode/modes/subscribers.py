"""How modes react to their own facts."""

from datetime import datetime

from django.utils.timezone import now

from salesmode.kernel.events import on
from salesmode.modes import operations
from salesmode.modes.events import EffectRequested
from salesmode.modes.models import Effect
from salesmode.people.models import Person


@on(EffectRequested)
def work_it_out(event: EffectRequested, *, at: datetime) -> None:
    """Work out the effect that somebody asked about; asked twice, once for the newest question is enough."""
    effect = Effect.objects.filter(pk=event.effect_id).first()
    if effect is not None and effect.is_awaited:
        operations.measure_effect(effect, by=Person.objects.system(), at=now())
