"""For whom a target is: the company, or a part of it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.catalog.models import Product
from salesmode.kernel.models import RecordQuerySet
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, PersonScope, Team


class Unit(models.TextChoices):
    """What kind of part of the company a target is for."""

    COMPANY = "company", _("Company")
    TEAM = "team", _("Team")
    PERSON = "person", _("Person")
    PRODUCT = "product", _("Product")
    REGION = "region", _("Region")


@dataclass(frozen=True)
class Whose:
    """For whom a target is: the company, a team with all below it, a person, a product or a region."""

    unit: str = "company"
    team: Team | None = None
    person: Person | None = None
    product: Product | None = None
    region: str = ""

    @property
    def key(self) -> str:
        """Return what tells this from others of its kind."""
        found = {"team": self.team, "person": self.person, "product": self.product}.get(self.unit)
        return str(found.pk) if found is not None else self.region if self.unit == "region" else ""

    @property
    def label(self) -> str:
        """Return what to call this."""
        found = {"team": self.team, "person": self.person, "product": self.product}.get(self.unit)
        return str(found) if found is not None else self.region or _g("Company")

    @property
    def record(self) -> Any:
        """Return whose right it is about: the person, or who leads the team; the team itself if nobody does."""
        if self.unit == "person":
            return self.person
        if self.unit != "team":
            return self
        found = self.team
        while found is not None and found.lead_id is None:
            found = found.parent
        return found.lead if found is not None else self.team

    def ensure_named(self) -> None:
        """Refuse a unit that names nobody; raises Invalid."""
        if self.unit not in Unit.values:
            raise Invalid({"unit": [_g("Choose the company, a team, a person, a product or a region.")]})
        if self.unit != "company" and not self.key:
            raise Invalid({self.unit: [_g("Say for whom this is.")]})


def teams_led_by(person: Any) -> list[int]:
    """Return the teams that somebody leads, with all teams below them. One query."""
    rows = list(Team.objects.values_list("pk", "parent_id", "lead_id"))
    led = {pk for pk, _parent, lead in rows if lead == person.pk}
    while more := {pk for pk, parent, _lead in rows if parent in led} - led:
        led |= more
    return sorted(led)


def tree_below(team_id: int) -> list[int]:
    """Return a team and all teams below it. One query."""
    found, rows = {team_id}, list(Team.objects.values_list("pk", "parent_id"))
    while more := {pk for pk, parent in rows if parent in found} - found:
        found |= more
    return sorted(found)


class SomebodysQuerySet(RecordQuerySet):
    """Words for sets of what is about the company, a team or a person."""

    # The fields that name a person whose it is.
    persons: ClassVar[tuple[str, ...]] = ("owner",)

    def visible_to(self, person: Any) -> Self:
        """Return what a person may see: what is theirs, a manager's people and teams, all to company-wide roles."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.sees_all:
            return self
        mine = Q(*[(field, person) for field in self.persons], _connector=Q.OR)
        if person.role == Person.Role.MANAGER:
            seen = PersonScope.objects.filter(viewer=person).values("owner")
            mine |= Q(*[(f"{field}__in", seen) for field in self.persons], _connector=Q.OR)
            mine |= Q(team__in=teams_led_by(person))
        return self.filter(mine)


class AboutANumber:
    """What a row with a metric says of it."""

    metric: Any

    @property
    def metric_label(self) -> str:
        """What the metric is called."""
        return str(REGISTRY[self.metric].label) if self.metric in REGISTRY else self.metric

    @property
    def metric_unit(self) -> str:
        """The unit of the number."""
        return REGISTRY[self.metric].unit if self.metric in REGISTRY else "count"
