"""Days on which nobody expects anything of somebody, as the apps that know of absences tell."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date

Excuse = Callable[[Sequence[int], date, date], Mapping[int, set[date]]]
EXCUSES: list[Excuse] = []


def excuse(told: Excuse) -> Excuse:
    """Register who knows of absences: `told(person keys, first, until)` returns days by person."""
    if told not in EXCUSES:
        EXCUSES.append(told)
    return told


def excused_days(person_ids: Sequence[int], first: date, until: date) -> dict[int, frozenset[date]]:
    """Return the days on which people were away."""
    found: dict[int, set[date]] = defaultdict(set)
    if person_ids:
        for told in EXCUSES:
            for person, days in told(person_ids, first, until).items():
                found[person] |= set(days)
    return {person: frozenset(days) for person, days in found.items()}
