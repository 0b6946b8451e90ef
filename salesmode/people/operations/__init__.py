"""Everything that changes who works here."""

from salesmode.people.operations.persons import amend_person, create_person
from salesmode.people.operations.teams import amend_team, create_team, rebuild_scope

__all__ = ["amend_person", "amend_team", "create_person", "create_team", "rebuild_scope"]
