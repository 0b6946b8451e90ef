"""What modes do by the clock."""

from datetime import datetime

from salesmode.kernel.jobs import every
from salesmode.modes import operations, queries
from salesmode.people.models import Person


@every("month", monthday=2, at="05:30")
def look_at_effects_again(*, at: datetime) -> None:
    """Work every effect out anew once a month is whole."""
    known = queries.library()
    subjects = [*(f"mode:{code}" for code in known.modes), *(f"practice:{code}" for code in known.practices)]
    for subject in subjects:
        if queries.adopted_by(subject):
            operations.request_effect(subject, by=Person.objects.system(), at=at)
