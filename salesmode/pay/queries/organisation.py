"""Who was in which team, and who led it, on any day: read from what happened, so that a move changes no past month."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date

from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person, Team

NAMES = ("person.joined", "person.amended", "team.created", "team.amended")


class Organisation:
    """The company's teams and people on any day. Three queries, however often it is asked."""

    def __init__(self) -> None:
        zone = Company.objects.current().zone
        self._teams_of: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
        self._states_of: dict[int, list[tuple[date, tuple[int | None, int | None]]]] = defaultdict(list)
        rows = EventRecord.objects.filter(name__in=NAMES).order_by("happened_at", "id")
        for name, happened_at, subject_id, facts in rows.values_list("name", "happened_at", "subject_id", "facts"):
            day = day_of(happened_at, zone)
            if name.startswith("person."):
                self._teams_of[subject_id].append((day, facts.get("team_id")))
            else:
                self._states_of[subject_id].append((day, (facts.get("parent_id"), facts.get("lead_id"))))
        for person_id, team_id in Person.objects.people().values_list("pk", "team_id"):
            self._teams_of.setdefault(person_id, [(date.min, team_id)])
        for team_id, parent_id, lead_id in Team.objects.values_list("pk", "parent_id", "lead_id"):
            self._states_of.setdefault(team_id, [(date.min, (parent_id, lead_id))])
        changes = {day for joined in self._teams_of.values() for day, _team in joined}
        changes |= {day for states in self._states_of.values() for day, _state in states}
        self._changes = sorted(changes)
        self._known: dict[tuple[str, int, int], tuple[int, ...]] = {}

    def epoch(self, day: date) -> int:
        """Return the number of the stretch of days, without any change, that a day lies in."""
        return bisect_right(self._changes, day)

    def team_on(self, person: int, day: date) -> int | None:
        """Return the team in which somebody was on a day; before anything is known, the first one."""
        return _state(self._teams_of.get(person, []), day)

    def chain_on(self, team: int | None, day: date) -> list[int]:
        """Return a team and all that it was part of on a day, the nearest first."""
        chain: list[int] = []
        while team is not None and team not in chain:
            chain.append(team)
            team = (_state(self._states_of.get(team, []), day) or (None, None))[0]
        return chain

    def mates_on(self, person: int, day: date) -> tuple[int, ...]:
        """Return everybody who was in somebody's team on a day, with them."""
        return self._keep("mates", person, day, self._mates)

    def led_on(self, person: int, day: date) -> frozenset[int]:
        """Return everybody who was in a team that somebody led on a day, or in one inside it."""
        return frozenset(self._keep("led", person, day, self._led))

    def _mates(self, person: int, day: date) -> tuple[int, ...]:
        team = self.team_on(person, day)
        if team is None:
            return (person,)
        return tuple(each for each in sorted(self._teams_of) if self.team_on(each, day) == team)

    def _led(self, person: int, day: date) -> tuple[int, ...]:
        led = {team for team, states in self._states_of.items() if (_state(states, day) or (None, None))[1] == person}
        if not led:
            return ()
        return tuple(each for each in sorted(self._teams_of) if led & set(self.chain_on(self.team_on(each, day), day)))

    def _keep(self, what: str, person: int, day: date, find) -> tuple[int, ...]:
        name = (what, person, self.epoch(day))
        if name not in self._known:
            self._known[name] = find(person, day)
        return self._known[name]


def _state(states: list, day: date):
    """Return what held on a day: the last that had begun, else the first of all."""
    if not states:
        return None
    place = bisect_right(states, day, key=lambda state: state[0])
    return states[max(place - 1, 0)][1]
