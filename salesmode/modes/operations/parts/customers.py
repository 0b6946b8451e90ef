"""How often customers of each grade are visited as a part."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from salesmode.customers import operations as customers
from salesmode.customers.models import VisitRules
from salesmode.modes.models import Part, Value, register
from salesmode.modes.models.words import Strict
from salesmode.people.models import Person, Team

Often = Annotated[int, Field(ge=0, le=31)]


class VisitValue(Strict):
    """Visits a month to customers of each grade."""

    a: Often = 4
    b: Often = 2
    c: Often = 1
    d: Often = 0


def _current(team: Team | None, value: Value, day: date) -> dict[str, Any] | None:
    often = VisitRules.objects.current().per_month
    return {grade: often.get(grade.upper(), 0) for grade in "abcd"}


def _describe(value: Value) -> str:
    said = ", ".join(f"{grade.upper()} {value[grade]}" for grade in "abcd")
    return _g("Visits a month by grade: %(grades)s") % {"grades": said}


def _apply(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    rules = VisitRules.objects.current()
    often = {grade.upper(): value[grade] for grade in "abcd"}
    customers.set_visit_rules(per_month={**rules.per_month, **often}, radius_m=rules.radius_m, by=by, at=at)


def _remove(team: Team | None, value: Value, day: date, by: Person, at: datetime) -> None:
    """Leave the rules as they are: the company always has some, so there is always something to restore."""


register(
    Part(
        "customers.visits",
        _("Visits by grade"),
        VisitValue,
        _current,
        _describe,
        _apply,
        _remove,
        for_teams=False,
    )
)
