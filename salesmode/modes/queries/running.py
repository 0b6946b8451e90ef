"""Which mode and which practices a team runs: its own, else those of the team around it, else the company's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from salesmode.analytics.metrics import REGISTRY as METRICS
from salesmode.modes.models import AdoptedPractice, Adoption, Mode, Practice, Watch
from salesmode.modes.queries.library import library
from salesmode.modes.queries.organisation import tree
from salesmode.people.models import Team

MOST_CARDS = 8


@dataclass(frozen=True)
class Running:
    """A practice that a team does: what its file says, and how it was adopted."""

    practice: Practice
    row: AdoptedPractice

    @property
    def parameters(self) -> dict[str, Any]:
        """Return its parameters, those of the file where the adoption names none."""
        return self.practice.defaults() | self.row.parameters

    @property
    def times(self) -> int:
        """Return how often it is to be done in its stretch of time."""
        return max(1, int(self.practice.filled(self.practice.adoption.times, self.row.parameters)))

    @property
    def facts(self) -> dict[str, Any]:
        """Return which facts an event must have to count."""
        return self.practice.filled(self.practice.adoption.facts, self.row.parameters)


def rows_in_force(day: date) -> list[AdoptedPractice]:
    """Return every practice that is to be done on a day, by anybody. One query."""
    rows = AdoptedPractice.objects.in_force().filter(from_day__lte=day).select_related("team", "adoption")
    return [row for row in rows.order_by("pk") if row.code in library().practices]


def running_for(team_id: int | None, day: date, rows: Iterable[AdoptedPractice] | None = None) -> list[Running]:
    """Return the practices that a team does on a day, in the order of the mode files. One query, or none."""
    by_place: dict[tuple[int | None, str], AdoptedPractice] = {}
    for row in rows_in_force(day) if rows is None else rows:
        by_place[row.team_id, row.code] = row
    chain = tree().above(team_id)
    found = []
    for practice in library().practices.values():
        nearest = next((by_place[place, practice.code] for place in chain if (place, practice.code) in by_place), None)
        if nearest is not None:
            found.append(Running(practice, nearest))
    order = {code: place for mode in library().modes.values() for place, code in enumerate(mode.practices)}
    return sorted(found, key=lambda each: (order.get(each.practice.code, 99), each.practice.code))


def adoption_of(team_id: int | None, day: date) -> Adoption | None:
    """Return how a team came to the mode that it runs; none for a team without a mode. One query.

    Practices of the same mode that came later add to it: the mode holds since the first of them.
    """
    made = Adoption.objects.in_force().exclude(mode="").filter(from_day__lte=day).order_by("from_day", "pk")
    began: dict[int | None, Adoption] = {}
    for each in made.select_related("team"):
        if each.mode in library().modes and not (each.team_id in began and began[each.team_id].mode == each.mode):
            began[each.team_id] = each
    return next((began[place] for place in tree().above(team_id) if place in began), None)


def mode_of(team_id: int | None, day: date) -> Mode | None:
    """Return the mode that a team runs on a day."""
    adoption = adoption_of(team_id, day)
    return library().modes[adoption.mode] if adoption else None


def cards_of(practices: Iterable[Practice]) -> list[str]:
    """Return which metrics practices put on the cockpit, as many as it has room for."""
    wanted = [code for practice in practices for code in practice.cards if code in METRICS]
    return list(dict.fromkeys(wanted))[:MOST_CARDS]


def cockpit_cards(team_ids: Iterable[int] | None, usual: Iterable[str], day: date) -> list[str]:
    """Return the cockpit's cards for some teams (None: the company): those of their practices, else the usual ones.

    Where the practices bring fewer than four, usual ones follow.
    """
    chosen = None if team_ids is None else min(team_ids, default=None, key=lambda each: len(tree().above(each)))
    cards = cards_of(each.practice for each in running_for(chosen, day))
    if not cards:
        return list(usual)
    more = [code for code in usual if code not in cards]
    return cards + more[: max(0, 4 - len(cards))]


def watch_for(team: Team | None, day: date) -> Watch | None:
    """Return the watch over dependence on the best seller that holds for a team: its own, else from around it."""
    rows = Watch.objects.in_force().filter(from_day__lte=day)
    places = {row.team_id: row for row in rows}
    return next((places[place] for place in tree().above(team.pk if team else None) if place in places), None)
