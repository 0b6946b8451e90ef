"""Periodic reviews as a part."""

from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.people.models import Person, Team
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import ReviewCycle, ReviewTemplate


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


register(Part("reviews.cycle", _("Reviews"), CycleValue, _current, _describe, _apply, _remove, resolve=_resolve))
