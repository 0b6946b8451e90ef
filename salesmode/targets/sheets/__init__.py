"""Targets as rows of a file: a year and its months, for whom, in which number."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.analytics.metrics import REGISTRY
from salesmode.exchange.sheet import Column, Option, Sheet, Values, register
from salesmode.kernel.here import company
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.targets import operations, policies
from salesmode.targets.models import Target
from salesmode.targets.models.target import MONTHS, adds_up, can_aim_at
from salesmode.targets.sheets.naming import Names

LEVELS = ("base", "stretch", "challenge")
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_LABELS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
WORDS = {
    "company": ("全公司", "公司", "whole company"),
    "team": ("部门", "小组", "department"),
    "person": ("员工", "人员", "业务员", "销售", "salesperson", "rep"),
    "product": ("产品", "商品"),
    "region": ("区域", "省", "省份", "province"),
}


def _metrics() -> list[Option]:
    return [Option(one.code, one.label) for one in REGISTRY.values() if can_aim_at(one.code, "company")]


def _units() -> list[Option]:
    return [Option(value, label, WORDS.get(value, ())) for value, label in Target.Unit.choices]


def _month(number: int) -> Column:
    """Return the column of a calendar month, wherever it lies in the fiscal year."""

    def value(target: Target) -> Decimal | None:
        position = (number - target.starts_on.month) % MONTHS
        return plain(target.base_months[position]) if target.base_months else None

    names = (f"{number}", f"{number} 月", f"{number}月份", f"{number:02}", MONTH_NAMES[number - 1])
    return Column(f"month_{number}", MONTH_LABELS[number - 1], "number", names, least=0, value=value)


def plain(value: Decimal | None) -> Decimal | None:
    """Return a number as somebody would write it: without the zeros behind it."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def level(name: str) -> Any:
    """Return how a level of a target is read: as it was asked for where only the time somebody is there counts."""
    return lambda target: plain(target.whole(name) if target.is_prorated else getattr(target, name))


def numbers_of(values: Values, *, code: str, starts_month: int) -> dict[str, Any]:
    """Return the numbers of a row as operations take them: the year's levels, or the months where all are given.

    Raises Invalid for some months without the others, and for months that do not come to the year.
    """
    months = [values.get(f"month_{(starts_month - 1 + number) % MONTHS + 1}") for number in range(MONTHS)]
    numbers = {name: values[name] for name in LEVELS if values.get(name) is not None}
    given = [month for month in months if month is not None]
    if not given:
        return numbers
    if len(given) < MONTHS:
        raise Invalid({"months": [_g("Give all twelve months, or only the year.")]})
    total = sum(given, Decimal())
    if "base" in numbers and adds_up(REGISTRY[code]) and total != numbers["base"]:
        said = {"months": f"{plain(total):f}", "year": f"{plain(numbers['base']):f}"}
        raise Invalid({"months": [_g("The months come to %(months)s, the year says %(year)s.") % said]})
    numbers.pop("base", None)
    return {**numbers, "distribution": Target.Distribution.MONTHS, "months": given}


def _create(values: Values, *, by: Person, at: datetime) -> Target:
    return _make(values, Names(by), by=by, at=at)


def _create_many(rows: Sequence[Values], *, by: Person, at: datetime) -> list[Target | Refusal]:
    """Draft a batch, each row for itself; who everybody is, is read once."""
    names = Names(by)
    made: list[Target | Refusal] = []
    for values in rows:
        try:
            with transaction.atomic():
                made.append(_make(values, names, by=by, at=at))
        except Refusal as refusal:
            made.append(refusal)
    return made


def _make(values: Values, names: Names, *, by: Person, at: datetime) -> Target:
    whose = names.whose(values.get("written_for") or "", values.get("unit") or "")
    code, year = values["metric"], values["year"]
    numbers = numbers_of(values, code=code, starts_month=company().fiscal_year_starts_in)
    note = values.get("note") or ""
    return operations.set_target(metric=code, year=year, whose=whose, note=note, by=by, at=at, **numbers)


def _amend(target: Target, values: Values, *, by: Person, at: datetime) -> Target:
    """Change a draft; what holds already gets a next version, to be approved; nothing for what is as it was."""
    numbers = numbers_of(values, code=target.metric, starts_month=target.starts_on.month)
    numbers = {name: value for name, value in numbers.items() if not _is_the_same(target, name, value)}
    if set(numbers) == {"distribution"}:
        numbers = {}
    if "note" in values and (values["note"] or "") != target.note:
        numbers["note"] = values["note"] or ""
    if not numbers:
        return target
    if target.is_draft:
        return operations.amend_target(target, by=by, at=at, **numbers)
    kept: dict[str, Any] = {name: value for name in LEVELS if (value := target.whole(name)) is not None}
    kept |= {"distribution": Target.Distribution.MONTHS, "months": target.base_months, "note": target.note}
    if "base" in numbers and "months" not in numbers:
        kept |= {"distribution": "last_year", "last_year": target.base_months}
        kept.pop("months")
    return operations.set_target(
        metric=target.metric, year=target.year, whose=target.whose, by=by, at=at, **(kept | numbers)
    )


def _is_the_same(target: Target, name: str, value: Any) -> bool:
    if name == "months":
        return list(value) == list(target.base_months)
    if name in LEVELS:
        return bool(value == level(name)(target))
    return False


def _find(key: str, values: Sequence[Any], by: Person) -> dict[Any, Target]:
    rows = Target.objects.visible_to(by).select_related("team__lead", "owner", "product")
    return {row.pk: row for row in rows.filter(pk__in=values)}


SHEET = register(
    Sheet(
        kind="target",
        title=_("Targets"),
        words=("target", "目标", "业绩目标", "销售目标", "quota"),
        order=80,
        columns=(
            Column(
                "metric",
                _("Metric"),
                "choice",
                ("指标", "考核指标", "metric"),
                required=True,
                options=_metrics,
                value=lambda target: target.metric,
            ),
            Column(
                "year",
                _("Year"),
                "integer",
                ("年度", "年份", "财年", "year", "fiscal year"),
                True,
                least=1990,
                most=2200,
            ),
            Column("unit", _("Unit"), "choice", ("对象类型", "层级", "unit", "level"), options=_units),
            Column("written_for", _("For"), aliases=("对象", "姓名", "团队", "for", "whose", "name"), length=254),
            Column(
                "base",
                _("Target"),
                "number",
                ("目标", "年度目标", "全年", "全年目标", "基础目标", "target", "total", "base"),
                least=0,
                value=level("base"),
            ),
            Column("stretch", _("Stretch"), "number", ("冲刺", "冲刺目标", "stretch"), least=0, value=level("stretch")),
            Column(
                "challenge",
                pgettext_lazy("target", "Challenge"),
                "number",
                ("挑战", "挑战目标", "challenge"),
                least=0,
                value=level("challenge"),
            ),
            *(_month(number) for number in range(1, MONTHS + 1)),
            Column("note", _("Note"), aliases=("备注", "说明", "note", "notes"), length=200),
        ),
        find=_find,
        create=_create,
        create_many=_create_many,
        amend=_amend,
        may_create=policies.may_propose_targets,
    )
)
