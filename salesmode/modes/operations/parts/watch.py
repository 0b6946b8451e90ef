"""The watch over dependence on individuals as a part."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from salesmode.modes.models import Part, Value, Watch, register
from salesmode.modes.models.words import Strict
from salesmode.modes.operations.watches import end_watch, set_watch
from salesmode.people.models import Person, Team


class WatchValue(Strict):
    """When to warn: one seller's share of what was won, in percent, over so many months."""

    most_percent: Annotated[int, Field(ge=5, le=100)] = 40
    months: Annotated[int, Field(ge=1, le=36)] = 12


def _of(team: Team | None) -> Watch | None:
    return Watch.objects.in_force().filter(team=team).first()


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    watch = _of(team)
    return {"most_percent": watch.most_percent, "months": watch.months} if watch else None


def _describe(value: Value) -> str:
    return _g("Warn when one seller brings in more than %(percent)s%% of what was won in %(months)s months") % {
        "percent": value["most_percent"], "months": value["months"],
    }  # fmt: skip


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    set_watch(team=team, most_percent=value["most_percent"], months=value["months"], from_day=day, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    watch = _of(team)
    if watch is not None:
        end_watch(watch, on=day, by=by, at=at)


register(
    Part("modes.watch", _("Watch over dependence on individuals"), WatchValue, _current, _describe, _apply, _remove)
)
