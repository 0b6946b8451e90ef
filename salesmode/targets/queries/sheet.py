"""The year sheet: company, teams and people with their months, and what those below are to reach together."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.catalog.models import Product
from salesmode.people.models import Person, PersonScope, Team
from salesmode.people.queries import team_tree
from salesmode.selling.queries import last_decided_on
from salesmode.targets import policies
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.pace import over_assigned
from salesmode.targets.models.target import MONTHS, adds_up, can_aim_at, metric
from salesmode.targets.models.whose import teams_led_by
from salesmode.targets.queries.attainment import Attainment, attainments, year_of

ORGANISATION = ("company", "team", "person")


@dataclass
class Row:
    """One line of the sheet: whose it is, the version that holds, the draft, and what those below come to."""

    whose: Whose
    label: str
    depth: int = 0
    target: Target | None = None
    draft: Target | None = None
    children: list["Row"] = field(default_factory=list)
    attainment: Attainment | None = None
    may_set: bool = False
    level: str = "base"

    @property
    def shown(self) -> Target | None:
        """The version that the line shows: what holds, else the draft."""
        return self.target or self.draft

    @property
    def total(self) -> Decimal | None:
        """The year's number on the level looked at."""
        return getattr(self.shown, self.level) if self.shown else None

    @property
    def months(self) -> list[Decimal | None]:
        """The twelve months on the level looked at."""
        found: list[Decimal | None] = list(self.shown.months_of(self.level)) if self.shown else []
        return found or [None] * MONTHS

    @property
    def below(self) -> Decimal | None:
        """What those right below are to reach together; None where nobody below has a target or rates stand."""
        parts = [child.total for child in self.children if child.total is not None]
        asked = self.shown or next((child.shown for child in self.children if child.shown), None)
        return sum(parts, Decimal()) if parts and asked is not None and asked.adds_up else None

    @property
    def over(self) -> Decimal | None:
        """By what share those below are to reach more than this one."""
        parts = [child.total for child in self.children if child.total is not None]
        return over_assigned(self.total, parts) if self.shown is not None and self.shown.adds_up else None

    @property
    def query(self) -> str:
        """How an address names whose line this is."""
        return f"unit={self.whose.unit}&key={self.whose.key}"


def year_sheet(
    code: str, starts_on: date, *, seen_by: Person, today: date, group: str = "org", level: str = "base"
) -> list[Row]:
    """Return the lines of a year: the tree of teams with their people, or the products, or the regions.

    Six queries and three measurements, however many lines.
    """
    targets = Target.objects.visible_to(seen_by).filter(metric=code, starts_on=starts_on)
    targets = targets.exclude(status=Target.Status.SUPERSEDED).select_related("team__lead", "owner", "product")
    held = {(row.unit, row.key, row.is_draft): row for row in targets}
    lines = {"org": _organisation, "product": _products, "region": _regions}[group](code, seen_by, held)
    for line in lines:
        line.level = level
        line.target = held.get((line.whose.unit, line.whose.key, False))
        line.draft = held.get((line.whose.unit, line.whose.key, True))
        line.may_set = policies.may_propose_targets(seen_by)
    _fill_in_attainment(code, lines, starts_on, today)
    return lines


def _fill_in_attainment(code: str, lines: list[Row], starts_on: date, today: date) -> None:
    in_force = [line for line in lines if line.target is not None]
    if not in_force or today < starts_on:
        return
    rows = [line.target for line in in_force if line.target]
    found = attainments(rows, year_of(rows[0]), today=today)
    for line, one in zip(in_force, found, strict=True):
        line.attainment = one


def _organisation(code: str, seen_by: Person, held: Any) -> list[Row]:
    people: dict[int | None, list[Person]] = {}
    for person in _people(seen_by, held):
        people.setdefault(person.team_id, []).append(person)
    if not seen_by.sees_all and seen_by.role != Person.Role.MANAGER:
        return [Row(Whose("person", person=seen_by), seen_by.name)]
    with_teams, with_people = can_aim_at(code, "team"), can_aim_at(code, "person")
    shown = None if seen_by.sees_all else set(teams_led_by(seen_by))
    top = Row(Whose(), "")
    lines: list[Row] = [top] if seen_by.sees_all else []
    path: list[Row] = [top]
    for branch in team_tree(seen_by=seen_by) if with_teams else []:
        team: Team = branch.team
        members = people.get(team.pk, []) if with_people else []
        if (shown is not None and team.pk not in shown) or not _is_peopled(branch, people, held):
            continue
        row = Row(Whose("team", team=team), team.name, branch.depth + 1)
        del path[min(branch.depth + 1, len(path)) :]
        path[-1].children.append(row)
        path.append(row)
        lines.append(row)
        for person in members:
            line = Row(Whose("person", person=person), person.name, branch.depth + 2)
            row.children.append(line)
            lines.append(line)
    if not with_teams and with_people:
        lines += [Row(Whose("person", person=each), each.name, 1) for several in people.values() for each in several]
    return lines


def _is_peopled(branch: Any, people: Any, held: Any) -> bool:
    inside = [branch.team.pk, *(each.team.pk for each in branch.below)]
    return (
        any(people.get(pk) for pk in inside)
        or any(("team", str(pk), d) in held for pk in inside for d in (0, 1))
        or any(_is_peopled(below, people, held) for below in branch.below)
    )


def _people(seen_by: Person, held: Any) -> list[Person]:
    """Return who may carry a target: those who sell, and whoever has one already."""
    rows = Person.objects.people().select_related("team").order_by("name", "pk")
    if not seen_by.sees_all:
        rows = rows.filter(pk__in=PersonScope.objects.filter(viewer=seen_by).values("owner")) | rows.filter(
            pk=seen_by.pk
        )
    with_one = {int(key) for unit, key, _draft in held if unit == "person"}
    sells = {Person.Role.SELLER, Person.Role.MANAGER}
    return [row for row in rows if row.pk in with_one or (row.is_active and row.role in sells)]


def _products(code: str, seen_by: Person, held: Any) -> list[Row]:
    if not seen_by.sees_all or not can_aim_at(code, "product"):
        return []
    rows = Product.objects.visible_to(seen_by).on_sale().order_by("name", "pk")[:500]
    return _below_company([Row(Whose("product", product=each), each.name, 1) for each in rows])


def _regions(code: str, seen_by: Person, held: Any) -> list[Row]:
    from salesmode.customers.models import Customer

    if not seen_by.sees_all or not can_aim_at(code, "region"):
        return []
    used = Customer.objects.exclude(province="").order_by("province").values_list("province", flat=True).distinct()
    names = sorted({*used[:200], *(key for unit, key, _draft in held if unit == "region")})
    return _below_company([Row(Whose("region", region=name), name, 1) for name in names])


def _below_company(lines: list[Row]) -> list[Row]:
    top = Row(Whose(), "", children=lines)
    return [top, *lines]


def can_be_spread(code: str) -> bool:
    """Say whether a number can be spread over months."""
    return adds_up(metric(code))


def years_offered(year: int) -> range:
    """Return the years to choose a sheet of: those around one, and from the last in which anything was decided."""
    last = last_decided_on()
    return range(min(year - 3, last.year if last else year), year + 4)
