"""What the cockpit shows: cards, courses, the funnel, a breakdown, and deals that need somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from salesmode.analytics import manifest
from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Compare, Number, Reading, Request, dimensions_of, measure, measure_many
from salesmode.analytics.metrics import metric
from salesmode.kernel.periods import Period, add_months
from salesmode.kernel.refusals import Invalid
from salesmode.modes.queries import cockpit_cards
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids
from salesmode.selling.models import Deal
from salesmode.targets import queries as targets

CARDS = (
    "won_amount",
    "win_rate",
    "open_pipeline",
    "weighted_pipeline",
    "average_won_value",
    "median_cycle",
    "new_customers",
    "overdue_follow_ups",
)
WITHOUT_COURSE = frozenset({"overdue_follow_ups"})
BREAKDOWNS = ("team", "person", "product", "source")
EXCEPTIONS = 10
BARS = 12


@dataclass(frozen=True)
class Scope:
    """Whose numbers are looked at: everybody's whom the viewer sees, a team's, or one person's."""

    code: str
    label: str
    where: Mapping[str, tuple[int, ...]]
    aim: str = ""

    @property
    def aimed_at(self) -> tuple[str, str | None]:
        """Return whose target its numbers are compared with: a kind of unit, empty for none, and its key."""
        unit, _colon, key = (self.aim or self.code).partition(":")
        return unit, key or None


@dataclass(frozen=True)
class View:
    """What one look at the cockpit asks for."""

    viewer: Person
    period: Period
    scope: Scope
    compare: Compare
    by: str

    @property
    def owners(self) -> list[int] | None:
        """Return whose records the viewer sees; None for everybody's."""
        return seen_owner_ids(self.viewer)


@dataclass(frozen=True)
class Card:
    """One number with its change, its course as points of a line, and where it leads."""

    reading: Reading
    url: str
    line: str
    pace: Any = None

    @property
    def metric(self) -> Any:
        """Return what is measured."""
        return self.reading.metric


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: what it stands for, its value, what it compares with, and where it leads."""

    label: str
    value: Number | None
    previous: Number | None = None
    url: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Overdue:
    """A deal that should have been decided, and since how many days."""

    deal: Deal
    days: int


def scopes(viewer: Person) -> list[Scope]:
    """Return the choices of whose numbers to look at. Two queries at most."""
    if not viewer.sees_all and viewer.role != Person.Role.MANAGER:
        return [_person(viewer, viewer)]
    owners = seen_owner_ids(viewer)
    people = Person.objects.people().filter(is_active=True).order_by("name", "pk")
    if owners is not None:
        people = people.filter(pk__in=owners)
    everybody = list(people.only("pk", "name", "team"))
    teams = list(Team.objects.order_by("name", "pk"))
    if viewer.sees_all:
        first = Scope("company", _("Company"), {})
    else:
        led = [team.pk for team in teams if team.lead_id == viewer.pk]
        first = Scope("company", _("All I look after"), {}, f"team:{led[0]}" if len(led) == 1 else ":")
    sellers = [_person(person, viewer) for person in everybody if person.team_id is not None or person.pk == viewer.pk]
    return [first, *_subtrees(viewer, everybody, {team.pk: team for team in teams}), *sellers]


def _person(person: Person, viewer: Person) -> Scope:
    label = _("%(name)s (me)") % {"name": person.name} if person.pk == viewer.pk else person.name
    return Scope(f"person:{person.pk}", label, {"person": (person.pk,)})


def _subtrees(viewer: Person, people: Sequence[Person], teams: Mapping[int, Team]) -> list[Scope]:
    children: dict[int | None, list[int]] = {}
    for team in teams.values():
        children.setdefault(team.parent_id, []).append(team.pk)

    def below(key: int) -> list[int]:
        return [key, *(each for child in children.get(key, []) for each in below(child))]

    peopled = {person.team_id for person in people}
    found = []
    for key, team in teams.items():
        under = below(key)
        if viewer.sees_all or peopled & set(under):
            found.append(Scope(f"team:{key}", team.name, {"team": tuple(under)}))
    return found


def scope_called(code: str, offered: Sequence[Scope]) -> Scope:
    """Return the scope that an address names, or the first; raises Invalid for one the viewer does not have."""
    if not code:
        return offered[0]
    for scope in offered:
        if scope.code == code:
            return scope
    raise Invalid({"scope": [_("There is nobody there whose numbers you may see.")]})


def cards(view: View) -> list[Card]:
    """Return the cards that can be told of the scope; the metrics over the same facts share a scan."""
    asked = [
        Request(code, series=code not in WITHOUT_COURSE)
        for code in cockpit_cards(_teams(view.scope), CARDS, localdate())
        if set(view.scope.where) <= set(dimensions_of(metric(code)))
    ]
    readings = measure_many(
        asked, view.period, compare=view.compare, where=view.scope.where, seen_by_owners=view.owners
    )
    return [
        Card(
            one,
            records_url(one.metric, view.period, view.scope.where),
            _line([point.value for point in one.series]),
            pace_of(view.scope, view.period, one, today=localdate()),
        )
        for one in readings
    ]


def _teams(scope: Scope) -> list[int] | None:
    """Return whose cockpit a scope is: a team's, also of its lead, the team of a person, or the company's (None)."""
    if "team" in scope.where:
        return list(scope.where["team"])
    unit, key = scope.aimed_at
    if unit == "team" and key:
        return [int(key)]
    people = Person.objects.filter(pk__in=scope.where.get("person", ()), team__isnull=False)
    return list(people.values_list("team", flat=True)) or None


def pace_of(scope: Scope, period: Period, reading: Reading, *, today: date) -> Any:
    """Return how far a scope's number is on the way to its target."""
    unit, key = scope.aimed_at
    return (
        targets.how_far(reading.metric.code, reading.value, period, unit=unit, key=key, today=today) if unit else None
    )


def alerts(view: View, at: datetime) -> targets.Few:
    """Return the most pressing open alerts of the scope. One query."""
    return targets.open_alerts(view.viewer, at=at, where=view.scope.where)


def _line(values: Sequence[Number | None], width: int = 120, height: int = 32) -> str:
    """Return the points of a small line chart; what is unknown leaves a gap to its neighbours."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(0.0, *known), (max(known) - min(0.0, *known)) or 1.0
    step = width / max(1, len(values) - 1)
    points = (
        f"{number * step:.1f},{height - 2 - (float(value) - low) / span * (height - 4):.1f}"
        for number, value in enumerate(values)
        if value is not None
    )
    return " ".join(points)


def won_by_month(view: View) -> list[Bar]:
    """Return the won amount of the twelve months up to the period's end, each beside the same month a year before."""
    until = add_months(view.period.last.replace(day=1), 1)
    first = add_months(until, -12)
    two_years = Period(add_months(until, -24), until, "days", "", view.period.zone, view.period.fiscal_start)
    reading = measure(
        "won_amount", two_years, by="month", where=view.scope.where, seen_by_owners=view.owners, series=False
    )
    values = {one.key: one.value for one in reading.breakdown}
    empty = 0 if reading.value is not None else None
    bars = []
    for number in range(12):
        month = add_months(first, number)
        period = Period(month, add_months(month, 1), "month", f"{month:%Y-%m}", view.period.zone)
        url = records_url(metric("won_amount"), period, view.scope.where)
        former = f"{add_months(month, -12):%Y-%m}"
        bars.append(Bar(f"{month:%Y-%m}", values.get(f"{month:%Y-%m}", empty), values.get(former, empty), url))
    return bars


def funnel(view: View) -> list[Bar]:
    """Return how far the deals opened in the period have come since, stage by stage, and how many were won."""
    reached, won = measure_many(
        [Request("stage_reached", by="stage"), Request("won_of_opened")],
        view.period,
        where=view.scope.where,
        seen_by_owners=view.owners,
    )
    bars: list[Bar] = []
    steps = [(one.label, one.value) for one in reached.breakdown]
    if steps:
        steps.append((_("Won"), won.value))
    before: Number | None = None
    for label, value in steps:
        share = float(value) / float(before) if value is not None and before else None
        asked = (
            metric("won_of_opened") if label == _("Won") and len(bars) == len(steps) - 1 else metric("stage_reached")
        )
        bars.append(Bar(label, value, None, records_url(asked, view.period, view.scope.where), share))
        before = value
    return bars


def breakdown(view: View) -> list[Bar]:
    """Return the won amount by the chosen dimension, the largest first, the rest in one bar."""
    reading = measure(
        "won_amount",
        view.period,
        by=view.by,
        compare=view.compare,
        where=view.scope.where,
        seen_by_owners=view.owners,
        series=False,
    )
    shown = [one for one in reading.breakdown if one.value or one.previous]
    bars = []
    for one in shown[:BARS]:
        where = {**view.scope.where, view.by: (one.key,)}
        bars.append(Bar(one.label, one.value, one.previous, records_url(reading.metric, view.period, where)))
    if len(shown) > BARS:
        rest = shown[BARS:]
        value = sum((Decimal(str(one.value or 0)) for one in rest), Decimal(0))
        before = sum((Decimal(str(one.previous or 0)) for one in rest), Decimal(0))
        bars.append(Bar(_("%(n)s others") % {"n": len(rest)}, value, before if view.compare else None))
    return bars


def exceptions(view: View, today: date) -> list[Overdue]:
    """Return the largest open deals that should have been decided by now. One query."""
    deals = Deal.objects.open().visible_to(view.viewer).select_related("owner", "customer", "stage")
    for name, keys in view.scope.where.items():
        deals = deals.filter(**{{"team": "owner__team__in", "person": "owner__in"}[name]: keys})
    late = deals.filter(Q(closes_on__lt=today)).order_by(F("company_amount").desc(), "id")[:EXCEPTIONS]
    return [Overdue(deal, (today - deal.closes_on).days) for deal in late if deal.closes_on]


def can_break_down(by: str) -> bool:
    """Say whether the cockpit offers this breakdown."""
    return by in BREAKDOWNS and by in dimensions_of(metric("won_amount"))


def breakdowns() -> list[tuple[str, Any]]:
    """Return what the won amount can be broken down by here."""
    return [(name, DIMENSIONS[name].label) for name in BREAKDOWNS]


def loaded_at() -> str:
    """Return when the warehouse last took something in."""
    return manifest.current().loaded_at
