"""How people score: everybody's metrics in one measurement, then points line by line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Reading, Request, measure_over
from salesmode.analytics.metrics import metric
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.targets.models import Benchmark, Scorecard, ScorecardLine, ScorecardUse
from salesmode.targets.models.scorecard import Points, percentile, score_of
from salesmode.targets.models.target import adds_up
from salesmode.targets.queries.actuals import as_decimal
from salesmode.targets.queries.holding import nearest, parents_of_teams, path_up
from salesmode.targets.queries.presence import shares_there

# Twelve weeks, or the three months that are about as long.
LOOKED_AT = {"activity": 12, "objective": 3}
Actuals = Mapping[str, Mapping[int, Decimal]]


@dataclass(frozen=True)
class Score:
    """One of the two scores of a person in a period, with every line explained."""

    kind: str
    period: Period
    points: tuple[Points, ...]
    person_id: int

    @property
    def value(self) -> Decimal | None:
        """The sum of the points; unknown is None."""
        return score_of(self.points)

    @property
    def counted(self) -> Decimal:
        """The weights of the lines that are known."""
        return sum((each.line.weight for each in self.points if each.points is not None), Decimal())

    @property
    def lines(self) -> list[tuple[Points, str]]:
        """Return the points, each with where the records behind it are listed."""
        where = {"person": (self.person_id,)}
        return [(each, records_url(each.line.asked, self.period, where)) for each in self.points]


@dataclass
class Scored:
    """A person with the scorecard that holds for them, the scores now, and how they went."""

    person: Person
    card: Scorecard
    scores: dict[str, Score] = field(default_factory=dict)
    trend: dict[str, list[tuple[str, Decimal | None]]] = field(default_factory=dict)

    @property
    def activity(self) -> Score | None:
        """The leading score of the week."""
        return self.scores.get("activity")

    @property
    def objective(self) -> Score | None:
        """The lagging score of the month."""
        return self.scores.get("objective")

    def change(self, kind: str) -> Decimal | None:
        """Return how a score changed against the period before; None where either is unknown."""
        course = [value for _label, value in self.trend.get(kind, [])]
        if len(course) < 2 or course[-1] is None or course[-2] is None:
            return None
        return course[-1] - course[-2]


def scorecards_in_use(day: date) -> dict[int | None, ScorecardUse]:
    """Return which scorecard each team has of its own on a day; the company's under None. Two queries at most."""
    uses = ScorecardUse.objects.filter(starts_on__lte=day).exclude(ends_on__lte=day)
    found: dict[int | None, ScorecardUse] = {}
    for use in uses.select_related("scorecard", "team").order_by("starts_on", "pk"):
        found[use.team_id] = use
    return found


def scorecard_for(team: Team | None, day: date) -> Scorecard | None:
    """Return by what a team is measured on a day: its own scorecard, else its parent team's, else the company's."""
    return _of_team(team.pk if team else None, scorecards_in_use(day), parents_of_teams())


def _of_team(
    team_id: int | None, uses: Mapping[int | None, ScorecardUse], parents: Mapping[int, int | None]
) -> Scorecard | None:
    use = nearest(team_id, uses, parents)
    return use.scorecard if use else None


def period_of(kind: str, day: date, *, back: int = 0) -> Period:
    """Return the week or month in which a day lies, or one so many before it."""
    period = Period.containing(day, Scorecard.GRAIN[kind])
    for _each in range(back):
        period = Period.containing(period.first - timedelta(days=1), Scorecard.GRAIN[kind])
    return period


def scores(people: Iterable[Person], *, day: date, trend: int = 0) -> list[Scored]:
    """Return how people score in the week and month of a day, and in so many before; who has no card is left out.

    One measurement for each score, however many people and periods.
    """
    uses, parents = scorecards_in_use(day), parents_of_teams()
    found = []
    for person in people:
        card = _of_team(person.team_id, uses, parents)
        if card is not None:
            found.append(Scored(person, card))
    cards = {each.card.pk: each.card for each in found}
    lines: dict[tuple[int, str], list[ScorecardLine]] = {}
    for line in ScorecardLine.objects.filter(scorecard__in=cards).order_by("position", "pk"):
        lines.setdefault((line.scorecard_id, line.score), []).append(line)
    special = _special_benchmarks(cards)
    for kind in Scorecard.Score.values:
        codes = sorted({line.metric for (_card, score), several in lines.items() if score == kind for line in several})
        periods = [period_of(kind, day, back=back) for back in range(trend, -1, -1)] if codes else []
        for period, actuals in _measured(codes, periods, [each.person.pk for each in found]):
            shares = _shares(found, cards, period)
            for one in found:
                several = lines.get((one.card.pk, kind))
                if several:
                    points = _points(one.person, several, actuals, shares[one.person.pk], special, parents)
                    score = Score(kind, period, points, one.person.pk)
                    one.trend.setdefault(kind, []).append((period.label, score.value))
                    one.scores[kind] = score
    return found


def _special_benchmarks(cards: Iterable[int]) -> dict[tuple[int, str, int], Decimal]:
    found: dict[tuple[int, str, int], Decimal] = {}
    for row in Benchmark.objects.filter(line__scorecard__in=list(cards)):
        whose = ("person", row.person_id) if row.person_id is not None else ("team", row.team_id)
        found[row.line_id, whose[0], whose[1] or 0] = row.value
    return found


def _measured(
    codes: Sequence[str], periods: Sequence[Period], people: Sequence[int]
) -> Iterator[tuple[Period, Actuals]]:
    """Yield every period with what each person did in it."""
    if not periods:
        return
    readings = measure_over([Request(code, by="person") for code in codes], periods)
    for period, those in zip(periods, readings, strict=True):
        yield period, {code: _each(one, people) for code, one in zip(codes, those, strict=True)}


def _each(one: Reading, people: Sequence[int]) -> dict[int, Decimal]:
    zero = one.value is not None and one.metric.nothing_is_zero
    mine = dict.fromkeys(people, Decimal(0)) if zero else {}
    for part in one.breakdown:
        value = as_decimal(part.value)
        if part.key is not None and value is not None:
            mine[part.key] = value
    return mine


def _shares(found: Sequence[Scored], cards: Mapping[int, Scorecard], period: Period) -> dict[int, Decimal]:
    shares: dict[int, Decimal] = {}
    for key, card in cards.items():
        mine = [each.person for each in found if each.card.pk == key]
        shares |= shares_there(mine, period.first, period.until, ramp=card.ramp)
    return shares


def _points(
    person: Person,
    lines: Sequence[ScorecardLine],
    actuals: Actuals,
    share: Decimal,
    special: Mapping[tuple[int, str, int], Decimal],
    parents: Mapping[int, int | None],
) -> tuple[Points, ...]:
    found = []
    for line in lines:
        benchmark = special.get((line.pk, "person", person.pk))
        if benchmark is None:
            for team in path_up(person.team_id, parents):
                benchmark = special.get((line.pk, "team", team), benchmark)
                if benchmark is not None:
                    break
        counts = share if adds_up(line.asked) else Decimal(1)
        actual = actuals.get(line.metric, {}).get(person.pk)
        found.append(Points(line, actual, line.benchmark if benchmark is None else benchmark, counts))
    return tuple(found)


def proposed_benchmarks(
    lines: Iterable[tuple[str, str]], people: Iterable[Person], *, today: date
) -> dict[tuple[str, str], Decimal | None]:
    """Return for (score, metric) what one in five reached: the 80th percentile over people and periods.

    The periods are the last twelve weeks for the activity score, as many days in whole months for the objective score.
    For what is to be low it is the 20th. Who was not there in a period does not count in it. None where nothing is
    known. One measurement for each score, however many people, metrics and periods.
    """
    everybody, asked = list(people), list(dict.fromkeys(lines))
    values: dict[tuple[str, str], list[Decimal]] = {name: [] for name in asked}
    for kind, periods in LOOKED_AT.items():
        codes = [code for score, code in asked if score == kind]
        asked_for = [period_of(kind, today, back=back) for back in range(1, periods + 1)] if codes else []
        for period, actuals in _measured(codes, asked_for, [each.pk for each in everybody]):
            there = shares_there(everybody, period.first, period.until)
            keys = [key for key, share in there.items() if share > 0]
            for code, measured in actuals.items():
                values[kind, code] += [measured[key] for key in keys if key in measured]
    low = Decimal("0.2")
    return {
        (score, code): percentile(found, low if metric(code).direction == "lower" else 1 - low)
        for (score, code), found in values.items()
    }


def proposed_benchmark(code: str, score: str, people: Iterable[Person], *, today: date) -> Decimal | None:
    """Return what one in five reached of one metric."""
    return proposed_benchmarks([(score, code)], people, today=today)[score, code]
