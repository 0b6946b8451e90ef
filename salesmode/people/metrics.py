"""What people add to numbers: teams and persons to break them down by."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.dimensions import Dimension, register
from salesmode.people.models import Person, Team


def team_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what teams are called."""
    return dict(Team.objects.filter(pk__in=keys).values_list("pk", "name"))


def person_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what people are called."""
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))


def teams_of_people() -> Mapping[int, int | None]:
    """Return who is in which team now."""
    return dict(Person.objects.values_list("pk", "team_id"))


register(
    Dimension(
        "team", _("Team"), "team_id", is_number=True, labels=team_names, members=teams_of_people, list_filter="team"
    ),
    Dimension("person", _("Person"), "owner_id", is_number=True, labels=person_names, list_filter="owner"),
)
