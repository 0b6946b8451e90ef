"""Required targets, the scorecard in use and pace alerts as parts; absences as excuses."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import Max
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from salesmode.analytics.metrics import metric
from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.modes.queries import excuse
from salesmode.people.models import Person, Team
from salesmode.targets import operations as targets
from salesmode.targets.models import Absence, AlertRule, Scorecard, ScorecardUse, TargetSheet


class UseValue(Strict):
    """Which scorecard; 0 stands for the newest."""

    card: int = 0


def _resolve(value: Value) -> Value:
    if value["card"]:
        return value
    newest = Scorecard.objects.order_by("-pk").first()
    return {"card": newest.pk if newest else 0}


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    use = ScorecardUse.objects.filter(team=team, ends_on=None).first()
    return {"card": use.scorecard_id} if use else None


def _describe(value: Value) -> str:
    card = Scorecard.objects.filter(pk=value["card"]).first()
    if card is None:
        return _g("Nothing yet: there is no scorecard")
    return _g("Measured by the scorecard %(card)s") % {"card": card.name}


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    card = Scorecard.objects.filter(pk=value["card"]).first()
    if card is not None:
        targets.use_scorecard(card, team=team, starts_on=day, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    targets.stop_scorecard(team=team, ends_on=day, by=by, at=at)


class SheetValue(Strict):
    """For which number the team has approved targets, and whether everybody in it has one of their own."""

    metric: str = "won_amount"
    with_people: bool = True


def _sheet(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = TargetSheet.objects.filter(team=team, ends_on=None).first()
    return {"metric": row.metric, "with_people": row.with_people} if row else None


def _say_sheet(value: Value) -> str:
    said = {"metric": metric(value["metric"]).label}
    if value["with_people"]:
        return _g("Approved targets for %(metric)s, of the team and of everybody in it, confirmed each quarter") % said
    return _g("Approved targets for %(metric)s, of the team, confirmed each quarter") % said


def _set_sheet(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    """Require the sheet from the day on, or from the first one on which no other was required."""
    there = TargetSheet.objects.filter(team=team)
    current, ended = there.filter(ends_on=None).first(), there.aggregate(last=Max("ends_on"))["last"]
    first = max([day, *([ended] if ended else []), *([current.starts_on] if current else [])])
    targets.require_target_sheet(team=team, starts_on=first, by=by, at=at, **value)


def _end_sheet(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    row = TargetSheet.objects.filter(team=team, ends_on=None).first()
    if row is not None:
        targets.release_target_sheet(team=team, ends_on=max(day, row.starts_on), by=by, at=at)


class PaceValue(Strict):
    """Whose number, over how long, may lag how many percent behind the pace of its target, and who is told."""

    metric: str = "won_amount"
    each: Literal["whole", "team", "person"] = "person"
    grain: Literal["day", "week", "month", "quarter", "year"] = "month"
    limit: Annotated[float, Field(ge=0, lt=100)] = 10
    severity: Literal["info", "attention", "urgent"] = "attention"
    quiet_days: Annotated[int, Field(ge=0, le=365)] = 7
    receivers: list[Literal["owner", "manager", "director"]] = ["owner", "manager"]


def _rules(team: Team | None, value: Value) -> Any:
    same = {name: value[name] for name in ("metric", "each", "grain")}
    return AlertRule.objects.filter(team=team, kind_of=AlertRule.Kind.PACE, **same)


def _pace(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    rule = _rules(team, value).filter(ends_on=None).first()
    if rule is None:
        return None
    names = ("metric", "each", "grain", "severity", "quiet_days", "receivers")
    return {**{name: getattr(rule, name) for name in names}, "limit": float(rule.limit)}


def _say_pace(value: Value) -> str:
    words = {
        "metric": metric(value["metric"]).label,
        "whose": AlertRule.Each(value["each"]).label,
        "period": AlertRule.Grain(value["grain"]).label,
        "limit": f"{value['limit']:g}",
        "who": ", ".join(str(AlertRule.Receiver(name).label) for name in value["receivers"]),
    }
    return _g("%(metric)s · %(whose)s · %(period)s: alert %(limit)s percent behind the pace; told: %(who)s") % words


def _set_pace(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    """Watch from the day on, or from the first one on which no other such rule held."""
    there = _rules(team, value)
    current = there.filter(ends_on=None).first()
    ended = there.aggregate(last=Max("ends_on"))["last"]
    first = max([day, *([ended] if ended else []), *([current.starts_on + timedelta(days=1)] if current else [])])
    targets.set_alert_rule(
        **{**value, "limit": Decimal(str(value["limit"]))}, kind_of="pace", team=team, starts_on=first, by=by, at=at
    )


def _end_pace(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    rule = _rules(team, value).filter(ends_on=None).first()
    if rule is not None:
        targets.retire_alert_rule(rule, ends_on=max(day, rule.starts_on + timedelta(days=1)), by=by, at=at)


register(
    Part("targets.scorecard", _("Scorecard in use"), UseValue, _current, _describe, _apply, _remove, resolve=_resolve),
    Part("targets.sheet", _("Target sheet"), SheetValue, _sheet, _say_sheet, _set_sheet, _end_sheet),
    Part(
        "targets.pace",
        _("Pace alert"),
        PaceValue,
        _pace,
        _say_pace,
        _set_pace,
        _end_pace,
        slot=lambda value: f"{value['metric']} {value['each']} {value['grain']}",
    ),
)


@excuse
def away(person_ids: Sequence[int], first: date, until: date) -> dict[int, set[date]]:
    """Return the days on which people are away. One query."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = Absence.objects.filter(owner__in=list(person_ids), first_on__lt=until, last_on__gte=first)
    for owner, begins, ends in rows.values_list("owner", "first_on", "last_on"):
        day = max(begins, first)
        while day <= ends and day < until:
            found[owner].add(day)
            day += timedelta(days=1)
    return found
