"""Ways of looking at a list that somebody keeps."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.people.models import Person, Team


class SavedViewQuerySet(RecordQuerySet):
    """Words for sets of saved views."""

    def visible_to(self, person: Any) -> Self:
        """Return a person's own views, those shared with their team, and those shared with everybody."""
        if not getattr(person, "is_active", False):
            return self.none()
        seen = Q(owner=person) | Q(shared_with=SavedView.Audience.COMPANY)
        if person.team_id is not None:
            seen |= Q(shared_with=SavedView.Audience.TEAM, team_id=person.team_id)
        return self.filter(seen)


class SavedView(Record):
    """A list with its filters, order and columns under a name."""

    class Audience(models.TextChoices):
        """Who sees a view besides whoever made it."""

        ME = "me", _("Only me")
        TEAM = "team", _("My team")
        COMPANY = "company", _("Everybody")

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    list_kind = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    shared_with = models.CharField(_("Who sees it"), max_length=10, choices=Audience.choices, default=Audience.ME)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_kind", "name"], name="view_name_is_unique_for_its_owner")
        ]
        indexes = [models.Index(fields=["list_kind", "owner"], name="view_by_list")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for this record."""
        return "view"
