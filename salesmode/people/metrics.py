"""What people add to numbers: teams and persons to break them down by."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.dimensions import Dimension, register
from salesmode.kernel import rows
from salesmode.people.models import Person, Team


def team_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what teams are called."""
    return rows.names_of(Team, keys)


def person_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what people are called."""
    return rows.names_of(Person, keys)


def teams_of_people() -> Mapping[int, int | None]:
    """Return who is in which team now."""
    return dict(Person.objects.values_list("pk", "team_id"))


def team_called(name: str) -> int | None:
    """Return the team of that name."""
    return Team.objects.filter(name__iexact=name).values_list("pk", flat=True).first()


def person_called(name: str) -> int | None:
    """Return the person of that name or e-mail."""
    called = Person.objects.people().filter(Q(name__iexact=name) | Q(email__iexact=name))
    return called.values_list("pk", flat=True).first()


register(
    Dimension(
        "team",
        _("Team"),
        "team_id",
        is_number=True,
        labels=team_names,
        members=teams_of_people,
        named=team_called,
        list_filter="team",
    ),
    Dimension(
        "person",
        _("Person"),
        "owner_id",
        is_number=True,
        labels=person_names,
        named=person_called,
        list_filter="owner",
    ),
)
