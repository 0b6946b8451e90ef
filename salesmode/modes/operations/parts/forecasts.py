"""Forecast submission and deal warnings as parts."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from salesmode.forecasts import operations as forecasts
from salesmode.forecasts.models import InspectionRule, SubmissionCycle
from salesmode.forecasts.models.inspection import USUAL_LIMITS, USUAL_PRICE_WORDS, USUAL_RED_WORDS, Warn
from salesmode.forecasts.queries.holding import Holding
from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.people.models import Person, Team


class CycleValue(Strict):
    """On which weekday, until when, and for which period a forecast is submitted."""

    weekday: Annotated[int, Field(ge=0, le=6)] = 4
    clock: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "18:00"
    grain: Literal["month", "quarter"] = "month"


def _key(team: Team | None) -> int | None:
    return team.pk if team else None


def _cycle(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = Holding(SubmissionCycle, day).own(_key(team))
    return {"weekday": row.weekday, "clock": f"{row.clock:%H:%M}", "grain": row.grain} if row else None


def _say_cycle(value: Value) -> str:
    said = {"day": WEEKDAYS[value["weekday"]], "clock": value["clock"]}
    if value["grain"] == "month":
        return _g("Forecast for the month, every %(day)s by %(clock)s") % said
    return _g("Forecast for the quarter, every %(day)s by %(clock)s") % said


def _set_cycle(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    clock = time.fromisoformat(value["clock"])
    forecasts.set_submission_cycle(
        team, weekday=value["weekday"], clock=clock, grain=value["grain"], since=day, by=by, at=at
    )


def _end_cycle(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    forecasts.withdraw_submission_cycle(team, since=day, by=by, at=at)


class InspectionValue(Strict):
    """From which threshold on a deal is warned about; what is not named keeps its usual one."""

    limits: dict[str, Annotated[int, Field(ge=0, le=3650)]] = {}
    off: list[str] = []
    red_words: list[str] | None = None
    price_words: list[str] | None = None


def _resolve(value: Value) -> Value:
    """Fill in the usual thresholds and words, as they are kept."""
    red, price = value["red_words"], value["price_words"]
    return {
        "limits": {**USUAL_LIMITS, **value["limits"]},
        "off": sorted(set(value["off"])),
        "red_words": list(USUAL_RED_WORDS) if red is None else red,
        "price_words": list(USUAL_PRICE_WORDS) if price is None else price,
    }


def _inspection(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = Holding(InspectionRule, day).own(_key(team))
    if row is None:
        return None
    return {name: getattr(row, name) for name in ("limits", "off", "red_words", "price_words")}


# The thresholds that are days; the others count contacts, pushes and won deals.
IN_DAYS = ("overdue", "ghosted", "no_activity", "no_decision_maker", "price_not_discussed")


def _say_inspection(value: Value) -> str:
    names = {code.value: str(code.label) for code in Warn}
    limits = {name: limit for name, limit in value["limits"].items() if name not in value["off"]}
    said = [
        _g("%(warning)s after %(days)s days") % {"warning": names.get(name, name), "days": limit}
        if name in IN_DAYS
        else f"{names.get(name, name)} {limit}"
        for name, limit in limits.items()
        if limit != USUAL_LIMITS.get(name)
    ]
    silent = [names.get(name, name) for name in value["off"]]
    words = _g("Deal warnings: %(limits)s") % {"limits": ", ".join(said) or _g("usual thresholds")}
    return words if not silent else words + " · " + _g("without: %(names)s") % {"names": ", ".join(silent)}


def _set_inspection(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    words = {name: value[name] for name in ("red_words", "price_words")}
    forecasts.set_inspection(team, limits=value["limits"], off=value["off"], since=day, by=by, at=at, **words)


def _end_inspection(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    forecasts.withdraw_inspection(team, since=day, by=by, at=at)


register(
    Part("forecasts.cycle", _("Forecast submission"), CycleValue, _cycle, _say_cycle, _set_cycle, _end_cycle),
    Part(
        "forecasts.inspection",
        _("Deal warnings"),
        InspectionValue,
        _inspection,
        _say_inspection,
        _set_inspection,
        _end_inspection,
        resolve=_resolve,
    ),
)
