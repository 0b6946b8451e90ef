"""Whose pay somebody may look at."""

from typing import Any

from django.db.models import Q, QuerySet

from salesmode.pay.models import PaySettings
from salesmode.pay.models.ledger import SEE_EVERYBODYS
from salesmode.people.models import Person, PersonScope


def people_seen(viewer: Any) -> QuerySet[Person]:
    """Return the people whose pay somebody may look at: the same rule as for entries and statements."""
    everybody = Person.objects.people()
    if viewer.role in SEE_EVERYBODYS:
        return everybody
    if viewer.role == Person.Role.MANAGER and PaySettings.current().managers_see:
        return everybody.filter(Q(pk=viewer.pk) | Q(pk__in=PersonScope.objects.filter(viewer=viewer).values("owner")))
    return everybody.filter(pk=viewer.pk)


def sees_everybody(viewer: Any) -> bool:
    """Whether somebody looks at everybody's pay."""
    return viewer.role in SEE_EVERYBODYS
