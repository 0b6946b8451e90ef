"""Periodic reviews and the rhythm of work as parts."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.people.models import Person, Team
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import ReviewCycle, ReviewTemplate, Rhythm


class CycleValue(Strict):
    """How often, and with which form; 0 stands for the newest form in use."""

    grain: Literal["month", "quarter", "half_year", "year"] = "quarter"
    form: int = 0


def _resolve(value: Value) -> Value:
    if value["form"]:
        return value
    newest = ReviewTemplate.objects.filter(is_active=True).order_by("-pk").first()
    return {**value, "form": newest.pk if newest else 0}


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = ReviewCycle.objects.filter(team=team, ends_on=None).first()
    return {"grain": row.grain, "form": row.template_id} if row else None


def _describe(value: Value) -> str:
    form = ReviewTemplate.objects.filter(pk=value["form"]).first()
    if form is None:
        return _g("Nothing yet: there is no review form in use")
    return _g("%(often)s, with the form %(form)s") % {"often": ReviewCycle.Grain(value["grain"]).label, "form": form}


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    form = ReviewTemplate.objects.filter(pk=value["form"]).first()
    if form is not None:
        reviews.set_review_cycle(team=team, template=form, grain=value["grain"], starts_on=day, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    reviews.end_review_cycle(team=team, on=day, by=by, at=at)


class RhythmValue(Strict):
    """What happens every working day, or on a weekday, until when; not required, it frees a team of what others do."""

    kind: Literal["daily_report", "weekly_report", "pipeline_review", "one_to_one"]
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    clock: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "18:00"
    required: bool = True


def _rhythm_of(team: Team | None, kind: str) -> Rhythm | None:
    return Rhythm.objects.filter(team=team, type=kind, ends_on=None).first()


def _rhythm(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    row = _rhythm_of(team, value["kind"])
    if row is None:
        return None
    return {
        "kind": row.type, "weekday": row.weekday, "clock": f"{row.due_time:%H:%M}", "required": row.is_required,
    }  # fmt: skip


def _say_rhythm(value: Value) -> str:
    kind = Rhythm(type=value["kind"], weekday=value["weekday"])
    said = {"what": kind.get_type_display(), "day": kind.day_name, "clock": value["clock"]}
    if not value["required"]:
        return _g("%(what)s: not required") % said
    if kind.is_weekly:
        return _g("%(what)s every %(day)s by %(clock)s") % said
    return _g("%(what)s every working day by %(clock)s") % said


def _set_rhythm(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    clock = time.fromisoformat(value["clock"])
    reviews.set_rhythm(
        value["kind"], team=team, starts_on=day, weekday=value["weekday"], due_time=clock,
        is_required=value["required"], by=by, at=at,
    )  # fmt: skip


def _end_rhythm(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    row = _rhythm_of(team, value["kind"])
    if row is not None:
        reviews.end_rhythm(row, ends_on=day, by=by, at=at)


register(
    Part("reviews.cycle", _("Reviews"), CycleValue, _current, _describe, _apply, _remove, resolve=_resolve),
    Part(
        "reviews.rhythm",
        _("Rhythm of work"),
        RhythmValue,
        _rhythm,
        _say_rhythm,
        _set_rhythm,
        _end_rhythm,
        slot=lambda value: value["kind"],
    ),
)
