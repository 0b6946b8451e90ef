"""Find records by what people type, among those that this person may see."""

from collections.abc import Sequence

from salesmode.kernel import search
from salesmode.kernel.models import SearchEntry
from salesmode.people.models import Person, PersonScope


def find(text: str, person: Person, kinds: Sequence[str] | None = None, limit: int = 20) -> list[SearchEntry]:
    """Return the records that a text means and that this person may see, best first. One query."""
    if not getattr(person, "is_active", False):
        return []
    return search.find(text, owners=_owners_seen_by(person), kinds=kinds, limit=limit)


def _owners_seen_by(person: Person):
    if person.sees_all:
        return None
    if person.role == Person.Role.MANAGER:
        return PersonScope.objects.filter(viewer=person).values("owner_id")
    return [person.pk]
