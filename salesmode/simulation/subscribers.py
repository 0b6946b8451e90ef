"""What the simulation does about things that happened."""

from datetime import datetime

from django.utils.timezone import now

from salesmode.kernel.events import on
from salesmode.people.models import Person
from salesmode.simulation import operations
from salesmode.simulation.events import DemonstrationRequested


@on(DemonstrationRequested)
def load_the_demonstration(event: DemonstrationRequested, *, at: datetime) -> None:
    """Let the company move in that somebody asked for."""
    operations.load_demonstration(language=event.language, by=Person.objects.system(), at=now())
