"""What can be measured about a company that says which mode fits it; what nobody can know yet is nothing, never 0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.measure import measure
from salesmode.kernel.periods import Period
from salesmode.modes.queries.organisation import tree
from salesmode.people.models import Person

YEAR = "last-12-months"


@dataclass(frozen=True)
class Known:
    """Something about a company that can be measured, and how it is written."""

    label: str | Promise
    unit: str
    read: Callable[[int | None], float | None]


def _where(team_id: int | None) -> Mapping[str, Any]:
    return {} if team_id is None else {"team": tuple(tree().below(team_id))}


def _value(code: str, team_id: int | None) -> float | None:
    value = measure(code, Period.parse(YEAR), where=_where(team_id), series=False).value
    return None if value is None else float(value)


def share_of_best(team_id: int | None, months: int = 12) -> float | None:
    """Return what share of what was won the best seller brought in, in the last whole months."""
    period = Period.parse(f"last-{months}-months")
    value = measure("top_seller_share", period, where=_where(team_id), series=False).value
    return None if value is None else float(value)


def sellers(team_id: int | None) -> float | None:
    """Return how many people sell."""
    return (
        float(Person.objects.active().filter(role=Person.Role.SELLER, team__in=tree().below(team_id)).count() or 0)
        or None
    )


def _per_seller(team_id: int | None) -> float | None:
    count, people = _value("new_deals", team_id), sellers(team_id)
    return count / people / 12 if count and people else None


MEASURES: dict[str, Known] = {
    "top_share": Known(_("Best seller's share of what was won, 12 months"), "ratio", share_of_best),
    "gini": Known(_("Inequality of sellers' results (Gini)"), "number", lambda team: _value("gini", team)),
    "sellers": Known(_("People who sell"), "count", sellers),
    "deals_per_seller": Known(_("New deals for each seller and month"), "number", _per_seller),
    "median_cycle": Known(
        _("Days from opening to winning a deal, median"), "days", lambda team: _value("median_cycle", team)
    ),
    "average_won_value": Known(_("Average won value"), "money", lambda team: _value("average_won_value", team)),
    "win_rate": Known(_("Win rate"), "ratio", lambda team: _value("win_rate", team)),
}
