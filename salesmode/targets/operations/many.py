"""Drafts for many at once: proposed from what was reached, copied from last year, or pasted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.locking import require
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets import policies, queries
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.target import adds_up, can_aim_at, metric
from salesmode.targets.operations.set_target import set_target

HUNDRED = Decimal(100)
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Pasted:
    """One row of a table that was pasted: whose, and the year or its months."""

    whose: Whose
    numbers: Mapping[str, Any]
    line: int


@transaction.atomic
def set_targets(rows: Sequence[Pasted], *, metric: str, year: int, by: Person, at: datetime) -> list[Target]:
    """Draft many targets, all or none of them.

    Raises NotAllowed, Invalid with the line that is wrong.
    """
    require(policies.may_propose_targets(by))
    if len(rows) > MOST_ROWS:
        raise Invalid({"table": [_("That is more than %(most)s rows.") % {"most": MOST_ROWS}]})
    made = []
    for row in rows:
        try:
            made.append(set_target(metric=metric, year=year, whose=row.whose, by=by, at=at, **row.numbers))
        except Invalid as refusal:
            sentences = dict.fromkeys(sentence for several in refusal.fields.values() for sentence in several)
            said = {"line": row.line, "what": " ".join(sentences)}
            raise Invalid({"table": [_("Line %(line)s: %(what)s") % said]}) from None
    return made


@transaction.atomic
def propose_targets(
    *,
    metric: str,
    year: int,
    growth: Decimal = Decimal(0),
    groups: Sequence[str] = (),
    by: Person,
    at: datetime,
) -> list[Target]:
    """Draft targets from what was reached last year, so many percent more, in last year's shape.

    `groups` are the kinds of units (company, team and person without any). Who reached nothing gets no draft, and a
    draft that is there is replaced.

    Raises NotAllowed, Invalid for a growth below −100 or a metric that does not add up.
    """
    require(policies.may_propose_targets(by))
    _refuse(metric, growth, field="growth")
    before = Period.parse(f"FY{year}").before()
    made = []
    for unit in groups or queries.ORGANISATION:
        if not can_aim_at(metric, unit):
            continue
        reached = queries.months_of_year(metric, unit, before.first, before)
        for whose in _units(unit, reached, by):
            months = queries.months_with_those_below(whose, reached)
            total = sum(months, Decimal()) * (1 + growth / HUNDRED)
            if total > 0 and policies.may_set_target(by, whose):
                numbers: dict[str, Any] = {"base": total, "distribution": "last_year", "last_year": months}
                made.append(set_target(metric=metric, year=year, whose=whose, by=by, at=at, **numbers))
    return made


def _units(unit: str, reached: Mapping[str, Any], by: Person) -> Iterator[Whose]:
    if unit == "company":
        yield Whose()
    elif unit == "team":
        yield from (Whose("team", team=team) for team in Team.objects.select_related("lead", "parent").order_by("pk"))
    elif unit == "person":
        rows = Person.objects.active().filter(pk__in=[int(key) for key in reached]).order_by("pk")
        yield from (Whose("person", person=person) for person in rows)
    elif unit == "product":
        from salesmode.catalog.models import Product

        rows = Product.objects.on_sale().filter(pk__in=[int(key) for key in reached]).order_by("pk")
        yield from (Whose("product", product=product) for product in rows)
    elif unit == "region":
        yield from (Whose("region", region=key) for key in sorted(reached) if key)


def _refuse(code: str, growth: Decimal, *, field: str) -> None:
    wrong = {}
    if not can_aim_at(code, "company"):
        wrong["metric"] = [_("There is no metric called %(code)s.") % {"code": str(code)[:60]}]
    elif not adds_up(metric(code)):
        wrong["metric"] = [_("%(metric)s does not add up over months.") % {"metric": metric(code).label}]
    if not growth.is_finite() or not -HUNDRED < growth <= 1000:
        wrong[field] = [_("Give a percentage above −100 and up to 1,000.")]
    if wrong:
        raise Invalid(wrong)


@transaction.atomic
def copy_targets(
    *, year: int, growth: Decimal = Decimal(0), metric: str = "", by: Person, at: datetime
) -> list[Target]:
    """Draft the targets of a year from those that held in the year before, so many percent more, in the same shape.

    Raises NotAllowed, Invalid for a growth that is no percentage.
    """
    require(policies.may_propose_targets(by))
    if not growth.is_finite() or not -HUNDRED < growth <= 1000:
        raise Invalid({"growth": [_("Give a percentage above −100 and up to 1,000.")]})
    before = Period.parse(f"FY{year}").before()
    rows = Target.objects.visible_to(by).in_force().filter(starts_on=before.first).order_by("pk")
    if metric:
        rows = rows.filter(metric=metric)
    made = []
    for row in rows.select_related("team__lead", "owner", "product"):
        if policies.may_set_target(by, row.whose) and (row.owner is None or row.owner.is_active):
            numbers = _grown(row, 1 + growth / HUNDRED)
            made.append(set_target(metric=row.metric, year=year, whose=row.whose, by=by, at=at, **numbers))
    return made


def _grown(row: Target, factor: Decimal) -> dict[str, Any]:
    levels = {
        name: value * factor for name in ("base", "stretch", "challenge") if (value := row.whole(name)) is not None
    }
    if not row.adds_up:
        return levels
    if not any(row.base_months):
        return levels
    return levels | {"distribution": "last_year", "last_year": list(row.base_months)}
