"""Leaderboards: who is first by value, by the share of a target, or by improvement; never by an activity alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from salesmode.analytics.goals import goal
from salesmode.analytics.links import records_url
from salesmode.analytics.metrics import Metric, metric
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids
from salesmode.reviews.models import DisplayChoice
from salesmode.reviews.models.outcomes import check_ranking, exact
from salesmode.reviews.models.scoring import HUNDRED, PLACES, attainment, placed
from salesmode.reviews.queries.readings import read_people
from salesmode.reviews.queries.teams import below

Kind = Literal["value", "target", "improvement"]
KINDS: tuple[Kind, ...] = ("value", "target", "improvement")
SELLING_ROLES = (Person.Role.SELLER, Person.Role.MANAGER)


@dataclass(frozen=True)
class Rank:
    """One person on a board; `person` is None for whoever would rather not be named.

    `is_outside` says that the amounts are left out because the viewer may not see them.
    """

    person: Person | None
    key: int
    value: Decimal | None
    paired_value: Decimal | None = None
    compared: Decimal | None = None
    points: Decimal | None = None
    place: int | None = None
    is_tied: bool = False
    is_me: bool = False
    is_outside: bool = False
    url: str = ""


@dataclass(frozen=True)
class Board:
    """A leaderboard: its rows in order, and what they add up to where that makes sense.

    `shows_points` is false where a share of the first would say what the viewer may not see.
    """

    metric: Metric
    paired: Metric | None
    kind: Kind
    period: Period
    compared: Period | None
    ranks: Sequence[Rank]
    total: Decimal | None
    has_targets: bool
    has_outsiders: bool = False
    shows_points: bool = True


def participants(team: Team | None) -> list[Person]:
    """Return who may stand on a board of a team and those below it, or of the company: sellers, and leads who may sell.

    Two queries.
    """
    people = Person.objects.active().filter(role__in=SELLING_ROLES).select_related("team")
    if team is not None:
        people = people.filter(team__in=below(team))
    return list(people.order_by("name", "pk"))


def ranking(
    code: str,
    period: Period,
    people: Sequence[Person],
    *,
    kind: Kind = "value",
    paired: str = "",
    only_who_sells: bool = False,
    today: date,
) -> Board:
    """Rank people; equal scores share a place, and nobody knows the place of whom nobody measured.

    Without targets the first has 100 points and the others their share of that; more than 100 always counts.
    With `only_who_sells` a lead is left out who has neither the figure nor a target for it.
    Raises Invalid for an activity without a result beside it.
    """
    check_ranking(code, paired)
    keys = [person.pk for person in people]
    period, former = _comparable(period, today)
    codes = [code, *([paired] if paired else [])]
    now = read_people(codes, keys, period)
    before = read_people([code], keys, former) if kind == "improvement" else {}
    targets = {key: exact(goal(code, period, unit="person", key=key)) for key in keys} if kind == "target" else {}
    has_targets = any(target is not None for target in targets.values())
    asked, second = metric(code), metric(paired) if paired else None

    def compared(key: int) -> Decimal | None:
        return before.get((code, key)) if kind == "improvement" else targets.get(key)

    rows = [
        Rank(person, person.pk, now.get((code, person.pk)), now.get((paired, person.pk)), compared(person.pk))
        for person in people
    ]
    if only_who_sells:
        rows = [row for row in rows if _sells(row)]
    if kind == "improvement":
        points = [improvement(row.value, row.compared, less_is_better=asked.direction == "lower") for row in rows]
    elif kind == "target" and has_targets:
        less = asked.direction == "lower"
        points = [attainment(row.value, row.compared, less_is_better=less) for row in rows]
    else:
        points = relative([row.value for row in rows], less_is_better=asked.direction == "lower")
    if second is not None:
        others = relative([row.paired_value for row in rows], less_is_better=second.direction == "lower")
        points = [
            None if one is None or other is None else ((one + other) / 2).quantize(PLACES)
            for one, other in zip(points, others, strict=True)
        ]
    if kind != "improvement" and not any(points):
        # Nobody has anything yet: then nobody is the first.
        points = [None] * len(points)
    ranks = [
        replace(row, points=point, place=place, is_tied=tied)
        for row, point, (place, tied) in zip(rows, points, placed(points), strict=True)
    ]
    ranks.sort(key=lambda rank: (rank.place is None, rank.place or 0, rank.person.name if rank.person else ""))
    known = [row.value for row in rows if row.value is not None]
    total = sum(known, Decimal()) if asked.adds_up else None
    total = total if known else None
    return Board(asked, second, kind, period, former if kind == "improvement" else None, ranks, total, has_targets)


def _sells(row: Rank) -> bool:
    """Say whether somebody belongs among those who sell: a seller always, a lead with a figure or target of their own.

    A value that was not counted to be 0 is a figure; what another row makes of it does not matter.
    """
    is_seller = row.person is not None and row.person.role == Person.Role.SELLER
    return is_seller or bool(row.value) or bool(row.compared)


def amounts_open_to(person: Person) -> set[int] | None:
    """Return whose results somebody is shown: of those whose records they see and of their own team; None for all."""
    owners = seen_owner_ids(person)
    if owners is None:
        return None
    peers = Person.objects.filter(team=person.team_id, team__isnull=False).values_list("pk", flat=True)
    return {*owners, *peers}


def leaderboard(
    code: str,
    period: Period,
    *,
    team: Team | None,
    kind: Kind = "value",
    paired: str = "",
    seen_by: Person,
    today: date,
) -> Board:
    """Return a board as somebody sees it: who would rather not be named is nobody to all others.

    Of people beyond the viewer's own team and records only the place is shown, and a share that tells no amount: the
    one of their own target or of their own period before.
    """
    people = participants(team)
    board = ranking(code, period, people, kind=kind, paired=paired, only_who_sells=True, today=today)
    hidden = set(DisplayChoice.objects.filter(hides_rank=True).values_list("owner", flat=True))
    owners, amounts = seen_owner_ids(seen_by), amounts_open_to(seen_by)
    outside = set() if amounts is None else {rank.key for rank in board.ranks} - amounts
    is_relative = kind == "value" or bool(paired) or (kind == "target" and not board.has_targets)
    shows_points = not (outside and is_relative)

    def shown(rank: Rank) -> Rank:
        is_me = rank.key == seen_by.pk
        if rank.key in outside:
            rank = replace(rank, value=None, paired_value=None, compared=None, is_outside=True)
        if not shows_points:
            rank = replace(rank, points=None)
        if rank.key in hidden and not is_me:
            return replace(rank, person=None, key=0)
        opens = owners is None or rank.key in owners
        url = records_url(board.metric, board.period, {"person": (rank.key,)}) if opens else ""
        return replace(rank, is_me=is_me, url=url)

    total = None if outside else board.total
    ranks = [shown(rank) for rank in board.ranks]
    return replace(board, ranks=ranks, total=total, has_outsiders=bool(outside), shows_points=shows_points)


def relative(values: Sequence[Decimal | None], *, less_is_better: bool = False) -> list[Decimal | None]:
    """Return each value as a share of the best one, in points: the first has 100."""
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    best = min(known) if less_is_better else max(known)
    return [None if value is None else _share(value, best, less_is_better=less_is_better) for value in values]


def _share(value: Decimal, best: Decimal, *, less_is_better: bool) -> Decimal:
    if value == best:
        return HUNDRED if best > 0 or less_is_better else Decimal()
    if less_is_better:
        return (best / value * HUNDRED).quantize(PLACES)
    return (value / best * HUNDRED).quantize(PLACES) if best > 0 else Decimal()


def improvement(value: Decimal | None, before: Decimal | None, *, less_is_better: bool = False) -> Decimal | None:
    """Return by how many percent somebody is better than in their own period before; unknown without one."""
    if value is None or before is None or before == 0:
        return None
    change = (value - before) / abs(before) * HUNDRED
    return (-change if less_is_better else change).quantize(PLACES)


def _comparable(period: Period, today: date) -> tuple[Period, Period]:
    """Return a period up to today, and as much of the one before it as there is of this one."""
    former = period.before()
    if not period.first <= today < period.last:
        return period, former
    until = today + timedelta(days=1)
    days = (until - period.first).days
    same = min(former.first + timedelta(days=days), former.until)
    return period, Period(former.first, same, "days", f"{former.first}..", period.zone, period.fiscal_start)


def boards_of(person: Person) -> list[Team]:
    """Return the teams whose boards somebody may look at: own ones upwards, those below, or all. Two queries."""
    teams = {team.pk: team for team in Team.objects.order_by("name", "pk")}
    if person.sees_all:
        return list(teams.values())
    mine: dict[int, Team] = {}
    above = person.team_id
    while above is not None and above not in mine:
        mine[above] = teams[above]
        above = teams[above].parent_id
    for team in teams.values():
        if team.lead_id == person.pk:
            mine |= {key: teams[key] for key in below(team)}
    return sorted(mine.values(), key=lambda team: team.name)
