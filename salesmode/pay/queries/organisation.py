"""Who was in which team, who led it and who sold on any day: read from what happened, so that no past month changes."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person, Team

MEMBERSHIP = ("person.joined", "person.amended", "team.created", "team.amended")
PRESENCE = {"person.deactivated": False, "person.reactivated": True}
SELLING = (Person.Role.SELLER, Person.Role.MANAGER)


class Organisation:
    """The company's teams and people on any day. Three queries, however often it is asked."""

    def __init__(self) -> None:
        zone = Company.objects.current().zone
        self._teams_of: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
        self._states_of: dict[int, list[tuple[date, tuple[int | None, int | None]]]] = defaultdict(list)
        # What somebody's work was, and whether they were here, since a day.
        self._work_of: dict[int, list[tuple[date, tuple[str, bool]]]] = defaultdict(list)
        rows = EventRecord.objects.filter(name__in=[*MEMBERSHIP, *PRESENCE]).order_by("happened_at", "id")
        for name, happened_at, subject_id, facts in rows.values_list("name", "happened_at", "subject_id", "facts"):
            day = day_of(happened_at, zone)
            if name.startswith("team."):
                self._states_of[subject_id].append((day, (facts.get("parent_id"), facts.get("lead_id"))))
                continue
            work = self._work_of[subject_id]
            work.append((day, (facts.get("role", ""), PRESENCE.get(name, work[-1][1][1] if work else True))))
            if name in MEMBERSHIP:
                self._teams_of[subject_id].append((day, facts.get("team_id")))
        self._began: dict[int, date] = {}
        people = Person.objects.people().values_list("pk", "team_id", "role", "is_active", "started_on")
        for person_id, team_id, role, here, began in people:
            if began is not None:
                self._began[person_id] = began
            self._teams_of.setdefault(person_id, [(date.min, team_id)])
            self._work_of.setdefault(person_id, [(date.min, (role, here))])
        for team_id, parent_id, lead_id in Team.objects.values_list("pk", "parent_id", "lead_id"):
            self._states_of.setdefault(team_id, [(date.min, (parent_id, lead_id))])
        changes = {day for joined in self._teams_of.values() for day, _team in joined}
        changes |= {day for states in self._states_of.values() for day, _state in states}
        changes |= {day for work in self._work_of.values() for day, _state in work}
        self._changes = sorted(changes | {*self._began.values()})
        self._known: dict[tuple[str, int, int], tuple[int, ...]] = {}

    def epoch(self, day: date) -> int:
        """Return the number of the stretch of days, without any change, that a day lies in."""
        return bisect_right(self._changes, day)

    def team_on(self, person: int, day: date) -> int | None:
        """Return the team in which somebody was on a day; before anything is known, the first one."""
        return _state(self._teams_of.get(person, []), day)

    def started_on(self, person: int) -> date | None:
        """Return when somebody began to work here; None if nobody said."""
        return self._began.get(person)

    def joined_on(self, person: int) -> date | None:
        """Return the day from which a person is known here; None for nobody known."""
        return self._work_of[person][0][0] if person in self._work_of else None

    def days_at_work(self, person: int, first: date, until: date, *, selling: bool) -> int:
        """Return on how many days of a span somebody was here, or was here to sell."""
        states = self._work_of.get(person, [])
        changes = [day for day, _state in states if first < day < until]
        edges = [first, *sorted(set(changes)), until]
        return sum(
            (end - begin).days for begin, end in pairwise(edges) if _counts(_state(states, begin), selling=selling)
        )

    def is_here(self, person: int, day: date) -> bool:
        """Whether somebody had begun, where a first day is said, and not left by the end of a day."""
        return (
            self._began.get(person, date.min) <= day
            and self.days_at_work(person, day, day + timedelta(days=1), selling=False) > 0
        )

    def chain_on(self, team: int | None, day: date) -> list[int]:
        """Return a team and all that it was part of on a day, the nearest first."""
        chain: list[int] = []
        while team is not None and team not in chain:
            chain.append(team)
            team = (_state(self._states_of.get(team, []), day) or (None, None))[0]
        return chain

    def mates_on(self, person: int, day: date) -> tuple[int, ...]:
        """Return everybody who was in somebody's team on a day, had begun and not left, perhaps with them."""
        return self._keep("mates", person, day, self._mates)

    def led_on(self, person: int, day: date) -> frozenset[int]:
        """Return everybody who was in a team that somebody led on a day, or in one inside it."""
        return frozenset(self._keep("led", person, day, self._led))

    def _mates(self, person: int, day: date) -> tuple[int, ...]:
        team = self.team_on(person, day)
        if team is None:
            return (person,)
        inside = (each for each in sorted(self._teams_of) if self.team_on(each, day) == team)
        return tuple(each for each in inside if self.is_here(each, day))

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


def _counts(state: tuple[str, bool] | None, *, selling: bool) -> bool:
    return state is not None and state[1] and (not selling or state[0] in SELLING)


def _state(states: list, day: date):
    """Return what held on a day: the last that had begun, else the first of all."""
    if not states:
        return None
    place = bisect_right(states, day, key=lambda state: state[0])
    return states[max(place - 1, 0)][1]
