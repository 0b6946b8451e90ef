"""What holds for a team: its own, else that of the team around it, else the company's."""

from collections.abc import Mapping
from typing import TypeVar

from salesmode.people.models import Team

Held = TypeVar("Held")


def parents_of_teams() -> dict[int, int | None]:
    """Return the team around each team. One query."""
    return dict(Team.objects.values_list("pk", "parent_id"))


def path_up(team_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """Return a team and the teams around it, from the inside out."""
    path = []
    while team_id is not None:
        path.append(team_id)
        team_id = parents.get(team_id)
    return path


def nearest(team_id: int | None, held: Mapping[int | None, Held], parents: Mapping[int, int | None]) -> Held | None:
    """Return what holds for a team of what each team has of its own, the company's under None."""
    return next((held[key] for key in [*path_up(team_id, parents), None] if key in held), None)
