"""Who sees what is about one person: they themselves, who leads them, directors, administrators and auditors."""

from typing import Any, Self

from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen

SEE_EVERYBODY = frozenset({Person.Role.DIRECTOR, Person.Role.OPERATIONS, Person.Role.AUDITOR, Person.Role.SYSTEM})


class PersonalQuerySet(OwnedQuerySet):
    """Words for records about people: closer kept than records about customers."""

    def visible_to(self, person: Any) -> Self:
        """Return one's own, those of people below, all for who answers for everybody."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.role in SEE_EVERYBODY:
            return self
        return self.filter(owned_by_those_seen(person, *self.owner_fields))
