"""Teams, a tree that mirrors how the company is organised."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet


class Team(Record):
    """A group of people with one lead, possibly inside a larger team."""

    name = models.CharField(_("Team"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Part of")
    )
    lead = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_teams",
        verbose_name=_("Team lead"),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "parent"], nulls_distinct=False, name="team_name_is_unique_within_its_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name
