"""Who sees which records: one rule for every owned noun, by a join on the precomputed scope."""

from functools import cache
from typing import Any, Self, cast

from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from salesmode.kernel.asked import Asked
from salesmode.kernel.models import RecordQuerySet
from salesmode.people.models import Person, PersonScope


def viewer(request: HttpRequest) -> Person:
    """Return who is looking at a page; behind the sign-in there is always somebody."""
    return cast(Person, request.user)


def owned_by_those_seen(person: Person, *fields: str) -> Q:
    """Return the condition that one of the owner fields names somebody whose records this person may see.

    A person without subordinates compares directly, so that the planner uses the owner's index.
    """
    condition = Q()
    if person.role == Person.Role.MANAGER:
        seen = PersonScope.objects.filter(viewer=person).values("owner")
        for field in fields:
            condition |= Q(**{f"{field}__in": seen})
    else:
        for field in fields:
            condition |= Q(**{field: person})
    return condition


class OwnedQuerySet(RecordQuerySet):
    """Words for records that belong to somebody."""

    owner_fields: tuple[str, ...] = ("owner",)

    def visible_to(self, person: Any) -> Self:
        """Return the records that a person may see: own ones, those of subordinates, all for company-wide roles."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.sees_all:
            return self
        return self.filter(owned_by_those_seen(person, *self.owner_fields))

    def visible_by_key(self, person: Any) -> Self:
        """Return the same records for a look-up of one, in words that do not depend on what there is."""
        return self.visible_to(person)

    def one_visible_to(self, person: Any, key: int) -> Any:
        """Return the record with this key if there is one and the person may see it, else None."""
        query = self.query
        is_whole = not (query.where or query.annotations or query.select_related or query.is_sliced or query.combinator)
        if not is_whole or not getattr(person, "is_active", False):
            return self.visible_to(person).filter(pk=key).first()
        if not 0 < key < 2**63:
            return None
        asked = _by_key(self.model, person.role)
        return asked.first(key) if person.sees_all else asked.first(person.pk, key)


@cache
def _by_key(model: type[models.Model], role: str) -> Asked:
    """Return the question for one record of a kind, as somebody in a role asks it."""
    everything: Any = model._default_manager.all()
    if Person(role=role).sees_all:
        return Asked(lambda key: everything.visible_by_key(Person(role=role)).filter(pk=key), int)
    return Asked(lambda me, key: everything.visible_by_key(Person(pk=me, role=role)).filter(pk=key), int, int)


def seen_owner_ids(person: Any) -> list[int] | None:
    """Return whose records a person may see, for the live channel; None for everybody's, empty for who has left."""
    if not getattr(person, "is_active", False):
        return []
    if person.sees_all:
        return None
    if person.role != Person.Role.MANAGER:
        return [person.pk]
    return sorted({person.pk, *PersonScope.objects.filter(viewer=person).values_list("owner", flat=True)})
