"""What the people app tells the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class TeamEvent(Event):
    """Something happened to a team."""

    team_id: int
    parent_id: int | None = None
    lead_id: int | None = None


class TeamCreated(TeamEvent):
    """A team was founded."""

    name: ClassVar[str] = "team.created"


class TeamAmended(TeamEvent):
    """A team got another name, lead or place in the tree."""

    name: ClassVar[str] = "team.amended"
    changed: list[str] = []


class PersonEvent(Event):
    """Something happened to a person who works here."""

    person_id: int
    team_id: int | None = None
    role: str = ""


class PersonJoined(PersonEvent):
    """Somebody can sign in from now on."""

    name: ClassVar[str] = "person.joined"


class PersonAmended(PersonEvent):
    """A person's role, team or details changed."""

    name: ClassVar[str] = "person.amended"
    changed: list[str] = []
    former_role: str = ""
    former_team_id: int | None = None
