"""A scorecard as its page shows it: its metrics, for whom it holds, and who is measured otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids
from salesmode.targets.models import Benchmark, Scorecard, ScorecardLine, ScorecardUse
from salesmode.targets.models.whose import teams_led_by, tree_below
from salesmode.targets.queries.scores import Scored, proposed_benchmarks

# How many times more than a benchmark people must have reached before its page asks whether it is meant.
FAR = 10


@dataclass(frozen=True)
class Design:
    """What a scorecard's page shows."""

    parts: list[tuple[str, list[ScorecardLine]]]
    uses: list[ScorecardUse]
    benchmarks: list[Benchmark]

    @property
    def is_used(self) -> bool:
        """Whether somebody is measured by it, now or from a day to come."""
        return any(use.ends_on is None for use in self.uses)


def design_of(card: Scorecard, *, seen_by: Person) -> Design:
    """Return a scorecard's lines, its uses, and the benchmarks of those whose numbers the viewer sees. Four queries."""
    lines = list(card.lines.order_by("position", "pk"))
    parts = [
        (str(label), several)
        for score, label in Scorecard.Score.choices
        if (several := [line for line in lines if line.score == score])
    ]
    uses = list(card.uses.select_related("team").order_by("-starts_on", "-pk"))
    special = Benchmark.objects.filter(line__scorecard=card).select_related("line", "team", "person")
    owners = seen_owner_ids(seen_by)
    shown = [row for row in special if owners is None or row.person_id is None or row.person_id in owners]
    return Design(parts, uses, sorted(shown, key=lambda row: (row.line.position, str(row.team or row.person))))


def far_below(card: Scorecard, *, seen_by: Person, today: date) -> dict[int, Decimal]:
    """Return, by line, what one in five reached lately where that is more than ten times the benchmark."""
    lines = [line for line in card.lines.all() if line.asked.direction != "lower" and line.benchmark > 0]
    asked = [(line.score, line.metric) for line in lines]
    found = proposed_benchmarks(asked, people_to_propose_from(seen_by, None), today=today) if asked else {}
    reached = {line.pk: (line.benchmark, found.get((line.score, line.metric))) for line in lines}
    return {pk: value for pk, (asks, value) in reached.items() if value is not None and value > asks * FAR}


def people_to_propose_from(by: Person, team: Team | None) -> list[Person]:
    """Return the sellers whose numbers a benchmark is proposed from: a team with all below it, or all that are seen."""
    people: Any = Person.objects.active().filter(role=Person.Role.SELLER).order_by("pk")
    owners = seen_owner_ids(by)
    if owners is not None:
        people = people.filter(pk__in=owners)
    return list(people.filter(team__in=tree_below(team.pk)) if team is not None else people)


def measured_people(by: Person, team: Team | None) -> list[Person]:
    """Return who sells or leads and whose scores somebody may see, of a team with all below it if one is chosen."""
    sells = (Person.Role.SELLER, Person.Role.MANAGER)
    people: Any = Person.objects.active().filter(role__in=sells).select_related("team").order_by("name", "pk")
    owners = seen_owner_ids(by)
    if owners is not None:
        people = people.filter(pk__in=owners)
    return list(people.filter(team__in=tree_below(team.pk)) if team is not None else people)


def next_name(card: Scorecard) -> str:
    """Return what a copy of a scorecard may be called: the same with the next number behind it. One query."""
    stem, _space, last = card.name.rpartition(" ")
    stem = stem if stem and last.isascii() and last.isdigit() else card.name
    taken = {name.casefold() for name in Scorecard.objects.values_list("name", flat=True)}
    number = 2
    while f"{stem} {number}".casefold() in taken:
        number += 1
    return f"{stem[:110]} {number}"


def teams_seen(by: Person) -> Any:
    """Return the teams among which somebody may choose: all, or those they lead with all below."""
    teams = Team.objects.order_by("name", "pk")
    return teams if by.sees_all else teams.filter(pk__in=teams_led_by(by))


@dataclass(frozen=True)
class Course:
    """How a score went for everybody: the last periods, this one last, and what they come to on average."""

    labels: list[str]
    rows: list[tuple[Scored, list[Decimal | None], Decimal | None]]
    averages: list[Decimal | None]


def course_of(scored: Sequence[Scored], kind: str) -> Course:
    """Return the course of one of the two scores, the best now first; who has none of this kind comes last."""
    labels = next(([label for label, _value in one.trend[kind]] for one in scored if kind in one.trend), [])
    rows = []
    for one in scored:
        values = [value for _label, value in one.trend.get(kind, [])] or [None] * len(labels)
        rows.append((one, values, one.change(kind)))
    rows.sort(
        key=lambda row: (not row[1] or row[1][-1] is None, -(row[1][-1] or 0) if row[1] else 0, row[0].person.name)
    )
    averages: list[Decimal | None] = []
    for number in range(len(labels)):
        known = [value for _one, values, _change in rows if (value := values[number]) is not None]
        averages.append(sum(known, Decimal()) / len(known) if known else None)
    return Course(labels, rows, averages)
